package intake

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// The places in which two students hand in: an LMS or the instructor named these.
// What is in a folder or an archive, its student names.
var places = map[string][]string{
	"alice": {"alice/", "alice.zip/", "Alice_4_assignsubmission_file_/", "alice_4_8_w.zip/", "submission_4/"},
	"bob":   {"bob/", "bob.zip/", "Bob_5_assignsubmission_file_/", "bob_5_7_w.zip/", "bob.yaml", "bob_5_7_s.yaml", "submission_5/"},
}

// What Gradescope says of them, and who they are.
const (
	ofBoth  = "submission_4:\n  :submitters:\n  - :name: alice\n    :sid: '4'\nsubmission_5:\n  :submitters:\n  - :name: bob\n    :sid: '5'\n"
	bothIDs = "id,login\n4,alice\n5,bob\n"
)

// What a student may call a file, and what an LMS would call one of bob's, or of
// alice's.
var claimed = []string{
	"sheet.yaml", "bob.yaml", "bob/x.yaml", "bob_5_99_s.yaml", "bob_5_text.html",
	"Bob_5_assignsubmission_file_/x.yaml", "x/alice_4_99_s.yaml", ".DS_Store",
	"submission_metadata.yml", "submission_5/x.yaml", "bob.txt", "bob.jpg",
}

// holds is what is in a file of that name: of metadata, that all is the other's.
func holds(name string) string {
	switch {
	case strings.HasSuffix(name, metadataName):
		return strings.NewReplacer("'4'", "'5'", "'5'", "'4'", "alice", "bob", "bob", "alice").Replace(ofBoth)
	case strings.HasSuffix(name, ".jpg"):
		return jpeg
	}
	return name
}

// handIn writes files of each student's place into a folder: into an archive where
// the place is one.
func handIn(t *testing.T, dir string, files map[string][]string) {
	t.Helper()
	for place, names := range files {
		at := strings.TrimSuffix(place, "/")
		switch {
		case len(names) == 0 || at == place:
			writeIn(t, dir, at, []byte(place))
		case strings.HasSuffix(at, ".zip"):
			var all []packed
			for _, name := range names {
				all = append(all, packed{name: name, data: holds(name)})
			}
			writeIn(t, dir, at, packAll(t, all...))
		default:
			for _, name := range names {
				writeIn(t, dir, at+"/"+name, []byte(holds(name)))
			}
		}
	}
}

// outcomes gives, by name, all that intake says of the files of a place.
func outcomes(dir, place string, in *Intake) map[string]string {
	all := under(dir, in, func(f *Input) string { return fmt.Sprint(whose(f), f.Late, f.Attempt, f.Refused, f.Review) })
	maps.DeleteFunc(all, func(name, _ string) bool { return !strings.HasPrefix(name, place) })
	return all
}

// The law: no file of one student changes what comes of another's. If it fails, a
// student can give another a 0.
func TestNoFileChangesAnothersOutcome(t *testing.T) {
	for i, a := range places["alice"] {
		for j, b := range places["bob"] {
			if wide.Of((i+j)%3 > 0, false) {
				continue
			}
			forms := []string{"folder"}
			if wide.Of(a == "alice/" || a == "submission_4/", true) {
				forms = append(forms, "wrapped", "each", "roster")
			}
			for _, form := range forms {
				t.Run(a+" "+b+" "+form, func(t *testing.T) {
					t.Parallel()
					tryClaims(t, a, b, form)
				})
			}
		}
	}
}

