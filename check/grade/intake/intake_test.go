package intake

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// tree writes files into a new folder. Each holds its name.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		writeIn(t, dir, name, []byte(name))
	}
	return dir
}

func writeIn(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func collect(t testing.TB, paths ...string) *Intake {
	t.Helper()
	in, err := Collect(paths, Settings{IsSheet: trace.LooksKeyed})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// under gives each input's name below a folder, with what is asked of it.
func under(dir string, in *Intake, ask func(*Input) string) map[string]string {
	got := make(map[string]string)
	for i := range in.Inputs {
		f := &in.Inputs[i]
		got[strings.TrimPrefix(f.Name, filepath.ToSlash(dir)+"/")] = ask(f)
	}
	return got
}

func whose(f *Input) string {
	s := f.Student.Name
	if f.Student.ID != "" {
		s = f.Student.ID + " " + s
	}
	return s
}

func refused(f *Input) string { return f.Refused }

func content(t testing.TB, f *Input) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return string(data)
}

// A folder or archive of a teacher's own is one row a student: who shares a file's
// name with another loses no mark to that one.
func TestCollectNamesStudents(t *testing.T) {
	for _, tt := range []struct {
		why   string
		files []string
		want  map[string]string
	}{
		{"a file is its student's", []string{"alice.yaml", "j.doe.yml"},
			map[string]string{"alice.yaml": "alice", "j.doe.yml": "j.doe"}},
		{"a folder of one file is", []string{"alice/sheet.yaml", "j.doe/raft/sheet.yaml"},
			map[string]string{"alice/sheet.yaml": "alice", "j.doe/raft/sheet.yaml": "j.doe"}},
		{"a folder of several is not", []string{"week1/alice.yaml", "week1/bob.yaml"},
			map[string]string{"week1/alice.yaml": "alice", "week1/bob.yaml": "bob"}},
		{"what systems leave counts for no file", []string{"alice/sheet.yaml", "alice/.DS_Store"},
			map[string]string{"alice/sheet.yaml": "alice"}},
		{"a folder among others is a student's, whatever is in it", []string{"alice/a.yaml", "alice/b.yaml", "bob/a.yaml", "bob/x/c.yaml"},
			map[string]string{"alice/a.yaml": "alice", "alice/b.yaml": "alice", "bob/a.yaml": "bob", "bob/x/c.yaml": "bob"}},
		{"and in what wraps the class", []string{"w/w/alice/a.yaml", "w/w/alice/b.yaml", "w/w/carol.yaml"},
			map[string]string{"w/w/alice/a.yaml": "alice", "w/w/alice/b.yaml": "alice", "w/w/carol.yaml": "carol"}},
		{"beside a file too", []string{"a.yaml", "bob/a.yaml", "bob/c.yaml"},
			map[string]string{"a.yaml": "a", "bob/a.yaml": "bob", "bob/c.yaml": "bob"}},
		{"two of one student", []string{"alice.yaml", "alice.yml", "alice/sheet.yaml"},
			map[string]string{"alice.yaml": "alice", "alice.yml": "alice", "alice/sheet.yaml": "alice"}},
		{"Moodle's folder", []string{"Jane Doe_12_assignsubmission_file_/sub/a.yaml", "Jane Doe_12_assignsubmission_onlinetext/onlinetext.html"},
			map[string]string{"Jane Doe_12_assignsubmission_file_/sub/a.yaml": "12 Jane Doe", "Jane Doe_12_assignsubmission_onlinetext/onlinetext.html": "12 Jane Doe"}},
		{"a student makes another's folder", []string{"Jane_12_assignsubmission_file_/Bob_13_assignsubmission_file_/b_14_15_x.yaml"},
			map[string]string{"Jane_12_assignsubmission_file_/Bob_13_assignsubmission_file_/b_14_15_x.yaml": "12 Jane"}},
		{"what is named like a spreadsheet's command", []string{"=cmd|' C calc'!A0.yaml"},
			map[string]string{"=cmd|' C calc'!A0.yaml": "=cmd|' C calc'!A0"}},
	} {
		dir := tree(t, tt.files...)
		if diff := cmp.Diff(tt.want, under(dir, collect(t, dir), whose)); diff != "" {
			t.Errorf("%s: in a folder (-want +got):\n%s", tt.why, diff)
		}
		class := writeIn(t, t.TempDir(), "class.zip", pack(t, tt.files...))
		if diff := cmp.Diff(tt.want, under(class, collect(t, class), whose)); diff != "" {
			t.Errorf("%s: in an archive (-want +got):\n%s", tt.why, diff)
		}
	}
}

// The arguments may be files, as a shell gives them, of the same name in the
// folders of a class.
func TestCollectArguments(t *testing.T) {
	dir := tree(t, "alice/sheet.yaml", "bob/sheet.yaml", "Jane Doe_12_assignsubmission_file_/a.yaml", "carol.txt", "d_1_2_x.yaml")
	var args []string
	for _, name := range []string{"alice/sheet.yaml", "bob/sheet.yaml", "Jane Doe_12_assignsubmission_file_/a.yaml", "carol.txt", "d_1_2_x.yaml"} {
		args = append(args, filepath.Join(dir, name))
	}
	want := map[string]string{
		"alice/sheet.yaml": "alice", "bob/sheet.yaml": "bob",
		"Jane Doe_12_assignsubmission_file_/a.yaml": "12 Jane Doe", "carol.txt": "carol", "d_1_2_x.yaml": "1 d",
	}
	writeIn(t, dir, "carol.txt", []byte(aSheet))
	in := collect(t, args...)
	if diff := cmp.Diff(want, under(dir, in, whose)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, f := range in.Inputs {
		if f.Refused != "" {
			t.Errorf("%s is refused: %s", f.Name, f.Refused)
		}
	}
	t.Chdir(dir)
	slices.Reverse(args)
	for _, args := range [][]string{args, {dir}, {"."}, {"./alice", "bob/", "Jane Doe_12_assignsubmission_file_", "carol.txt", "d_1_2_x.yaml"}} {
		var names []string
		for _, f := range collect(t, args...).Inputs {
			names = append(names, strings.TrimPrefix(f.Name, filepath.ToSlash(dir)+"/"))
		}
		if !slices.IsSorted(names) || len(names) != len(want) {
			t.Errorf("%q: the order is %q", args, names)
		}
	}
	if _, err := Collect([]string{dir, filepath.Join(dir, "nobody.yaml")}, Settings{}); err == nil {
		t.Error("a file that does not exist is no error")
	}
}

// The key among the submissions would be a student with all points.
func TestCollectPassesOver(t *testing.T) {
	dir := tree(t, "key.yaml", "alice.yaml", "sub/._alice.yaml", "sub/Thumbs.db", "__MACOSX/._a.yaml", ".git/a.yaml")
	key, err := os.Stat(filepath.Join(dir, "key.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeIn(t, dir, "class.zip", pack(t, "__MACOSX/class/._a.yaml", "class/", "class/a.yaml", "class/.hidden/b.yaml"))
	in, err := Collect([]string{dir, filepath.Join(dir, "alice.yaml")}, Settings{Keys: []os.FileInfo{key}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"alice.yaml", "class.zip/class/a.yaml"}
	var got []string
	for _, f := range in.Inputs {
		got = append(got, strings.TrimPrefix(f.Name, filepath.ToSlash(dir)+"/"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	passed := make(map[string]string)
	for _, p := range in.Passed {
		passed[strings.TrimPrefix(p.Name, filepath.ToSlash(dir)+"/")] = p.Why
	}
	wantPassed := map[string]string{
		".git": debrisWhy, "__MACOSX": debrisWhy, "sub/._alice.yaml": debrisWhy, "sub/Thumbs.db": debrisWhy,
		"class.zip/__MACOSX/class/._a.yaml": debrisWhy, "class.zip/class/.hidden/b.yaml": debrisWhy,
		"key.yaml": "the sheets are marked by it", "alice.yaml": "it is named twice",
	}
	if diff := cmp.Diff(wantPassed, passed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// One student's hundreds of sheets must not be marked while the others wait. The
// last are those that count.
func TestCollectLimitsEach(t *testing.T) {
	var names []string
	for i := range 3 * maxOwn {
		names = append(names, fmt.Sprintf("x%02d.yaml", i))
	}
	dir := tree(t, "bob_1_2_x.yaml", "jane_9_1000_x.yaml")
	writeIn(t, dir, "jane_9_7_x.zip", pack(t, names...))
	in := collect(t, dir)
	opened := make(map[string]int)
	for _, f := range in.Inputs {
		if f.Refused == "" {
			opened[f.Student.Name]++
			f.Open()
		}
	}
	if len(in.Inputs) != len(names)+2 || opened["bob"] != 1 || opened["jane"] != maxOwn {
		t.Errorf("of %d inputs %v are opened", len(in.Inputs), opened)
	}
	got := under(dir, in, refused)
	if got["jane_9_1000_x.yaml"] != "" || got["jane_9_7_x.zip/x59.yaml"] != "" || got["jane_9_7_x.zip/x00.yaml"] == "" {
		t.Errorf("the last sheets are not those that are opened: %q", got)
	}
}

// Names that are no UTF-8 must come out as such, or reports break, and still be
// two where they are two, or one student has the other's mark.
func TestCollectNamesInOtherEncodings(t *testing.T) {
	// As the archiver of Windows writes Müller and Méller: in code page 437.
	class := writeIn(t, t.TempDir(), "class.zip", pack(t, "M\x81ller.yaml", "M\x82ller.yaml", "Zoë.yaml", "\x1b[2J.yaml", strings.Repeat("n", 300)+".yaml"))
	got := under(class, collect(t, class), whose)
	want := map[string]string{"Müller.yaml": "Müller", "Méller.yaml": "Méller", "Zoë.yaml": "Zoë", "\x1b[2J.yaml": "\x1b[2J",
		strings.Repeat("n", 300) + ".yaml": strings.Repeat("n", 300)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(codePage437) != 128 || codePage437[0xe1-128] != 'ß' || codePage437[0x94-128] != 'ö' {
		t.Errorf("code page 437 has %d characters: %q", len(codePage437), high)
	}

	dir := t.TempDir()
	if os.WriteFile(filepath.Join(dir, "M\x81ller.yaml"), nil, 0o600) != nil {
		t.Skip("this file system has no such names")
	}
	writeIn(t, dir, "M\x82ller.yaml", []byte("x"))
	in := collect(t, dir)
	if diff := cmp.Diff(map[string]string{`M\x81ller.yaml`: `M\x81ller`, `M\x82ller.yaml`: `M\x82ller`}, under(dir, in, whose)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := content(t, &in.Inputs[1]); got != "x" {
		t.Errorf("it reads %q", got)
	}
}

// randomNames gives names of files in folders, among them what is refused and
// what is passed over; no name is a folder's too.
func randomNames(r *rand.Rand) []string {
	folders := []string{"", "", "alice/", "bob/", "Jane_1_assignsubmission_file_/", "__MACOSX/", ".git/", "deep/er/"}
	names := []string{"a.yaml", "sheet.yml", "B.YAML", "note.txt", ".DS_Store", "x_1_2_a.yaml", "noext", "Thumbs.db", "é.yaml"}
	seen := make(map[string]bool)
	var all []string
	for range 1 + r.IntN(12) {
		name := folders[r.IntN(len(folders))] + folders[r.IntN(len(folders))] + names[r.IntN(len(names))]
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// The law: every file in a tree is an input, or in what is passed over; what is
// opened is that file; and an archive of the tree comes to the same.
func TestCollectDropsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range wide.Of(10, 40) {
		names := randomNames(r)
		dir := tree(t, names...)
		in := collect(t, dir)
		all := under(dir, in, func(f *Input) string { return fmt.Sprint(whose(f), f.Late, f.Attempt, f.Refused) })
		passed := func(name string) bool {
			return slices.ContainsFunc(in.Passed, func(p Passed) bool {
				p.Name = strings.TrimPrefix(p.Name, filepath.ToSlash(dir)+"/")
				return p.Name == name || strings.HasPrefix(name, p.Name+"/")
			})
		}
		for _, name := range names {
			if _, ok := all[name]; ok == passed(name) {
				t.Errorf("of %q, %s is an input: %v, and passed over: %v", names, name, ok, !ok)
			}
		}
		for i := range in.Inputs {
			f := &in.Inputs[i]
			if f.Refused == "" && content(t, f) != strings.TrimPrefix(f.Name, filepath.ToSlash(dir)+"/") {
				t.Errorf("%s is not that file", f.Name)
			}
		}
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		class := writeIn(t, t.TempDir(), "class.zip", pack(t, names...))
		zipped := under(class, collect(t, class), func(f *Input) string { return fmt.Sprint(whose(f), f.Late, f.Attempt, f.Refused) })
		if diff := cmp.Diff(all, zipped); diff != "" {
			t.Errorf("an archive of %q (-folder +archive):\n%s", names, diff)
		}
	}
}

// A folder that was named by mistake must not be listed without end, and a file
// that is no sheet for its size not be read.
func TestCollectLargeFolders(t *testing.T) {
	dir := tree(t, "a.yaml", "b.yaml", "c/d.yaml")
	for most, ok := range map[int]bool{2: false, 3: true} {
		if err := newCollector(Settings{}, most).arguments([]string{dir}); (err == nil) != ok {
			t.Errorf("of three files with room for %d: %v", most, err)
		}
	}
	if err := os.Truncate(filepath.Join(dir, "a.yaml"), maxBytes); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "b.yaml"), maxBytes+1); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a.yaml": "", "b.yaml": "it is larger than 1048576 bytes", "c/d.yaml": ""}
	if diff := cmp.Diff(want, under(dir, collect(t, dir), refused)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What has taken a file's place since it was listed was not handed in.
func TestOpenFindsAnotherFile(t *testing.T) {
	dir := tree(t, "a.yaml")
	other := tree(t, "b.yaml")
	in := collect(t, dir)
	if err := os.Rename(filepath.Join(other, "b.yaml"), filepath.Join(dir, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Inputs[0].Open(); err == nil {
		t.Error("another file is opened")
	}
}

// Marks of a sheet that its student saves while the class is marked are told to be
// of what was read.
func TestChanged(t *testing.T) {
	dir := tree(t, "a.yaml", "b.yaml", "c.yaml", "d.yaml")
	in := collect(t, dir)
	if got := in.Changed(); len(got) > 0 {
		t.Errorf("changed: %q", got)
	}
	writeIn(t, dir, "a.yaml", []byte("longer than before"))
	if err := os.Remove(filepath.Join(dir, "b.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "d.yaml"), filepath.Join(dir, "c.yaml")); err != nil {
		t.Fatal(err)
	}
	if got := in.Changed(); len(got) != 4 || !strings.HasSuffix(got[0], "a.yaml") {
		t.Errorf("changed: %q", got)
	}
}

// A sheet that cannot be read whole has a reason that the student is shown, and
// is never marked in part.
func TestRead(t *testing.T) {
	opens := func(r io.Reader) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return io.NopCloser(r), nil }
	}
	for _, tt := range []struct {
		why  string
		in   Input
		want string // of the error
	}{
		{"as large as a sheet may be", Input{Open: opens(strings.NewReader(strings.Repeat("x", maxBytes)))}, ""},
		{"larger than its archive said", Input{Open: opens(strings.NewReader(strings.Repeat("x", maxBytes+1)))}, "it is larger than 1048576 bytes"},
		{"the disk fails midway", Input{Open: opens(io.MultiReader(strings.NewReader("nodes: 3"), iotest.ErrReader(io.ErrUnexpectedEOF)))}, "it cannot be read: unexpected EOF"},
		{"gone", Input{Open: func() (io.ReadCloser, error) { return nil, fs.ErrNotExist }}, "it cannot be opened: file does not exist"},
		{"refused, which has no Open", Input{Refused: "it is a device"}, "it is a device"},
	} {
		data, err := tt.in.Read()
		if tt.want == "" && (err != nil || len(data) != maxBytes) {
			t.Errorf("%s: %d bytes, %v", tt.why, len(data), err)
		}
		if tt.want != "" && (err == nil || err.Error() != tt.want || data != nil) {
			t.Errorf("%s: %d bytes, %v; want %s", tt.why, len(data), err, tt.want)
		}
	}
}
