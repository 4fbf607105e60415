package intake

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A collector lists what the arguments name, one after the other.
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
	c.folders[path] = p
	return p
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

// argument lists what an argument names. A symbolic link to a file is followed, as
// it is by other commands, but not out of its folder: the name may be a shell's,
// and the link a student's.
func (c *collector) argument(name string) error {
	info, err := os.Lstat(name)
	if err != nil {
		return fmt.Errorf("%s: %w", readable(filepath.ToSlash(name)), cause(err))
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if behind, err := statInFolder(name); err == nil && behind.Mode().IsRegular() {
			info = behind
		}
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

// walk lists a folder that an argument names. If that is a link, a slash at its
// end has made the caller follow it.
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
			c.refuse(c.folderAt(filepath.Dir(path)).odd(base), "it cannot be read: "+cause(err).Error())
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
			return fmt.Errorf("%s: too many files, with those of this folder; the limit is %d", readable(filepath.ToSlash(name)), maxFiles)
		}
		return c.below(dir, path, d)
	})
}

// below lists a file in a folder.
func (c *collector) below(dir, path string, d fs.DirEntry) error {
	at := c.folderAt(filepath.Dir(path)).file(readable(d.Name()))
	info, err := d.Info()
	if err != nil {
		c.refuse(at, "it cannot be read: "+cause(err).Error())
		return nil
	}
	name, err := filepath.Rel(dir, path)
	if err != nil {
		return err
	}
	c.file(&onDisk{dir, name, info}, at, false)
	return nil
}

// file lists a file on disk; named reports whether an argument is its name.
func (c *collector) file(d *onDisk, at *place, named bool) {
	whole, err := filepath.Abs(filepath.Join(d.dir, d.name))
	if err != nil {
		c.refuse(at, "it cannot be found: "+err.Error())
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
	case d.info.Size() > maxBytes:
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
	notSheet  = "it is not a YAML file"
	debrisWhy = "an operating system left it there"
)

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
