package intake

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// How large an archive's table of contents may be, in bytes. That of a class
// lists what every student handed in.
const (
	maxContents      = 8 << 20
	maxClassContents = 64 << 20
)

var errContents = errors.New("its table of contents is too large")

// An archive is a zip file on disk, which is open while any of its entries is.
type archive struct {
	file *onDisk
	zip  *zip.Reader

	mu    sync.Mutex
	open  *os.File // where users > 0
	users int
	limit int // of bytes of the table of contents, while that is read; else -1
}

// openArchive reads an archive's table of contents, of so many bytes at most. The
// caller releases it.
func openArchive(d *onDisk, most int) (*archive, error) {
	a := &archive{file: d, limit: most}
	if err := a.acquire(); err != nil {
		return nil, err
	}
	var err error
	if a.zip, err = zip.NewReader(a, d.info.Size()); err != nil {
		a.release()
		return nil, err
	}
	a.limit = -1
	return a, nil
}

func (a *archive) acquire() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.users == 0 {
		f, err := a.file.open()
		if err != nil {
			return err
		}
		a.open = f
	}
	a.users++
	return nil
}

func (a *archive) release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.users--; a.users == 0 {
		a.open.Close()
		a.open = nil
	}
}

// ReadAt reads for a user, of which there may be several at a time.
func (a *archive) ReadAt(p []byte, off int64) (int, error) {
	if a.limit >= 0 {
		if len(p) > a.limit {
			return 0, errContents
		}
		a.limit -= len(p)
	}
	return a.open.ReadAt(p, off)
}

// An entry is an open entry, a user of its archive.
type entry struct {
	io.ReadCloser
	archive *archive
}

func (a *archive) entry(f *zip.File) (io.ReadCloser, error) {
	if err := a.acquire(); err != nil {
		return nil, err
	}
	r, err := f.Open()
	if err != nil {
		a.release()
		return nil, err
	}
	return &entry{r, a}, nil
}

// Close closes it; a second time it does nothing.
func (e *entry) Close() error {
	if e.archive == nil {
		return nil
	}
	err := e.ReadCloser.Close()
	e.archive.release()
	e.archive = nil
	return err
}

// tooMuch says which limit of one student's the archive's contents pass; nil is
// none.
func (a *archive) tooMuch() error {
	if len(a.zip.File) > maxEach {
		return errors.New(tooMany)
	}
	var all uint64
	for _, f := range a.zip.File {
		if f.UncompressedSize64 <= maxBytes {
			all += f.UncompressedSize64
		}
	}
	if all > maxAll {
		return fmt.Errorf("its files are larger than %d bytes in all", maxAll)
	}
	return nil
}

// misplaced finds the entries whose bytes lie outside the archive or that share
// bytes, with the reason: sharing lets a small archive unpack to a huge one.
func (a *archive) misplaced() map[*zip.File]string {
	type span struct {
		f        *zip.File
		from, to int64
	}
	why := make(map[*zip.File]string)
	var spans []span
	size := a.file.info.Size()
	for _, f := range a.zip.File {
		from, err := f.DataOffset()
		switch {
		case err != nil:
			why[f] = "it is damaged: " + cause(err).Error()
		case f.CompressedSize64 > uint64(max(0, size-from)):
			why[f] = "it is damaged: it ends after the archive does"
		case f.CompressedSize64 > 0:
			spans = append(spans, span{f, from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		last := spans[i-1]
		if spans[i].from < last.to {
			why[last.f] = "it shares bytes with another entry"
			why[spans[i].f] = why[last.f]
			spans[i].to = max(spans[i].to, last.to)
		}
	}
	return why
}
