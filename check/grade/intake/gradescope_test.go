package intake

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// As Gradescope's bulk export has it: written by Ruby, with symbols for keys, times
// as text or as objects, earlier submissions, and what an autograder printed.
const gradescope = `---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: '301'
    :email: jane@example.edu
  :created_at: 2026-11-20 10:15:00.123456000 -08:00
  :score: 12.5
  :status: processed
  :history:
  - :id: 99
    :submitters:
    - :name: Mal Ory
      :sid: '666'
    :created_at: 2026-11-19 10:15:00.000000000 -08:00
  :results:
    tests:
    - name: |
        submission_102:
          :submitters:
          - :name: Mal Ory
      output: "submission_103:\n  :submitters:\n  - :name: Mal Ory\n"
submission_102:
  :submitters:
  - :name: "Zo\xEB M\u00FCller"
    :sid: 302
    :email:
  - :name: 'Bo O''Neil'
    :sid:
    :email: bo@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-11-20 18:20:00.000000000 Z
    zone: &2 !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
103.pdf:
  :submitters:
  - :name: Cy Poe
    :sid: '303'
    :email: cy@example.edu
`

// A class from Gradescope has the names, numbers and times of its metadata, in a
// folder as in an archive, and the metadata is no student.
func TestGradescope(t *testing.T) {
	files := map[string]string{
		"submission_101/ws.txt":          aSheet,
		"submission_101/bob_5_6_x.yaml":  aSheet,
		"submission_102/ws.yaml":         aSheet,
		"103.pdf":                        pdf,
		"submission_104/ws.yaml":         aSheet,
		"submission_101/" + metadataName: "submission_102:\n  :submitters:\n  - :name: Mal Ory\n",
		metadataName:                     gradescope,
	}
	dir := t.TempDir()
	var entries []packed
	for name, data := range files {
		writeIn(t, dir, "assignment_77_export/"+name, []byte(data))
		entries = append(entries, packed{name: "assignment_77_export/" + name, data: data})
	}
	class := writeIn(t, t.TempDir(), "export.zip", packAll(t, entries...))
	each, err := filepath.Glob(filepath.Join(dir, "assignment_77_export", "*"))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(f *Input) string {
		at := ""
		if !f.Submitted.IsZero() {
			at = f.Submitted.UTC().Format(time.DateTime)
		}
		return fmt.Sprintf("%v%v%d %s %t", f.Student, f.With, f.Attempt, at, f.Review)
	}
	want := map[string]string{
		"submission_101/ws.txt":          "{ Jane Doe 301  jane@example.edu 0}[]101 2026-11-20 18:15:00 false",
		"submission_101/bob_5_6_x.yaml":  "{ Jane Doe 301  jane@example.edu 0}[]101 2026-11-20 18:15:00 false",
		"submission_101/" + metadataName: "{ Jane Doe 301  jane@example.edu 0}[]101 2026-11-20 18:15:00 false",
		"submission_102/ws.yaml":         "{ Zoë Müller 302   0}[{ Bo O'Neil   bo@example.edu 0}]102 2026-11-20 18:20:00 false",
		"103.pdf":                        "{ Cy Poe 303  cy@example.edu 0}[]0  true",
		"submission_104/ws.yaml":         "{ submission_104    0}[]0  false",
	}
	for _, args := range [][]string{{dir}, {class}, each} {
		in := collect(t, args...)
		base := filepath.Join(dir, "assignment_77_export")
		if args[0] == class {
			base = filepath.Join(class, "assignment_77_export")
		}
		if diff := cmp.Diff(want, under(base, in, ask)); diff != "" {
			t.Errorf("%d arguments (-want +got):\n%s", len(args), diff)
		}
		if len(in.Passed) != 1 || !strings.HasSuffix(in.Passed[0].Name, "export/"+metadataName) {
			t.Errorf("%d arguments: passed over are %v", len(args), in.Passed)
		}
		var told []string
		for _, r := range in.Remarks {
			told = append(told, r.What)
		}
		wantTold := []string{
			"bob_5_6_x.yaml in it has another student's name; it counts as this student's",
			"2 students handed it in together; it is listed under Zoë Müller, and is also by Bo O'Neil",
			"submission_metadata.yml does not name it; it is listed under its own name",
		}
		for i := range told {
			told[i] = strings.TrimSuffix(told[i], "; if it holds a class, name it alone")
		}
		if diff := cmp.Diff(wantTold, told); diff != "" {
			t.Errorf("%d arguments: told (-want +got):\n%s", len(args), diff)
		}
	}
}

// An export of one student's only file is no student's folder.
func TestGradescopeOfOne(t *testing.T) {
	dir := tree(t)
	writeIn(t, dir, "w/export/103.pdf", []byte(pdf))
	writeIn(t, dir, "w/export/"+metadataName, []byte(gradescope))
	for _, args := range []string{dir, filepath.Join(dir, "w"), filepath.Join(dir, "w", "export")} {
		if in := collect(t, args); len(in.Inputs) != 1 || in.Inputs[0].Student.SIS != "303" {
			t.Errorf("%+v", in.Inputs)
		}
	}
}

