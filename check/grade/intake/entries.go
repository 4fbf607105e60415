package intake

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"
)

const maxDepth = 64 // folders in one another in an archive

// archive lists what an archive holds: a class, or what one student handed in.
func (c *collector) archive(d *onDisk, at *place, class bool) {
	if !class || at.owner.ID != "" {
		at.own()
	}
	most := maxContents
	if at.by == nil {
		most = maxClassContents
	}
	a, err := openArchive(d, most)
	if err != nil {
		c.refuse(at, "it is an archive that cannot be read: "+cause(err).Error())
		return
	}
	defer a.release()
	at.up.entries++
	in := &inArchive{collector: c, archive: a, folders: map[string]*place{".": at}}
	if at.by == nil {
		in.class = c.unwrapped(a)
		at.class = in.class == "."
	} else if err := a.tooMuch(); err != nil {
		c.refuse(at, err.Error())
		return
	}
	misplaced := a.misplaced()
	for _, f := range a.zip.File {
		if f.UncompressedSize64 == 0 && strings.HasSuffix(f.Name, "/") {
			in.folder(zipped(f.Name))
			continue
		}
		if !in.list(f, misplaced[f]) {
			c.clear(at)
			c.refuse(at, fmt.Sprintf("it holds more than %d files", maxFiles))
			return
		}
	}
}

// An inArchive lists the entries of an archive.
type inArchive struct {
	*collector
	archive *archive
	class   string // the cleaned name of the folder that holds the class; empty for none
	folders map[string]*place
}

// list lists an entry other than a folder. It reports whether the class has room
// for it.
func (in *inArchive) list(f *zip.File, misplaced string) bool {
	name := zipped(f.Name)
	root := in.folders["."]
	if why := unsafeName(name); why != "" {
		in.refuse(root.odd(cut(name)), why)
		return in.room(root)
	}
	name = path.Clean(name)
	if slices.ContainsFunc(strings.Split(name, "/"), isDebris) {
		dir, _ := beforeDebris(path.Dir(name))
		at := in.folderAt(dir).odd(strings.TrimPrefix(name, dir+"/"))
		in.pass(at, debrisWhy)
		return in.room(at) || at.by != nil
	}
	at := in.folderAt(path.Dir(name)).file(path.Base(name))
	if !in.room(at) {
		return at.by != nil
	}
	in.entry(f, name, at, misplaced)
	return true
}

// entry lists a file of an archive, at its place.
func (in *inArchive) entry(f *zip.File, name string, at *place, misplaced string) {
	switch {
	case !f.Mode().IsRegular():
		in.refuse(at, irregular(f.Mode()))
	case isZip(name):
		in.refuse(at, "it is an archive in an archive, which is not opened")
	case f.Flags&1 != 0:
		in.refuse(at, "it is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		in.refuse(at, fmt.Sprintf("it is compressed with method %d, which is unknown", f.Method))
	case misplaced != "":
		in.refuse(at, misplaced)
	default:
		size := int64(min(f.UncompressedSize64, math.MaxInt64))
		in.content(at, size, func() (io.ReadCloser, error) { return in.archive.entry(f) })
	}
}

// folder takes note of a folder, which may be empty.
func (in *inArchive) folder(name string) {
	name = strings.TrimSuffix(name, "/")
	if unsafeName(name) == "" && !slices.ContainsFunc(strings.Split(name, "/"), isDebris) {
		in.folderAt(path.Clean(name))
	}
}

// folderAt gives the place of a folder in the archive, by its cleaned name.
func (in *inArchive) folderAt(name string) *place {
	p := in.folders[name]
	if p == nil {
		p = in.folderAt(path.Dir(name)).folder(path.Base(name))
		p.class = name == in.class
		in.folders[name] = p
	}
	return p
}

var drive = lazily(`^[A-Za-z]:`)

// unsafeName says why an entry of that name must not be opened, empty if it may:
// other programs would unpack it to somewhere else, or not at all.
func unsafeName(name string) string {
	folders := strings.Split(name, "/")
	switch {
	case len(name) > maxName:
		return fmt.Sprintf("its name is longer than %d bytes", maxName)
	case len(folders) > maxDepth:
		return fmt.Sprintf("it lies more than %d folders deep", maxDepth)
	case strings.HasPrefix(name, "/"), drive().MatchString(name):
		return "its name is absolute"
	case strings.Contains(name, `\`):
		return `its name contains a \`
	case slices.Contains(folders, ".."):
		return "its name leads out of the archive"
	case strings.Contains(name, "\x00"), path.Clean(name) == ".", strings.HasSuffix(name, "/"):
		return "its name is not a file name"
	}
	return ""
}
