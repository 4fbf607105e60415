package intake

import "strings"

// A found is an input and its place.
type found struct {
	Input
	at      *place
	foreign bool // it is no sheet, and to be passed over if its student handed in anything else
}

// A place is a file, or a folder or archive on the way to one.
type place struct {
	up      *place // nil at the root
	name    string // from the argument on, as it is shown
	base    string // its own name, with the extension
	title   string // its own name, without a file's extension; empty at the root
	owner   owner
	by      *place // the folder or archive that owns it and all in it; nil where its own name decides
	claim   owner  // what its own name says below by, where names count for nothing
	class   bool   // each folder, archive and file directly in it is one student's
	below   bool   // found below an argument, not named by one
	entries int    // found directly in it
	seen    int    // listed for it, if it is its own by
	full    bool   // more was listed for it than one student may hand in
}

// folder gives a folder in a place, and file a file or an archive.
func (p *place) folder(name string) *place {
	f := p.holds(name, name, ownerOf(name, false))
	f.own()
	p.entries++
	return f
}

func (p *place) file(name string) *place {
	return p.holds(name, withoutExt(name), ownerOf(name, true))
}

// odd gives a file whose name says nothing of its owner.
func (p *place) odd(name string) *place { return p.holds(name, withoutExt(name), owner{}) }

func (p *place) holds(name, title string, o owner) *place {
	f := &place{up: p, name: p.join(name), base: name, title: title, owner: o, below: true}
	if p.by != nil {
		f.by, f.owner, f.claim = p.by, p.by.owner, o
	}
	return f
}

// own makes a folder or archive the owner of all in it, if an LMS named it or it
// lies directly in a class: a student chooses the names below it.
func (p *place) own() {
	if p.by == nil && (p.owner.ID != "" || p.up != nil && p.up.class) {
		p.by = p
	}
}

// in reports whether a place is another, or lies in it.
func (p *place) in(other *place) bool {
	for ; p != nil; p = p.up {
		if p == other {
			return true
		}
	}
	return false
}

// claims reports whether a name in an owned folder, the place's or one on the way
// to it, is as an LMS would name another student's.
func (p *place) claims() bool {
	for ; p != nil && p != p.by; p = p.up {
		if p.claim.ID != "" && p.claim.ID != p.owner.ID {
			return true
		}
	}
	return false
}

func (p *place) join(name string) string {
	if p.name == "" || strings.HasSuffix(p.name, "/") {
		return p.name + name
	}
	return p.name + "/" + name
}

// isMetadata reports whether a file is the one by which Gradescope says whose the
// folders beside it are: in a class, where no student puts files.
func (p *place) isMetadata() bool {
	return p.by == nil && p.owner.ID == "" && p.up != nil && p.up.class && strings.EqualFold(p.base, metadataName)
}
