package intake

import (
	"io/fs"
	"slices"
	"strings"
)

// An Intake is what was handed in, before any of it is read.
type Intake struct {
	Inputs []Input  // by name
	Passed []Passed // by name
}

// Collect lists what the arguments name: files, folders, and zip archives. It
// opens archives in folders too, but not archives in archives. Every file found
// is either an Input, with the reason if it must not be opened, or Passed.
//
// A file or archive that an argument names is taken as such whatever its
// extension; below a folder, a sheet's name ends in .yaml or .yml. Links are not
// followed, and only regular files are opened. The key may lie among the rest:
// os.SameFile finds it; nil is no key. It is an error if an argument does not
// exist, or if the folders hold more than 20,000 files.
//
// The file name that Canvas or Moodle gives decides whose a file is. The
// outermost such name counts, so that what students pack is theirs whatever
// they call it. Inside an archive without such a name that lies among other
// files, these names count for nothing, since a student may have chosen them.
// Text typed into the LMS's page (onlinetext.html, ..._text.html) is refused,
// with its student. Without an LMS, a student is called as the file is; a file
// alone in a folder or archive below an argument, as the outermost such. Where
// files of different folders would then be one student's, the folders' names
// come before theirs.
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
