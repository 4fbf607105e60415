package intake

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An Intake is what was handed in, before any of it is read.
type Intake struct {
	Inputs  []Input   // by name
	Passed  []Passed  // by name
	Remarks []Remark  // by name
	Missing []Student // of the roster, those who handed in nothing
	Begun   []Student // of the roster, those of whom nothing is there but a sheet that was begun to be typed in
	onDisk  []*onDisk
}

// Has reports whether a file on disk is among what the arguments name, whatever
// became of it: a sheet, an archive, one that is refused or passed over.
func (in *Intake) Has(file fs.FileInfo) bool {
	return slices.ContainsFunc(in.onDisk, func(d *onDisk) bool { return os.SameFile(d.info, file) })
}

// Changed gives the files that were changed, replaced or removed since they were
// listed, by name.
func (in *Intake) Changed() []string {
	var names []string
	for _, d := range in.onDisk {
		name := filepath.Join(d.dir, d.name)
		now, err := os.Stat(name)
		if d.info.Mode().IsRegular() && (err != nil || !os.SameFile(now, d.info) || now.Size() != d.info.Size() || !now.ModTime().Equal(d.info.ModTime())) {
			names = append(names, readable(filepath.ToSlash(name)))
		}
	}
	return names
}

// Collect lists what the arguments name: files, folders, and zip archives. It opens
// archives in folders too, but not archives in archives. Every file found is either
// an Input, with the reason if it must not be opened, or Passed.
//
// What is a sheet is told by the beginning of its content: a text that looks like
// one, whatever it is called, or one called .yaml or .yml. Photos, PDFs and the
// like are refused, for a person to look at. Other files are passed over, but not
// if their student has handed in nothing else. Links are not followed, and only
// regular files are opened. It is an error if an argument does not exist, or if a
// class has more than 20,000 files and folders directly in it. A student who hands
// in more than 2,000 files has one input, which is refused.
//
// The folder or archive that is named alone holds a class, or the one folder or
// archive in it does. Each folder and archive directly in the class is one
// student's, and all in it is too, whatever it is called: an LMS or the instructor
// named the folder, and the student what is in it. Where several folders or
// archives are named, each is one student's.
//
// The file name that Canvas or Moodle gives decides whose a file or folder directly
// in the class is. The outermost such name counts. Text typed into the LMS's page
// (onlinetext.html, ..._text.html) is refused, with its student. Directly in the
// class, Gradescope's submission_metadata.yml says whose what lies beside it is.
// The roster finds the student of any other name, if just one row fits it best, and
// completes those that the LMS names. Of two that fit one row, Remarks tell.
// Without an LMS, a student is called as the file or folder is; a file alone in
// what is named, as the outermost folder or archive around it. Where different
// students would then have one name, the folders' names come before theirs.
func Collect(paths []string, set Settings) (*Intake, error) {
	c := newCollector(set, maxFiles)
	if err := c.arguments(paths); err != nil {
		return nil, err
	}
	c.assign()
	c.nameStudents()
	c.passForeign()
	slices.SortStableFunc(c.found, func(a, b *found) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(c.passed, func(a, b passed) int { return strings.Compare(a.Name, b.Name) })
	c.limitEach()
	c.tellClaims()
	slices.SortStableFunc(c.told, func(a, b Remark) int { return strings.Compare(a.Name, b.Name) })
	in := &Intake{Remarks: c.told, Missing: c.missing(), onDisk: c.onDisk}
	for _, p := range c.passed {
		in.Passed = append(in.Passed, p.Passed)
	}
	for _, f := range c.found {
		in.Inputs = append(in.Inputs, f.Input)
	}
	return in, nil
}