func tryClaims(t *testing.T, a, b, form string) {
	set := Settings{IsSheet: trace.LooksKeyed}
	if form == "roster" {
		set.Roster = roster(t, bothIDs)
	}
	list := func(alices, bobs string) (alice, bob map[string]string) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		class := dir
		if form == "wrapped" {
			class = filepath.Join(dir, "class", "of", "2026")
		}
		handIn(t, class, map[string][]string{a: {alices}, b: {bobs}})
		args := []string{dir}
		if form == "each" {
			args = []string{filepath.Join(dir, a), filepath.Join(dir, b)}
		}
		if strings.Contains(a+b, "submission") {
			said := writeIn(t, class, metadataName, []byte(ofBoth))
			if form == "each" {
				args = append(args, said)
			}
		}
		in, err := Collect(args, set)
		if err != nil {
			t.Fatal(err)
		}
		return outcomes(class, a, in), outcomes(class, b, in)
	}
	all := form == "folder" && wide.Of(a == "alice/" && (b == "bob/" || b == "bob.yaml"), true)
	for _, y := range claimed {
		_, want := list("sheet.yaml", y)
		for _, x := range claimed {
			if !all && x != y { // the same is the worst
				continue
			}
			alice, bob := list(x, y)
			if diff := cmp.Diff(want, bob); diff != "" {
				t.Fatalf("with alice's %s, bob's %s is (-want +got):\n%s", x, y, diff)
			}
			for name, got := range alice {
				if strings.HasPrefix(got, "5 ") || strings.Contains(got, "bob") {
					t.Fatalf("alice's %s is %s", name, got)
				}
			}
		}
	}
}

// A name that counts for nothing is told, once for each student, since the
// instructor may have meant it.
func TestClaimsAreRemarks(t *testing.T) {
	dir := tree(t, "alice/sheet.yaml", "alice/bob_5_99_s.yaml", "bob/sheet.yaml",
		"Carol_6_assignsubmission_file_/carol_6_1_s.yaml", "dan/bob_5_1_s.yaml", "dan/Eve_7_assignsubmission_file_/s.yaml")
	var got []string
	for _, r := range collect(t, dir).Remarks {
		got = append(got, strings.TrimPrefix(r.Name, filepath.ToSlash(dir)+"/")+": "+r.What)
	}
	want := []string{
		"alice: bob_5_99_s.yaml in it has another student's name; it counts as this student's",
		"dan: 2 files in it, such as Eve_7_assignsubmission_file_/s.yaml, have other students' names; they count as this student's",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	both := collect(t, filepath.Join(dir, "alice"), filepath.Join(dir, "bob")).Remarks
	if len(both) != 1 || !strings.HasSuffix(both[0].What, "; if it holds a class, name it alone") {
		t.Errorf("where each is named: %v", both)
	}
}

// A student's node_modules must not keep a class from being marked.
func TestTooManyFilesCostOneStudent(t *testing.T) {
	if maxFiles < maxEach {
		t.Fatal("a class has less room than a student")
	}
	var many []string
	for i := range maxFiles + 1 {
		many = append(many, fmt.Sprintf("alice/node_modules/m%d/x%d.js", i%7, i))
	}
	files := append(many, "alice/sheet.yaml", "bob/sheet.yaml", "carol_6_1_s.yaml")
	want := map[string]string{"alice": "alice " + tooMany, "bob/sheet.yaml": "bob ", "carol_6_1_s.yaml": "6 carol "}
	ask := func(f *Input) string { return whose(f) + " " + f.Refused }
	class := writeIn(t, t.TempDir(), "class.zip", pack(t, files...))
	if diff := cmp.Diff(want, under(class, collect(t, class), ask)); diff != "" {
		t.Errorf("in an archive (-want +got):\n%s", diff)
	}

	many = many[:maxEach+1]
	dir := tree(t, append(many[:maxEach+1:maxEach+1], files[maxFiles+1:]...)...)
	if diff := cmp.Diff(want, under(dir, collect(t, dir), ask)); diff != "" {
		t.Errorf("in a folder (-want +got):\n%s", diff)
	}
	if err := os.RemoveAll(filepath.Join(dir, "alice")); err != nil {
		t.Fatal(err)
	}
	writeIn(t, dir, "alice.zip", pack(t, many...))
	want["alice.zip"] = want["alice"]
	delete(want, "alice")
	if diff := cmp.Diff(want, under(dir, collect(t, dir), ask)); diff != "" {
		t.Errorf("as an archive (-want +got):\n%s", diff)
	}
}
