package intake

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A collector lists what the arguments name, one after the other.
type collector struct {
	Settings
	left    int               // files and folders that may still be found directly in a class
	seen    map[string]bool   // the files on disk, by their absolute names
	folders map[string]*place // on disk, by their cleaned names
	classes map[string]bool   // the folders and archives that are a class, by their absolute names
	onDisk  []*onDisk
	found   []*found
	passed  []passed
	told    []Remark                     // on whose what is
	toldOf  map[*place]bool              // of which places that is
	records map[*place]map[string]record // by class, what Gradescope says of what lies directly in it
}

// A passed is one that is passed over, and its place.
type passed struct {
	Passed
	at *place
}

func newCollector(set Settings, most int) *collector {
	return &collector{Settings: set, left: most, seen: make(map[string]bool), folders: make(map[string]*place),
		classes: make(map[string]bool), records: make(map[*place]map[string]record), toldOf: make(map[*place]bool)}
}

// folderAt gives the place of a folder on disk, by its cleaned path.
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
	p.class = c.isClass(path)
	c.folders[path] = p
	return p
}

func (c *collector) isClass(path string) bool {
	whole, err := filepath.Abs(path)
	return err == nil && c.classes[whole]
}

// typed is folderAt for a folder that an argument names: neither it nor a folder
// above it lies below an argument.
func (c *collector) typed(path string) *place {
	p := c.folderAt(path)
	for on := p; on != nil; on = on.up {
		on.below = false
	}
	return p
}

