package intake

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// This file finds where the class is: the folder or archive in which each entry
// is one student's. What decides lies outside of every student's reach, since a
// class of two has two entries whatever is in them.

// An argument is one that exists; info is of what a link that is followed leads to.
type argument struct {
	name string
	info fs.FileInfo
}

// holdsOthers reports whether an argument is a folder or an archive.
func (a *argument) holdsOthers() bool {
	return a.info.IsDir() || a.info.Mode().IsRegular() && isZip(a.name)
}

// findClass marks the folders and archives that are a class. A folder or archive
// that is named alone holds it. Where more is named, each is one student's, as a
// shell gives them for class/*; so is each folder of files that are named one by
// one.
func (c *collector) findClass(args []argument) error {
	var holders, dirs []string
	for _, a := range args {
		whole, err := filepath.Abs(a.name)
		if err != nil {
			return err
		}
		switch {
		case a.holdsOthers():
			holders = append(holders, whole)
		default:
			dirs = append(dirs, filepath.Dir(whole))
		}
	}
	holders = outermost(holders)
	dirs = outside(dirs, holders)
	switch {
	case len(holders) == 1 && len(dirs) == 0:
		c.classes[c.unwrap(holders[0])] = true
	default:
		for _, h := range holders {
			c.classes[filepath.Dir(h)] = true
		}
	}
	if len(dirs) > 0 {
		c.classes[common(dirs, string(filepath.Separator))] = true
	}
	return nil
}

// unwrap gives the class's folder or archive, by its absolute path: a folder that
// holds one folder or archive and nothing else is a wrapping.
func (c *collector) unwrap(at string) string {
	for range maxDepth {
		var only fs.DirEntry
		entries, err := os.ReadDir(at)
		if err != nil {
			return at
		}
		for _, e := range entries {
			switch {
			case isDebris(readable(e.Name())) || c.isAside(e):
			case only != nil:
				return at
			default:
				only = e
			}
		}
		switch {
		case only == nil || c.names(readable(only.Name()), !only.IsDir()):
			return at
		case only.Type().IsRegular() && isZip(only.Name()):
			return filepath.Join(at, only.Name())
		case !only.IsDir():
			return at
		}
		at = filepath.Join(at, only.Name())
	}
	return at
}

// isAside reports whether an entry is the key or the roster.
func (c *collector) isAside(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && (c.isKey(info) || same(info, c.RosterFile))
}

// isKey reports whether a file is one that the sheets are marked by.
func (c *collector) isKey(file fs.FileInfo) bool {
	return slices.ContainsFunc(c.Keys, func(key fs.FileInfo) bool { return same(file, key) })
}

// names reports whether a name is that of one student, to an LMS or by the roster.
func (c *collector) names(name string, isFile bool) bool {
	if ownerOf(name, isFile).ID != "" {
		return true
	}
	if c.Roster == nil {
		return false
	}
	if isFile {
		name = withoutExt(name)
	}
	rows, _ := c.Roster.find(name)
	return len(rows) == 1
}

// unwrapped is unwrap for what an archive holds: the cleaned name of the folder in
// it that holds the class.
func (c *collector) unwrapped(a *archive) string {
	var dirs []string
	for _, f := range a.zip.File {
		name := zipped(f.Name)
		if unsafeName(strings.TrimSuffix(name, "/")) != "" {
			return "."
		}
		dir := path.Dir(path.Clean(name))
		if strings.HasSuffix(name, "/") {
			dir = path.Clean(name)
		}
		dir, system := beforeDebris(dir)
		if !system || dir != "." {
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) == 0 {
		return "."
	}
	var at []string
	for _, name := range strings.Split(common(dirs, "/"), "/") {
		if c.names(name, false) {
			break
		}
		at = append(at, name)
	}
	return path.Clean(strings.Join(at, "/"))
}

// beforeDebris cuts a folder's name before what an operating system made, and
// reports whether there was any.
func beforeDebris(dir string) (string, bool) {
	parts := strings.Split(dir, "/")
	for i, p := range parts {
		if p != "." && isDebris(p) {
			return path.Clean(strings.Join(parts[:i], "/")), true
		}
	}
	return dir, false
}

// outermost leaves out the paths that lie in others, and repetitions.
func outermost(paths []string) []string {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool {
		return slices.ContainsFunc(paths, func(o string) bool { return o != p && isIn(p, o) })
	})
}

// outside leaves out the paths that are one of others or lie in it.
func outside(paths, others []string) []string {
	return slices.DeleteFunc(paths, func(p string) bool {
		return slices.ContainsFunc(others, func(o string) bool { return isIn(p, o) })
	})
}

func isIn(p, dir string) bool {
	sep := string(filepath.Separator)
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, sep)+sep)
}

// common gives the innermost folder in which all paths lie, or that they are.
func common(paths []string, sep string) string {
	all := strings.Split(paths[0], sep)
	for _, p := range paths[1:] {
		n := 0
		for _, part := range strings.Split(p, sep) {
			if n == len(all) || all[n] != part {
				break
			}
			n++
		}
		all = all[:n]
	}
	switch at := strings.Join(all, sep); {
	case at != "":
		return at
	case strings.HasPrefix(paths[0], sep):
		return sep
	}
	return "."
}

// tellClaims tells of each student in whose folder or archive files are named as an
// LMS would name another student's.
func (c *collector) tellClaims() {
	first, n := make(map[*place]*found), make(map[*place]int)
	var order []*place
	for _, f := range c.found {
		if !f.at.claims() {
			continue
		}
		if by := f.at.by; n[by] == 0 {
			first[by], order = f, append(order, by)
		}
		n[f.at.by]++
	}
	for _, by := range order {
		name := strings.TrimPrefix(first[by].Name, by.name+"/")
		what := fmt.Sprintf("%s in it has another student's name; it counts as this student's", name)
		if n[by] > 1 {
			what = fmt.Sprintf("%d files in it, such as %s, have other students' names; they count as this student's", n[by], name)
		}
		if !by.below {
			what += "; if it holds a class, name it alone"
		}
		c.tell(by, "%s", what)
	}
}