// With a roster, Gradescope's students are its rows, by number, address or name; of
// a group each is.
func TestGradescopeAndRoster(t *testing.T) {
	dir := tree(t, "submission_101/ws.yaml", "submission_102/ws.yaml", "103.pdf")
	writeIn(t, dir, metadataName, []byte(gradescope))
	r := roster(t, "Name,Student ID,Login,Email\nJ. D.,301,jd,\nZoe Mueller,999,zm,\n\"O'Neil, Bo\",305,bo,bo@example.edu\nCyrus Poe,,cy,\nNed,309,ned,\n")
	in, err := Collect([]string{dir}, Settings{Roster: r})
	if err != nil {
		t.Fatal(err)
	}
	got := under(dir, in, func(f *Input) string {
		s := f.Student.Login
		for _, with := range f.With {
			s += " " + with.Login
		}
		return s
	})
	want := map[string]string{"submission_101/ws.yaml": "jd", "submission_102/ws.yaml": "zm bo", "103.pdf": "cy"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(in.Missing) != 1 || in.Missing[0].Login != "ned" {
		t.Errorf("missing are %v", in.Missing)
	}
}

// Metadata that is broken, or that somebody who means harm has made, costs what it
// says, and is told.
func TestGradescopeBroken(t *testing.T) {
	jane := "submission_1:\n  :submitters:\n  - :name: Jane\n    :sid: '1'\n"
	group := "submission_1:\n  :submitters:\n" + strings.Repeat("  - :name: X\n    :sid: 2\n", maxGroup+1)
	for _, tt := range []struct {
		why, text string
		want      string // the name of submission_1's student
		told      string
	}{
		{"whole", jane, "Jane", ""},
		{"Windows has saved it", "\ufeff" + strings.ReplaceAll(jane, "\n", "\r\n"), "Jane", ""},
		{"empty", "", "submission_1", "it names no submission"},
		{"no YAML", "\x00\xff{{{\n", "submission_1", "line 1: "},
		{"a photo", jpeg, "submission_1", "line 1: "},
		{"a list", "- submission_1\n", "submission_1", "line 1: "},
		{"cut in a name", "submission_1:\n  :submitters:\n  - :name: 'Ja", "submission_1", "line 3: the name does not end on its line"},
		{"cut in a name, in double quotes", "submission_1:\n  :submitters:\n  - :name: \"Ja\\x", "submission_1", "line 3: "},
		{"a name on two lines", "submission_1:\n  :submitters:\n  - :name: Jane\n      Doe\n", "submission_1", "line 4: a name does not end"},
		{"a name in a block", "submission_1:\n  :submitters:\n  - :name: |-\n      Jane\n", "submission_1", "line 3: "},
		{"an alias", "submission_1:\n  :submitters:\n  - :name: *x\n", "submission_1", "line 3: "},
		{"one of two is broken", "submission_2:\n  :submitters:\n  - :name: 'x\n" + jane, "Jane", "line 3: "},
		{"named twice", jane + strings.Replace(jane, "Jane", "Mal", 1), "Jane", "line 5: it names submission_1 twice"},
		{"a line without end", jane + "  :x: " + strings.Repeat("x", 3*maxLine) + "\nsubmission_2:\n", "Jane", ""},
		{"too many students", group, "submission_1", "more than 100 students"},
		{"nobody", "submission_1:\n  :submitters: []\n  :created_at: 2026-11-20 10:15:00 Z\n", "submission_1", "it names no submission"},
		{"a student without a name", "submission_1:\n  :submitters:\n  - :sid: '7'\n", "7", ""},
		{"a path", strings.ReplaceAll(jane, "submission_1", "../submission_1"), "submission_1", ""},
	} {
		dir := tree(t, "submission_1/ws.yaml", "bob/ws.yaml")
		writeIn(t, dir, metadataName, []byte(tt.text))
		in := collect(t, dir)
		if got := in.Inputs[1].Student.Name; len(in.Inputs) != 2 || got != tt.want || in.Inputs[0].Student.Name != "bob" {
			t.Errorf("%s: the student is %q", tt.why, got)
		}
		told := ""
		for _, r := range in.Remarks {
			if strings.HasSuffix(r.Name, metadataName) {
				told += r.What
			}
		}
		if !strings.Contains(told, tt.told) || (told == "") != (tt.told == "") {
			t.Errorf("%s: told is %q, want %q", tt.why, told, tt.told)
		}
	}
}

// FuzzGradescope looks for metadata that a reader of it does not survive.
func FuzzGradescope(f *testing.F) {
	f.Add(gradescope)
	f.Fuzz(func(t *testing.T, text string) {
		records, _ := readMetadata(strings.NewReader(text))
		for key, r := range records {
			if key == "" || len(r.by) == 0 || len(r.by) > maxGroup {
				t.Errorf("%q is by %v", key, r.by)
			}
		}
	})
}
