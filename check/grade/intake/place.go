package intake

import "strings"

// A found is an input and its place.
type found struct {
	Input
	at *place
}

// A place is a file, or a folder or archive on the way to one.
type place struct {
	up    *place // nil at the root
	name  string // from the argument on, as it is shown
	title string // its own name, without a file's extension; empty at the root
	owner owner
	below bool // found below an argument, not named by one
	pack  bool // an archive that no LMS names, found below an argument
	files int  // found in it, however deep
}

// folder gives a folder in a place, and file a file or an archive.
func (p *place) folder(name string) *place { return p.holds(name, name, p.owner.or(name, false)) }
func (p *place) file(name string) *place {
	return p.holds(name, withoutExt(name), p.owner.or(name, true))
}

// odd gives a file whose name says nothing of its owner.
func (p *place) odd(name string) *place { return p.holds(name, withoutExt(name), p.owner) }

func (p *place) holds(name, title string, o owner) *place {
	return &place{up: p, name: p.join(name), title: title, owner: o, below: true}
}

func (p *place) join(name string) string {
	if p.name == "" || strings.HasSuffix(p.name, "/") {
		return p.name + name
	}
	return p.name + "/" + name
}
