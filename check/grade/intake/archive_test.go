package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// pack gives a zip archive with an entry for each name, which holds its name, or
// nothing where it ends in a slash.
func pack(t testing.TB, names ...string) []byte {
	t.Helper()
	var all []packed
	for _, name := range names {
		all = append(all, packed{name: name, data: name})
		if strings.HasSuffix(name, "/") {
			all[len(all)-1].data = ""
		}
	}
	return packAll(t, all...)
}

// A packed is an entry of an archive. With change it is written as it is, without
// being compressed, and its header as change leaves it.
type packed struct {
	name, data string
	change     func(*zip.FileHeader)
}

func packAll(t testing.TB, entries ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		create := w.CreateHeader
		if e.change != nil {
			h.Method, h.CompressedSize64, h.UncompressedSize64 = zip.Store, uint64(len(e.data)), uint64(len(e.data))
			e.change(h)
			create = w.CreateRaw
		}
		f, err := create(h)
		if err == nil {
			_, err = io.WriteString(f, e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A student may hand in an archive; if what is in it were named for itself, or
// not opened, the student would have no mark.
func TestCollectArchivesInFolders(t *testing.T) {
	dir := t.TempDir()
	one := pack(t, "sheet.yaml")
	writeIn(t, dir, "alice.zip", one)
	writeIn(t, dir, "jane_LATE_12_34_work.ZIP", pack(t, "x/a.yaml", "x/bob_56_78_a.yaml"))
	writeIn(t, dir, "Bob_56_assignsubmission_file_/work.zip", packAll(t, packed{name: "a.yaml", data: "a"}, packed{name: "b.yaml", data: "%PDF-1.7\n"}, packed{name: "c.txt", data: "a note"}))
	writeIn(t, dir, "carol.zip", packAll(t, packed{name: "inner.zip", data: string(one)}, packed{name: "a.yaml", data: "a"}))
	writeIn(t, dir, "dan.zip", nil)
	got := under(dir, collect(t, dir), func(f *Input) string {
		return fmt.Sprint(whose(f), " ", f.Late, " ", f.Attempt, " ", f.Refused)
	})
	want := map[string]string{
		"alice.zip/sheet.yaml":                          "alice false 0 ",
		"jane_LATE_12_34_work.ZIP/x/a.yaml":             "12 jane true 34 ",
		"jane_LATE_12_34_work.ZIP/x/bob_56_78_a.yaml":   "12 jane true 34 ",
		"Bob_56_assignsubmission_file_/work.zip/a.yaml": "56 Bob false 0 ",
		"Bob_56_assignsubmission_file_/work.zip/b.yaml": "56 Bob false 0 it is a PDF; " + lookAtIt,
		"carol.zip/inner.zip":                           "carol false 0 it is an archive in an archive, which is not opened",
		"carol.zip/a.yaml":                              "carol false 0 ",
		"dan.zip":                                       "dan false 0 it is an archive that cannot be read: zip: not a valid zip file",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An archive that is named alone holds a class; but not if the LMS named it for a
// student, who would then choose whose mark it is.
func TestCollectOneArchive(t *testing.T) {
	data := pack(t, "bob_56_78_a.yaml", "x/bob_56_79_a.yaml")
	for name, want := range map[string]string{"jane_12_34_work.zip": "12 jane", "class.zip": "56 bob"} {
		in := collect(t, writeIn(t, t.TempDir(), name, data))
		if got := whose(&in.Inputs[0]); got != want {
			t.Errorf("%s: a file in it is %s, want %s", name, got, want)
		}
	}
}

// What another program would unpack to somewhere else, or never end to unpack,
// is not opened; beside it an honest sheet is.
func TestCollectHostileEntries(t *testing.T) {
	mode := func(m fs.FileMode) func(*zip.FileHeader) { return func(h *zip.FileHeader) { h.SetMode(m) } }
	size := func(n uint64) func(*zip.FileHeader) { return func(h *zip.FileHeader) { h.UncompressedSize64 = n } }
	for _, tt := range []struct {
		entry packed
		why   string
	}{
		{packed{name: "../bob.yaml"}, "leads out"},
		{packed{name: "a/../../bob.yaml"}, "leads out"},
		{packed{name: "a/.."}, "leads out"},
		{packed{name: "/etc/bob.yaml"}, "absolute"},
		{packed{name: "C:/bob.yaml"}, "absolute"},
		{packed{name: "c:bob.yaml"}, "absolute"},
		{packed{name: `..\bob.yaml`}, `\`},
		{packed{name: `\\host\bob.yaml`}, `\`},
		{packed{name: "bob.yaml\x00.txt"}, "not a file name"},
		{packed{name: ""}, "not a file name"},
		{packed{name: "./."}, "not a file name"},
		{packed{name: "bob.yaml/", change: size(7)}, "not a file name"},
		{packed{name: strings.Repeat("a/", 100) + "bob.yaml"}, "folders deep"},
		{packed{name: "x" + strings.Repeat("ü", 600) + ".yaml"}, "longer than"},
		{packed{name: "bob.yaml", data: "/etc/passwd", change: mode(fs.ModeSymlink | 0o777)}, "symbolic link"},
		{packed{name: "bob.yaml", change: mode(fs.ModeNamedPipe)}, "named pipe"},
		{packed{name: "bob.yaml", change: mode(fs.ModeSocket)}, "socket"},
		{packed{name: "bob.yaml", change: mode(fs.ModeDevice)}, "device"},
		{packed{name: "bob.yaml", change: mode(fs.ModeDir)}, "not a regular file"},
		{packed{name: "bob.yaml", change: size(maxBytes + 1)}, "larger than"},
		{packed{name: "bob.yaml", change: size(1 << 63)}, "larger than"},
		{packed{name: "bob.yaml", data: "x", change: func(h *zip.FileHeader) { h.CompressedSize64 = 1 << 40 }}, "ends after"},
		{packed{name: "bob.yaml", data: "x", change: func(h *zip.FileHeader) { h.Flags |= 1 }}, "encrypted"},
		{packed{name: "bob.yaml", data: "x", change: func(h *zip.FileHeader) { h.Method = 99 }}, "method 99"},
		{packed{name: "bob.pdf", data: "%PDF-1.4"}, "a PDF"},
		{packed{name: "bob.exe", data: "MZ\x00\xff"}, "not text"},
	} {
		class := writeIn(t, t.TempDir(), "class.zip", packAll(t, packed{name: "alice.yaml", data: "hers"}, tt.entry))
		in := collect(t, class)
		if len(in.Inputs) != 2 {
			t.Errorf("%q: %d inputs", tt.entry.name, len(in.Inputs))
			continue
		}
		for _, f := range in.Inputs {
			switch {
			case f.Name == filepath.ToSlash(class)+"/alice.yaml":
				if f.Refused != "" || content(t, &f) != "hers" || f.Student.Name != "alice" {
					t.Errorf("%q: alice's sheet is %+v", tt.entry.name, f)
				}
			case !strings.Contains(f.Refused, tt.why) || f.Refused == "":
				t.Errorf("%q is refused with %q, not with %q", tt.entry.name, f.Refused, tt.why)
			case !utf8.ValidString(f.Name) || len(f.Name) > len(class)+maxName+4 || f.Student.Name == "alice":
				t.Errorf("%q is shown as %q of %q", tt.entry.name, f.Name, f.Student.Name)
			}
		}
	}
}

// An entry that is larger than it says must not be read on.
func TestEntryLies(t *testing.T) {
	for _, tt := range []struct {
		why   string
		entry packed
	}{
		{"more than it says", packed{name: "a.yaml", data: strings.Repeat("x", 3*maxBytes), change: func(h *zip.FileHeader) { h.UncompressedSize64 = 5 }}},
		{"less than it says", packed{name: "a.yaml", data: "x", change: func(h *zip.FileHeader) { h.UncompressedSize64 = 5 }}},
		{"another sum", packed{name: "a.yaml", data: "x", change: func(h *zip.FileHeader) { h.CRC32 = 5 }}},
		{"not compressed as it says", packed{name: "a.yaml", data: "\xff\xff\xff", change: func(h *zip.FileHeader) { h.Method = zip.Deflate }}},
	} {
		in := collect(t, writeIn(t, t.TempDir(), "class.zip", packAll(t, tt.entry)))
		r, err := in.Inputs[0].Open()
		if err != nil {
			t.Errorf("%s: %v", tt.why, err)
			continue
		}
		data, err := io.ReadAll(r)
		if err == nil || len(data) > maxBytes {
			t.Errorf("%s: %d bytes were read, error %v", tt.why, len(data), err)
		}
		r.Close()
	}
}

// headers gives where the headers of an archive's table of contents begin.
func headers(data []byte) []int {
	var at []int
	for i := 0; ; i++ {
		n := bytes.Index(data[i:], []byte("PK\x01\x02"))
		if n < 0 {
			return at
		}
		i += n
		at = append(at, i)
	}
}

// Entries that share their bytes make a small archive huge; those beside them
// are read.
func TestCollectOverlap(t *testing.T) {
	data := pack(t, "a.yaml", "b.yaml", "c.yaml", "d.yaml")
	const offset = 42 // of the local header's offset in a header
	at := headers(data)
	binary.LittleEndian.PutUint32(data[at[2]+offset:], binary.LittleEndian.Uint32(data[at[1]+offset:]))
	class := writeIn(t, t.TempDir(), "class.zip", data)
	const common = "it shares bytes with another entry"
	want := map[string]string{"a.yaml": "", "b.yaml": common, "c.yaml": common, "d.yaml": ""}
	if diff := cmp.Diff(want, under(class, collect(t, class), refused)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// One in which two others lie, apart from each other.
	inner := pack(t, "b.yaml", "c.yaml")
	data = packAll(t, packed{name: "a.yaml", data: string(inner), change: func(*zip.FileHeader) {}}, packed{name: "b.yaml", data: "b.yaml"}, packed{name: "c.yaml", data: "c.yaml"})
	at = headers(data)[len(headers(inner)):]
	for i, h := range headers(inner) {
		from := binary.LittleEndian.Uint32(inner[h+offset:]) + uint32(bytes.Index(data, inner))
		binary.LittleEndian.PutUint32(data[at[i+1]+offset:], from)
	}
	class = writeIn(t, t.TempDir(), "class.zip", data)
	want = map[string]string{"a.yaml": common, "b.yaml": common, "c.yaml": common}
	if diff := cmp.Diff(want, under(class, collect(t, class), refused)); diff != "" {
		t.Errorf("one in another (-want +got):\n%s", diff)
	}

	data = pack(t, "a.yaml", "d.yaml")
	at = headers(data)
	binary.LittleEndian.PutUint32(data[at[1]+offset:], 1<<30) // after the end
	class = writeIn(t, t.TempDir(), "class.zip", data)
	if got := under(class, collect(t, class), refused)["d.yaml"]; !strings.Contains(got, "damaged") {
		t.Errorf("an entry after the end is refused with %q", got)
	}
}

// A whole archive that is not to be read is one input with the reason.
func TestCollectHostileArchives(t *testing.T) {
	good := pack(t, "a.yaml", "b.yaml")
	many := make([]packed, maxEach+1)
	for i := range many {
		many[i] = packed{name: fmt.Sprintf("%d.yaml", i), change: func(*zip.FileHeader) {}}
	}
	large := slices.Clone(many[:maxAll/maxBytes+1])
	for i := range large {
		large[i].change = func(h *zip.FileHeader) { h.UncompressedSize64 = maxBytes }
	}
	wordy := slices.Clone(many[:maxContents>>15+1])
	for i := range wordy {
		wordy[i].change = func(h *zip.FileHeader) { h.Comment = strings.Repeat("x", 1<<15) }
	}
	for _, tt := range []struct {
		data []byte
		why  string
	}{
		{nil, "not a valid zip"},
		{[]byte("no archive at all"), "not a valid zip"},
		{good[:len(good)-30], "not a valid zip"},
		{good[:len(good)/2], "not a valid zip"},
		{packAll(t, many...), "more than 2000 files"},
		{packAll(t, large...), "1073741824 bytes"},
		{packAll(t, wordy...), "table of contents"},
	} {
		dir := tree(t, "alice.yaml")
		writeIn(t, dir, "bob.zip", tt.data)
		got := under(dir, collect(t, dir), refused)
		if len(got) != 2 || got["alice.yaml"] != "" || !strings.Contains(got["bob.zip"], tt.why) {
			t.Errorf("%q: the inputs are %q", tt.why, got)
		}
	}
}

// A class is read by several goroutines; an archive is closed when none reads it
// any more, or a term's worth of archives is more than may be open.
func TestEntriesAtOnce(t *testing.T) {
	var names []string
	for i := range 50 {
		names = append(names, fmt.Sprintf("s%02d.yaml", i))
	}
	class := writeIn(t, t.TempDir(), "class.zip", pack(t, names...))
	in := collect(t, class)
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			for i := range in.Inputs {
				f := &in.Inputs[(i+w*7)%len(in.Inputs)]
				r, err := f.Open()
				if err != nil {
					t.Error(err)
					return
				}
				data, err := io.ReadAll(r)
				if err != nil || string(data) != path.Base(f.Name) {
					t.Errorf("%s reads %q, %v", f.Name, data, err)
				}
				r.Close()
				r.Close()
			}
		})
	}
	workers.Wait()
	if runtime.GOOS == "linux" {
		open, _ := filepath.Glob("/proc/self/fd/*")
		for _, fd := range open {
			if to, _ := os.Readlink(fd); to == class {
				t.Error("the archive is still open")
			}
		}
	}
	if err := os.Remove(class); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Inputs[0].Open(); err == nil {
		t.Error("an archive that is gone is no error")
	}
}

// The limit of an archive's table of contents must not be one of what is read.
func TestEntriesAreLarge(t *testing.T) {
	all := make([]packed, maxContents/maxBytes+1)
	for i := range all {
		all[i] = packed{name: fmt.Sprintf("%d.yaml", i), data: strings.Repeat("x", maxBytes), change: func(*zip.FileHeader) {}}
	}
	in := collect(t, writeIn(t, t.TempDir(), "class.zip", packAll(t, all...)))
	for i := range in.Inputs {
		if n := len(content(t, &in.Inputs[i])); n != maxBytes {
			t.Errorf("%s has %d bytes", in.Inputs[i].Name, n)
		}
	}
}

// FuzzCollectArchive looks for an archive that makes listing or reading it fail,
// or read more than a sheet's worth.
func FuzzCollectArchive(f *testing.F) {
	f.Add(pack(f, "a.yaml", "b/c.yaml", "../d.yaml", "e.pdf"))
	f.Add(packAll(f, packed{name: "a.yaml", data: "x", change: func(h *zip.FileHeader) { h.Flags |= 1 }}))
	f.Add([]byte("PK\x05\x06"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		in := collect(t, writeIn(t, dir, "class.zip", data))
		for _, f := range in.Inputs {
			if !utf8.ValidString(f.Name) || !utf8.ValidString(f.Student.Name) {
				t.Errorf("%q of %q", f.Name, f.Student.Name)
			}
			if f.Refused != "" {
				continue
			}
			if r, err := f.Open(); err == nil {
				if n, _ := io.Copy(io.Discard, io.LimitReader(r, 2*maxBytes)); n > maxBytes+1<<16 {
					t.Errorf("%s has %d bytes", f.Name, n)
				}
				r.Close()
			}
		}
	})
}
