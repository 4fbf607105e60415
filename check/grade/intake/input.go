package intake

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// How much is listed.
const (
	maxBytes = 1 << 20 // of a sheet
	maxFiles = 20_000  // and folders directly in a class, for which no LMS names a student
	maxEach  = 2_000   // files in one student's folder or archive
	maxAll   = 1 << 30 // bytes of the files in one student's archive that may be sheets, unpacked
)

var (
	tooLarge = fmt.Sprintf("it is larger than %d bytes", maxBytes)
	tooMany  = fmt.Sprintf("it holds more than %d files; hand in the worksheet alone", maxEach)
)

// An Input is a file that was handed in, not read yet.
type Input struct {
	Name      string    // as it came; of one in an archive: archive.zip/folder/name
	Student   Student   // as far as the LMS, the roster and the file name tell
	With      []Student // who handed it in together with Student; of a group on Gradescope
	Late      bool      // the LMS marked it as late
	Attempt   int       // the LMS's number of the attachment or submission: the higher of a student's two is the later; 0 if it has none
	Submitted time.Time // as the LMS says; zero where it does not
	Refused   string    // why it must not be opened, as a sentence about "it"; empty where it may be
	Review    bool      // it is refused, but may be a worksheet in another form, such as a photo: a person has to look at it

	In   string // the file of which it is a part, where that has several sheets; empty otherwise
	Line int    // of that file, on which it begins, from 1; 0 where it is a file of its own

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

// A Passed is a file, or a folder with all that is in it, that nobody handed in:
// the key, and what operating systems leave behind.
type Passed struct{ Name, Why string }

// A TooManyError is of a folder that an argument names, with more files and folders
// directly in the class than a class has.
type TooManyError struct{ Folder string }

// Error names the folder, and the limit.
func (e *TooManyError) Error() string {
	return fmt.Sprintf("%s: too many files, with those of this folder; the limit is %d", e.Folder, maxFiles)
}

// Input is what the folder comes to if one student handed it in.
func (e *TooManyError) Input() Input {
	return Input{Name: e.Folder, Refused: tooMany}
}

// A Remark is about whose a file is: what names say of it, and which count for
// nothing, since a student chose them.
type Remark struct {
	Name, What string
	Unlisted   bool // the roster has no such student
}

// Settings are what helps to tell whose a file is, and what it is.
type Settings struct {
	Keys       []fs.FileInfo          // of the keys, which may lie among the rest; nil for one that is not a file
	Roster     *Roster                // nil for none
	RosterFile fs.FileInfo            // which may lie among the rest, too; nil for none
	IsSheet    func(text []byte) bool // reports whether a text looks like a sheet, by its beginning; nil: none does
}
