package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"raftsheet/render/page"
)

// A File is a file that is followed: whoever saves it, and however, the last version of
// it is at hand. Save what is new by renaming another file over it, by truncating it and
// writing, or with the old times kept: it is noticed.
type File struct {
	name, path string
	read       func() ([]byte, error)
	write      func(was, text []byte) error

	looking sync.Mutex  // held while the file is looked at, or written
	last    fs.FileInfo // of the last look; nil where there is no such file
	settled bool        // whether the last look found nothing new

	mu      sync.Mutex // held beside it while these change
	served  page.Served
	data    []byte        // of served
	changed chan struct{} // closed when served becomes another
}

// NewFile gives the file at a path, to be shown by a name. The function reads it whole;
// its error says why it cannot, in words for the page. The other writes the file in one
// piece, if it still holds what it was; nil leaves it unwritten.
func NewFile(name, path string, read func() ([]byte, error), write func(was, text []byte) error) *File {
	f := &File{name: name, path: path, read: read, write: write, changed: make(chan struct{})}
	f.last, _ = os.Stat(path)
	f.take()
	return f
}

// Now gives the file as it was when it was last looked at, and what is closed as soon as
// it is another.
func (f *File) Now() (page.Served, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.served, f.changed
}

// Follow looks at the file at every tick, until the context ends.
func (f *File) Follow(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			f.look()
		}
	}
}

// fine is how finely, at the worst, a file system counts the time: a file that was saved
// as recently may be saved again without a later time.
const fine = 2 * time.Second

// look reads the file if it is not what it was, once two looks in a row have found the
// same: who is in the middle of writing it is let finish.
func (f *File) look() {
	f.looking.Lock()
	defer f.looking.Unlock()
	now, _ := os.Stat(f.path)
	if !same(f.last, now) {
		f.last, f.settled = now, false
		return
	}
	if recent := now != nil && time.Since(now.ModTime()) < fine; !f.settled || recent {
		f.settled = true
		f.take()
	}
}

// same reports whether two looks have found the same file, saved at the same time.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && a.Mode() == b.Mode()
}

// take takes in what the file holds.
func (f *File) take() {
	data, err := f.text()
	now := page.Served{Name: f.name, Write: f.write != nil}
	if err != nil {
		now.Problem, now.Write, data = err.Error(), false, nil
	} else {
		now.Text, now.Version = string(data), version(data)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now != f.served {
		f.served, f.data = now, data
		close(f.changed)
		f.changed = make(chan struct{})
	}
}

// text reads the file, if the page can show what it holds.
func (f *File) text() ([]byte, error) {
	switch info, err := os.Stat(f.path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("the file is gone")
	case err == nil && !info.Mode().IsRegular():
		return nil, errors.New("this is not a file any more") // and may never end
	}
	data, err := f.read()
	if err == nil && !utf8.Valid(data) {
		err = errors.New("the file is not text in UTF-8")
	}
	return data, err
}

// version tells a text from others.
func version(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// errChanged says that what was to be replaced is not there any more.
var errChanged = errors.New("the file has changed")

// save writes a text over a version of the file. It is errChanged if the file has
// another one.
func (f *File) save(text, over string) error {
	f.looking.Lock()
	defer f.looking.Unlock()
	f.take()
	is, was := f.served, f.data // none but who looks changes them
	switch {
	case is.Version != over:
		return errChanged
	case is.Problem != "":
		return errors.New(is.Problem)
	}
	text = endLike(string(was), text)
	if bytes.Equal(was, []byte(text)) {
		return nil
	}
	err := f.write(was, []byte(text))
	f.last, _ = os.Stat(f.path)
	f.take()
	if now, _ := f.Now(); err != nil && now.Version != over {
		return errChanged // between the look and the write
	}
	return err
}

// endLike ends the lines of a text as another has them. A browser's text has "\n" alone.
func endLike(was, text string) string {
	if n := strings.Count(was, "\n"); n == 0 || strings.Count(was, "\r\n") < n {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}