// arguments lists what the arguments name. A symbolic link to a file is followed,
// as it is by other commands, but not out of its folder: the name may be a
// shell's, and the link a student's.
func (c *collector) arguments(names []string) error {
	var args []argument
	for _, name := range names {
		info, err := os.Lstat(name)
		if err != nil {
			return fmt.Errorf("%s: %w", readable(filepath.ToSlash(name)), cause(err))
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			if behind, err := statInFolder(name); err == nil && behind.Mode().IsRegular() {
				info = behind
			}
		}
		args = append(args, argument{name, info})
	}
	if err := c.findClass(args); err != nil {
		return err
	}
	for _, a := range args {
		if err := c.argument(a); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) argument(a argument) error {
	if a.info.IsDir() {
		return c.walk(a.name)
	}
	d := &onDisk{filepath.Dir(a.name), filepath.Base(a.name), a.info}
	at := c.typed(d.dir).file(readable(d.name))
	at.below = false
	c.file(d, at)
	return nil
}

// walk lists a folder that an argument names. If that is a link, a slash at its
// end has made the caller follow it.
func (c *collector) walk(name string) error {
	dir := filepath.Clean(name)
	c.typed(dir)
	return filepath.WalkDir(dir+string(filepath.Separator), func(path string, d fs.DirEntry, err error) error {
		path = filepath.Clean(path)
		switch {
		case err != nil && path == dir:
			return fmt.Errorf("%s: %w", readable(filepath.ToSlash(name)), cause(err))
		case path == dir:
			return nil
		}
		in := c.folderAt(filepath.Dir(path))
		at := in.odd(readable(d.Name()))
		if err == nil && !d.IsDir() && !isDebris(at.base) {
			at = in.file(at.base)
		}
		if !c.room(at) {
			if at.by != nil {
				return filepath.SkipDir
			}
			return &TooManyError{readable(filepath.ToSlash(name))}
		}
		return c.below(dir, path, d, at, err)
	})
}

// below lists a file or a folder in a folder, at its place; err is why it cannot
// be looked at.
func (c *collector) below(dir, path string, d fs.DirEntry, at *place, err error) error {
	switch {
	case err != nil:
		c.refuse(at, "it cannot be read: "+cause(err).Error())
		return nil
	case isDebris(at.base):
		c.pass(at, debrisWhy)
		if d.IsDir() {
			return filepath.SkipDir
		}
		return nil
	case d.IsDir():
		return nil
	}
	info, err := d.Info()
	if err != nil {
		c.refuse(at, "it cannot be read: "+cause(err).Error())
		return nil
	}
	name, err := filepath.Rel(dir, path)
	if err != nil {
		return err
	}
	c.file(&onDisk{dir, name, info}, at)
	return nil
}

// file lists a file on disk.
func (c *collector) file(d *onDisk, at *place) {
	whole, err := filepath.Abs(filepath.Join(d.dir, d.name))
	if err != nil {
		c.refuse(at, "it cannot be found: "+err.Error())
		return
	}
	c.onDisk = append(c.onDisk, d)
	again := c.seen[whole]
	c.seen[whole] = true
	switch {
	case again:
		c.pass(at, "it is named twice")
	case c.isKey(d.info):
		c.pass(at, "the sheets are marked by it")
	case same(d.info, c.RosterFile):
		c.pass(at, "it is the roster")
	case !d.info.Mode().IsRegular():
		c.refuse(at, irregular(d.info.Mode()))
	case isZip(d.name):
		c.archive(d, at, c.classes[whole])
	default:
		c.content(at, d.info.Size(), func() (io.ReadCloser, error) {
			f, err := d.open()
			if err != nil {
				return nil, err
			}
			return f, nil
		})
	}
}

func same(a, b fs.FileInfo) bool { return b != nil && os.SameFile(a, b) }

// content lists a file by what it is, of so many bytes. An error in reading it is
// told when it is read whole.
func (c *collector) content(at *place, size int64, open func() (io.ReadCloser, error)) {
	if at.isMetadata() {
		c.metadata(at, open)
		return
	}
	head, err := headOf(open)
	is, why := sheet, ""
	if err == nil {
		is, why = kindOf(at.base, head, c.IsSheet)
	}
	switch {
	case is != sheet:
		c.add(at, Input{Refused: why, Review: true}).foreign = is == foreign
	case size > maxBytes:
		c.refuse(at, tooLarge)
	default:
		c.take(at, open)
	}
}

// metadata reads a class's metadata, and tells what is broken in it: what it does
// not say, folders are called.
func (c *collector) metadata(at *place, open func() (io.ReadCloser, error)) {
	c.pass(at, "it says who handed in what")
	r, err := open()
	if err == nil {
		defer r.Close()
		c.records[at.up], err = readMetadata(r)
	}
	if err != nil {
		c.tell(at, "%v; what it does not name is listed under its own name", err)
	}
}

func (c *collector) tell(at *place, format string, args ...any) {
	c.told = append(c.told, Remark{Name: at.name, What: fmt.Sprintf(format, args...)})
	c.toldOf[at] = true
}

const debrisWhy = "it is hidden, or an operating system left it there"

func (c *collector) pass(at *place, why string) {
	c.passed = append(c.passed, passed{Passed{at.name, why}, at})
}

func (c *collector) refuse(at *place, why string) {
	c.add(at, Input{Refused: why})
}

func (c *collector) take(at *place, open func() (io.ReadCloser, error)) {
	c.add(at, Input{Open: open})
}

func (c *collector) add(at *place, in Input) *found {
	in.Name, in.Student, in.Late, in.Attempt = at.name, at.owner.Student, at.owner.Late, at.owner.Attempt
	f := &found{Input: in, at: at}
	c.found = append(c.found, f)
	at.up.entries++
	return f
}

// room counts a file that is about to be listed at a place, and reports whether
// it is to be. What is too much for one student costs that student alone: one
// input stands for all, and is refused.
func (c *collector) room(at *place) bool {
	by := at.by
	if by == nil {
		if at.owner.ID == "" {
			c.left--
		}
		return c.left >= 0
	}
	by.seen++
	if by.seen > maxEach && !by.full {
		by.full = true
		c.clear(by)
		c.refuse(by, tooMany)
	}
	return !by.full
}

// clear takes back what was listed in a place.
func (c *collector) clear(in *place) {
	c.found = slices.DeleteFunc(c.found, func(f *found) bool { return f.at.in(in) })
	c.passed = slices.DeleteFunc(c.passed, func(p passed) bool { return p.at.in(in) })
}
