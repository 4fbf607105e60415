package intake

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// A Student is who handed something in.
type Student struct {
	ID   string // the LMS's number for the student or the participant; empty where the file name has none
	Name string // as the LMS or the file name has it
}

// Identity is the part of a Student that tells it from others: the LMS's number
// alone where there is one, since an LMS may write one name in two ways.
func (s Student) Identity() Student {
	if s.ID != "" {
		return Student{ID: s.ID}
	}
	return s
}

// An Input is a file that was handed in, not read yet.
type Input struct {
	Name    string  // as it came; of one in an archive: archive.zip/folder/name
	Student Student // as far as the file name tells
	Late    bool    // the LMS marked it as late
	Attempt int     // the LMS's number of the attachment: the higher of a student's two is the later; 0 if it has none
	Refused string  // why it must not be opened, as a sentence about "it"; empty where it may be

	// Open opens the file; the caller closes it. It is nil where Refused says
	// why. It fails where another file has taken this one's place. Several
	// goroutines may call it.
	Open func() (io.ReadCloser, error)
}

// Read opens the file and reads it whole. The error says about "it" why it could
// not, as Refused does; a file of more than 1 MiB is one, whatever its archive
// said of its size.
func (in *Input) Read() ([]byte, error) {
	if in.Refused != "" {
		return nil, errors.New(in.Refused)
	}
	r, err := in.Open()
	if err != nil {
		return nil, fmt.Errorf("it cannot be opened: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it cannot be read: %w", err)
	case len(data) > maxBytes:
		return nil, errors.New(tooLarge)
	}
	return data, nil
}

// An Intake is what was handed in, before any of it is read.
type Intake struct {
	Inputs []Input  // by name
	Passed []Passed // by name
}

// A Passed is a file, or a folder with all that is in it, that nobody handed in:
// the key, and what operating systems leave behind.
type Passed struct{ Name, Why string }

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
