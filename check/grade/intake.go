package grade

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// How much is listed. Past it an archive is refused, and a folder an error.
const (
	maxFiles = 20_000  // in an archive, and in all the folders together
	maxAll   = 1 << 30 // bytes of the sheets in an archive, unpacked
	maxOwn   = 20      // sheets of one student that are opened: the last ones
)

// An Intake is what was handed in, before any of it is read.
type Intake struct {
	Inputs []Input  // by name
	Passed []Passed // by name
}

// A Passed is a file, or a folder with all that is in it, that is no submission:
// the key, and what systems leave behind.
type Passed struct{ Name, Why string }

// Collect lists what the arguments name: files, folders, and zip archives, which
// are opened in folders too, but not in archives. Every file found is an Input,
// one that is not to be opened with the reason, or else it is Passed. What an
// argument itself names is a sheet or an archive whatever it is called; below,
// a sheet's name ends in .yaml or .yml. Links are not followed, and of what is
// no regular file nothing is opened. An argument that does not exist is an
// error. The key, which may lie among the rest, is told by os.SameFile; nil is
// none.
//
// Whose a file is, is said by the names that Canvas and Moodle give; the
// outermost counts, so that what a student packs is that student's whatever it
// is called; in an archive that no LMS names and that lies among other files,
// such names count for nothing. What was typed into the page of an LMS (onlinetext.html,
// ..._text.html) is refused, with its student. Otherwise a file's own name
// counts, or, of a file that is alone in a folder or archive below what was
// named, that of the outermost such; where two files in different folders would
// be taken for one student's, the folders' names are set before theirs.
//
// Nothing is unpacked to disk, and no file stays open; see [Input].Open, which
// may be called by several goroutines.
func Collect(paths []string, key fs.FileInfo) (*Intake, error) {
	c := newCollector(key, maxFiles)
	for _, p := range paths {
		if err := c.argument(p); err != nil {
			return nil, err
		}
	}
	c.doubtPacks()
	c.nameStudents()
	slices.SortStableFunc(c.found, func(a, b *found) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(c.passed, func(a, b Passed) int { return strings.Compare(a.Name, b.Name) })
	c.limitEach()
	in := &Intake{Passed: c.passed}
	for _, f := range c.found {
		in.Inputs = append(in.Inputs, f.Input)
	}
	return in, nil
}

type collector struct {
	key     fs.FileInfo
	left    int               // files that may still be found in folders
	seen    map[string]bool   // the files on disk, by their absolute names
	folders map[string]*place // on disk, by their cleaned names
	found   []*found
	passed  []Passed
}

func newCollector(key fs.FileInfo, most int) *collector {
	return &collector{key: key, left: most, seen: make(map[string]bool), folders: make(map[string]*place)}
}

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

// odd gives a file whose name is not to be believed.
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

// folderAt gives the place of a folder on disk, by its cleaned name.
func (c *collector) folderAt(path string) *place {
	if p := c.folders[path]; p != nil {
		return p
	}
	p := &place{}
	switch up := filepath.Dir(path); {
	case up == path && path != ".":
		p.name = filepath.ToSlash(path)
	case up != path:
		p = c.folderAt(up).folder(readable(filepath.Base(path)))
	}
	c.folders[path] = p
	return p
}

// typed is folderAt of what an argument says.
func (c *collector) typed(path string) *place {
	p := c.folderAt(path)
	for on := p; on != nil; on = on.up {
		on.below = false
	}
	return p
}

func (c *collector) argument(name string) error {
	info, err := os.Lstat(name)
	if err != nil {
		return fmt.Errorf("%s: %w", readable(filepath.ToSlash(name)), cause(err))
	}
	if info.IsDir() {
		return c.walk(name)
	}
	d := &onDisk{filepath.Dir(name), filepath.Base(name), info}
	at := c.typed(d.dir).file(readable(d.name))
	at.below = false
	c.file(d, at, true)
	return nil
}

// walk lists a folder that was named. A link to it has been followed if its name
// ended in a slash.
func (c *collector) walk(name string) error {
	dir := filepath.Clean(name)
	c.typed(dir)
	return filepath.WalkDir(dir+string(filepath.Separator), func(path string, d fs.DirEntry, err error) error {
		path = filepath.Clean(path)
		base := readable(filepath.Base(path))
		switch {
		case err != nil && path == dir:
			return fmt.Errorf("%s: %w", readable(filepath.ToSlash(name)), cause(err))
		case path == dir:
			return nil
		case err != nil:
			c.refuse(c.folderAt(filepath.Dir(path)).odd(base), "it could not be read: "+cause(err).Error())
			return nil
		case isDebris(base):
			c.pass(c.folderAt(filepath.Dir(path)).odd(base), debrisWhy)
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		if c.left--; c.left < 0 {
			return fmt.Errorf("%s: with this folder there are more than %d files", readable(filepath.ToSlash(name)), maxFiles)
		}
		return c.below(dir, path, d)
	})
}

// below lists a file in a folder.
func (c *collector) below(dir, path string, d fs.DirEntry) error {
	at := c.folderAt(filepath.Dir(path)).file(readable(d.Name()))
	info, err := d.Info()
	if err != nil {
		c.refuse(at, "it could not be read: "+cause(err).Error())
		return nil
	}
	name, err := filepath.Rel(dir, path)
	if err != nil {
		return err
	}
	c.file(&onDisk{dir, name, info}, at, false)
	return nil
}

// file lists a file on disk; named says that an argument is its name.
func (c *collector) file(d *onDisk, at *place, named bool) {
	whole, err := filepath.Abs(filepath.Join(d.dir, d.name))
	if err != nil {
		c.refuse(at, "it could not be found: "+err.Error())
		return
	}
	again := c.seen[whole]
	c.seen[whole] = true
	switch {
	case again:
		c.pass(at, "it is named twice")
	case c.key != nil && os.SameFile(d.info, c.key):
		c.pass(at, "it is the key")
	case !d.info.Mode().IsRegular():
		c.refuse(at, irregular(d.info.Mode()))
	case isZip(d.name):
		at.pack = !named && at.owner.ID == ""
		c.archive(d, at)
	case !named && !isSheet(d.name):
		c.refuse(at, notSheet)
	case d.info.Size() > MaxBytes:
		c.refuse(at, tooLarge)
	default:
		c.take(at, func() (io.ReadCloser, error) {
			f, err := d.open()
			if err != nil {
				return nil, err
			}
			return f, nil
		})
	}
}

const (
	notSheet  = "it is no YAML file"
	debrisWhy = "it is a system's, no student's"
)

var tooLarge = fmt.Sprintf("it is larger than %d bytes", MaxBytes)

// irregular says why what is no regular file is not opened.
func irregular(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "it is a symbolic link, which is not followed"
	case m&fs.ModeNamedPipe != 0:
		return "it is a named pipe, which is not opened"
	case m&fs.ModeSocket != 0:
		return "it is a socket, which is not opened"
	case m&fs.ModeDevice != 0:
		return "it is a device, which is not opened"
	}
	return "it is no regular file"
}

func (c *collector) pass(at *place, why string) {
	c.passed = append(c.passed, Passed{at.name, why})
}

func (c *collector) refuse(at *place, why string) {
	c.add(at, Input{Refused: why})
}

func (c *collector) take(at *place, open func() (io.ReadCloser, error)) {
	c.add(at, Input{Open: open})
}

func (c *collector) add(at *place, in Input) {
	in.Name, in.Student, in.Late, in.Attempt = at.name, at.owner.Student, at.owner.Late, at.owner.Attempt
	c.found = append(c.found, &found{in, at})
	for p := at.up; p != nil; p = p.up {
		p.files++
	}
}

// limitEach leaves the last sheets of each student to be opened: who hands in
// hundreds does not keep the others waiting.
func (c *collector) limitEach() {
	sheets := make(map[Student][]*found)
	for _, f := range c.found {
		if f.Refused == "" {
			who := f.Student.who()
			sheets[who] = append(sheets[who], f)
		}
	}
	for _, own := range sheets {
		slices.SortStableFunc(own, func(a, b *found) int { return a.Attempt - b.Attempt })
		for _, f := range own[:max(0, len(own)-maxOwn)] {
			f.Open, f.Refused = nil, fmt.Sprintf("its student has handed in more than %d sheets, and it is not among the last", maxOwn)
		}
	}
}

// doubtPacks takes back what the names in an archive say that lies among other
// files and that no LMS names: one of those who hand in may have packed it, and
// called what is in it by another's name.
func (c *collector) doubtPacks() {
	for _, f := range c.found {
		for p := f.at; p != nil; p = p.up {
			if p.pack && p.up != nil && p.up.files > p.files {
				f.Student, f.Late, f.Attempt = Student{}, false, 0
			}
		}
	}
}

// An onDisk is a file as it was found.
type onDisk struct {
	dir, name string // name is below dir
	info      fs.FileInfo
}

var errChanged = errors.New("it is another file by now")

// open opens it, if it still is what was found; no link on the way leads out of
// its folder.
func (d *onDisk) open() (*os.File, error) {
	f, err := os.OpenInRoot(d.dir, d.name)
	if err != nil {
		return nil, cause(err)
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(info, d.info) {
		err = errChanged
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// cause is a system's error without the path, which is shown beside it.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
