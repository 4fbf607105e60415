package grade

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxContents = 8 << 20 // bytes of an archive's table of contents
	maxName     = 1024    // bytes of a name in an archive
	maxDepth    = 64      // folders in one another in an archive
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

// openArchive reads an archive's table of contents. Its user is to release it.
func openArchive(d *onDisk) (*archive, error) {
	a := &archive{file: d, limit: maxContents}
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

// tooMuch says what an archive holds too much of.
func (a *archive) tooMuch() error {
	if len(a.zip.File) > maxFiles {
		return fmt.Errorf("it holds more than %d files", maxFiles)
	}
	var all uint64
	for _, f := range a.zip.File {
		if isSheet(f.Name) && f.UncompressedSize64 <= MaxBytes {
			all += f.UncompressedSize64
		}
	}
	if all > maxAll {
		return fmt.Errorf("its sheets are larger than %d bytes in all", maxAll)
	}
	return nil
}

// misplaced finds the entries whose bytes do not lie in the archive, or that
// have some in common: with these a small archive unpacks to a huge one.
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
			why[f] = "it is damaged: it ends after the archive"
		case f.CompressedSize64 > 0:
			spans = append(spans, span{f, from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		last := spans[i-1]
		if spans[i].from < last.to {
			why[last.f] = "it has bytes in common with another entry"
			why[spans[i].f] = why[last.f]
			spans[i].to = max(spans[i].to, last.to)
		}
	}
	return why
}

// archive lists what an archive holds.
func (c *collector) archive(d *onDisk, at *place) {
	a, err := openArchive(d)
	if err != nil {
		c.refuse(at, "it is an archive that could not be read: "+cause(err).Error())
		return
	}
	defer a.release()
	if err := a.tooMuch(); err != nil {
		c.refuse(at, err.Error())
		return
	}
	misplaced := a.misplaced()
	in := &inArchive{c, a, map[string]*place{".": at}}
	for _, f := range a.zip.File {
		if f.UncompressedSize64 > 0 || !strings.HasSuffix(f.Name, "/") {
			in.list(f, misplaced[f])
		}
	}
}

// An inArchive lists the entries of an archive.
type inArchive struct {
	*collector
	archive *archive
	folders map[string]*place
}

// list lists an entry that is no folder.
func (in *inArchive) list(f *zip.File, misplaced string) {
	name := zipped(f.Name)
	if why := unsafeName(name); why != "" {
		in.refuse(in.folders["."].odd(cut(name)), why)
		return
	}
	name = path.Clean(name)
	if slices.ContainsFunc(strings.Split(name, "/"), isDebris) {
		in.pass(in.folders["."].odd(name), debrisWhy)
		return
	}
	at := in.folderAt(path.Dir(name)).file(path.Base(name))
	switch {
	case !f.Mode().IsRegular():
		in.refuse(at, irregular(f.Mode()))
	case isZip(name):
		in.refuse(at, "it is an archive in an archive, which is not opened")
	case !isSheet(name):
		in.refuse(at, notSheet)
	case f.Flags&1 != 0:
		in.refuse(at, "it is encrypted")
	case f.UncompressedSize64 > MaxBytes:
		in.refuse(at, tooLarge)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		in.refuse(at, fmt.Sprintf("it is compressed by method %d, which is not known", f.Method))
	case misplaced != "":
		in.refuse(at, misplaced)
	default:
		in.take(at, func() (io.ReadCloser, error) { return in.archive.entry(f) })
	}
}

// folderAt gives the place of a folder in the archive, by its cleaned name.
func (in *inArchive) folderAt(name string) *place {
	p := in.folders[name]
	if p == nil {
		p = in.folderAt(path.Dir(name)).folder(path.Base(name))
		in.folders[name] = p
	}
	return p
}

var drive = regexp.MustCompile(`^[A-Za-z]:`)

// unsafeName says why an entry of that name is not to be opened: other programs
// would unpack it to somewhere else, or not at all.
func unsafeName(name string) string {
	folders := strings.Split(name, "/")
	switch {
	case len(name) > maxName:
		return fmt.Sprintf("its name is longer than %d bytes", maxName)
	case len(folders) > maxDepth:
		return fmt.Sprintf("it lies more than %d folders deep", maxDepth)
	case strings.HasPrefix(name, "/"), drive.MatchString(name):
		return "its name is absolute"
	case strings.Contains(name, `\`):
		return `its name has a \ in it`
	case slices.Contains(folders, ".."):
		return "its name leads out of the archive"
	case strings.Contains(name, "\x00"), path.Clean(name) == ".", strings.HasSuffix(name, "/"):
		return "its name is no file's"
	}
	return ""
}

// cut is a name cut to what can be shown.
func cut(name string) string {
	if len(name) <= maxName {
		return name
	}
	n := maxName
	for !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n] + "..."
}
