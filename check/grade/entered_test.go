package grade_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

const enteredKey = "nodes: 3\nsteps:\n- id: RV1\n  requestVote: {candidateId: 1}\n  response: {2: , 3: }\n  state: {1: {role: }}\n"

// enteredSheet is a sheet as the marker's page writes one.
func enteredSheet(student, answer string) string {
	return fmt.Sprintf("title:\nstudent: %s\nnodes: 3\nsteps:\n- id: RV1\n  requestVote: {candidateId: 1}\n  response: {2: ok, 3: %s}\n  state: {1: {role: leader}}\n", student, answer)
}

const enteredRoster = "Student,ID,SIS Login ID,email\n\"Abbot, Mia\",4101,mabbot,mia@example.edu\n\"Baker, Noah\",4102,nbaker,noah@example.edu\n\"Chen, Lily\",4103,lchen,lily@example.edu\n"

func enteredClass(t *testing.T) *intake.Roster {
	t.Helper()
	r, err := intake.ReadRoster([]byte(enteredRoster))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// marked marks what was handed in against the key, and gives a line for each sheet.
func marked(t *testing.T, in *intake.Intake) (lines []string) {
	t.Helper()
	f, err := trace.Parse("key.yaml", []byte(enteredKey), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	key, err := grade.NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	class := grade.MarkAll(key, in.Inputs, grade.Settings{})
	for i := range class.Submissions {
		s := &class.Submissions[i]
		line := fmt.Sprintf("%s: %s, %s", s.Name, s.Student.Name, s.Outcome)
		if counts, ok := s.Counts(); ok {
			line += " " + counts.String()
		} else {
			line += " " + s.Why
		}
		lines = append(lines, line)
	}
	return lines
}

// A file of sheets has a student's sheet in each document, whatever is damaged in the
// others. If this fails, one slip in a file of thirty sheets costs thirty students.
func TestEnter(t *testing.T) {
	damaged := strings.Replace(enteredSheet(`"lchen" # Chen, Lily`, "ok"), "nodes: 3", `nodes: "`, 1)
	for _, tt := range []struct {
		why, text string
		want      []string
		remarks   string
	}{
		{"a document each", "# a heading\n---\n" + enteredSheet(`"4101" # Abbot, Mia`, "ok") + "---\n" + enteredSheet("mabbot@elsewhere, or whoever", "no") + "---\n" + enteredSheet("noah@example.edu", "no"),
			[]string{"in.yaml/4101: Abbot, Mia, marked 3", "in.yaml/noah@example.edu: Baker, Noah, marked 2", "in.yaml/mabbot@elsewhere, or whoever: mabbot@elsewhere, or whoever, marked 2"},
			"in.yaml:13: the roster has no mabbot@elsewhere, or whoever"},
		{"with the line ends of Windows, and a mark at the beginning", "\ufeff" + strings.ReplaceAll(enteredSheet("4101", "ok")+"---\n"+enteredSheet("4102", "no"), "\n", "\r\n"),
			[]string{"in.yaml/4101: Abbot, Mia, marked 3", "in.yaml/4102: Baker, Noah, marked 2"}, ""},
		{"one that is no YAML", enteredSheet("4101", "ok") + "---\n" + damaged + "---\n" + enteredSheet("4102", "no"),
			[]string{"in.yaml/4101: Abbot, Mia, marked 3", "in.yaml/4102: Baker, Noah, marked 2", "in.yaml/lchen: Chen, Lily, malformed in.yaml:12:8: this quote is never closed"}, ""},
		{"an answer that nobody could read", enteredSheet("4101", "unreadable") + "---\n" + enteredSheet("4102", `"?oh"`),
			[]string{"in.yaml/4101: Abbot, Mia, marked 2 to 3", "in.yaml/4102: Baker, Noah, marked 2 to 3"}, ""},
		{"a line between two that is damaged", enteredSheet("4101", "ok") + "--\n" + enteredSheet("4102", "no"),
			[]string{"in.yaml/4101: Abbot, Mia, marked 3", "in.yaml/4102: Baker, Noah, marked 2"}, ""},
		{"nobody's", enteredSheet("4101", "ok") + "---\n" + enteredSheet("", "no"),
			[]string{"in.yaml/4101: Abbot, Mia, marked 3", "in.yaml/document 2: document 2, marked 2"}, "in.yaml:11: this sheet does not say whose it is"},
		{"a name in a text over several lines", enteredSheet(">-\n  Mia\n  Abbot", "ok"),
			[]string{"in.yaml/Mia Abbot: Abbot, Mia, marked 3"}, ""},
	} {
		in := &intake.Intake{Missing: slices.Clone(enteredClass(t).Students)}
		if errs := grade.Enter(in, []grade.Entered{{Name: "in.yaml", Data: []byte(tt.text)}}, enteredClass(t)); errs != nil {
			t.Errorf("%s: %v", tt.why, errs)
		}
		got := marked(t, in)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.why, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
		var remarks string
		for _, r := range in.Remarks {
			remarks += r.Name + ": " + r.What + "\n"
		}
		if (tt.remarks == "") != (remarks == "") || !strings.Contains(remarks, tt.remarks) {
			t.Errorf("%s: the remarks are %q; want %q", tt.why, remarks, tt.remarks)
		}
		if n := len(in.Missing); n != 3-strings.Count(strings.Join(got, "\n"), ", M")-strings.Count(strings.Join(got, "\n"), ", N")-strings.Count(strings.Join(got, "\n"), ", L") {
			t.Errorf("%s: %d of the roster are missing", tt.why, n)
		}
	}
}

// Two sheets of one student are an error with both places; what is not a sheet, such
// as a photo of the paper, is none. If this fails, a student gets the mark of whichever
// sheet comes last.
func TestEnterTwice(t *testing.T) {
	handedIn := func(s grade.Student, refused string) *intake.Intake {
		in := intake.Typed("class/mia.yaml", "", 0, s, []byte(enteredSheet("", "no")))
		in.In, in.Refused = "", refused
		if refused != "" {
			in.Open = nil
		}
		return &intake.Intake{Inputs: []grade.Input{in}}
	}
	mia := grade.Student{ID: "4101", Name: "abbotmia"}
	row := enteredClass(t).Students[0]
	one, other := enteredSheet("4101", "ok"), "\n"+enteredSheet("mabbot", "ok")
	for _, tt := range []struct {
		why    string
		in     *intake.Intake
		files  []string
		roster *intake.Roster
		want   string
	}{
		{"in two files, under two of her numbers", &intake.Intake{}, []string{one, other}, enteredClass(t), "b.yaml:3:1: Abbot, Mia has a sheet here and another one in a.yaml:2; leave one of them out"},
		{"in one file", &intake.Intake{}, []string{one + "---" + other}, nil, ""},
		{"in one file, with the roster", &intake.Intake{}, []string{one + "---" + other}, enteredClass(t), "a.yaml:11:1: Abbot, Mia has a sheet here and another one in a.yaml:2; leave one of them out"},
		{"handed in too", handedIn(row, ""), []string{one}, enteredClass(t), "a.yaml:2:1: Abbot, Mia has a sheet here and another one in class/mia.yaml; leave one of them out"},
		{"handed in too, by the LMS's number alone", handedIn(mia, ""), []string{one}, nil, "a.yaml:2:1: abbotmia has a sheet here and another one in class/mia.yaml; leave one of them out"},
		{"a photo", handedIn(mia, "it is a photo"), []string{one}, nil, ""},
	} {
		var files []grade.Entered
		for i, text := range tt.files {
			files = append(files, grade.Entered{Name: string(rune('a'+i)) + ".yaml", Data: []byte(text)})
		}
		got := ""
		if errs := grade.Enter(tt.in, files, tt.roster); errs != nil {
			got = errs.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q; want %q", tt.why, got, tt.want)
		}
		if tt.why == "a photo" {
			if got, want := strings.Join(marked(t, tt.in), "\n"), "a.yaml/4101: abbotmia, marked 3\nclass/mia.yaml: abbotmia, superseded of this student's submissions a.yaml/4101 counts; this one is refused: it is a photo"; got != want {
				t.Errorf("%s: %s; want %s", tt.why, got, want)
			}
		}
	}
}

// What cannot be a file of sheets is an error, and nothing of it is marked in silence.
func TestEnterNothing(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "in.yaml: this file has 0 sheets"},
		{"# a heading\n---\n\n---\n# nothing\n", "in.yaml: this file has 0 sheets"},
		{"\xff\xfes\x00", "in.yaml: this is not text in UTF-8"},
		{strings.Repeat("---\na: 1\n", 5001), "in.yaml: this file has 5001 sheets"},
	} {
		in := &intake.Intake{}
		errs := grade.Enter(in, []grade.Entered{{Name: "in.yaml", Data: []byte(tt.text)}}, nil)
		if errs == nil || !strings.HasPrefix(errs.Error(), tt.want) || len(in.Inputs) > 0 {
			t.Errorf("%.20q: %v, and %d inputs; want %s", tt.text, errs, len(in.Inputs), tt.want)
		}
	}
}

// A sheet has the bytes of its document, wherever in its file that is. If this fails, a
// decision on one is lost when another is typed in before it.
func TestEnterBytes(t *testing.T) {
	bytes := func(text string, nth int) string {
		in := &intake.Intake{}
		if errs := grade.Enter(in, []grade.Entered{{Name: "in.yaml", Data: []byte(text)}}, nil); errs != nil {
			t.Fatal(errs)
		}
		r, err := in.Inputs[nth].Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	mia, noah := "---\n"+enteredSheet("4101", "ok"), "---\n"+enteredSheet("4102", "ok")
	if one, other := bytes("# 1 of 3\n"+noah, 0), bytes("# 2 of 3\n"+mia+noah, 1); one != other || one != noah {
		t.Errorf("Noah's sheet alone is %q, and after Mia's %q", one, other)
	}
}

// A sheet that was begun on the marker's page and not finished is not marked, and its
// student is not told to have handed in nothing.
func TestEnterBegun(t *testing.T) {
	begun := "# begun, and not finished:\n" + commented(enteredSheet(`"4102" # Baker, Noah`, "no"))
	for _, c := range []struct{ why, text, begun, missing string }{
		{"begun", "# a heading\n" + begun + "---\n" + enteredSheet("4101", "ok"), "[4102]", "[4103]"},
		{"begun, and in the other file finished", begun + "---\n" + enteredSheet("4101", "ok") + "---\n" + enteredSheet("4102", "ok"), "[]", "[4103]"},
		{"a comment that is not one", commented(enteredSheet("4102", "no")) + "---\n" + enteredSheet("4101", "ok"), "[]", "[4102 4103]"},
	} {
		in := &intake.Intake{Missing: slices.Clone(enteredClass(t).Students)}
		if errs := grade.Enter(in, []grade.Entered{{Name: "in.yaml", Data: []byte(c.text)}}, enteredClass(t)); errs != nil {
			t.Errorf("%s: %v", c.why, errs)
		}
		if got := fmt.Sprint(ids(in.Begun)); got != c.begun {
			t.Errorf("%s: begun are %s, want %s", c.why, got, c.begun)
		}
		if got := fmt.Sprint(ids(in.Missing)); got != c.missing {
			t.Errorf("%s: missing are %s, want %s", c.why, got, c.missing)
		}
	}
}

// commented is a text as the page keeps what is not finished.
func commented(text string) string {
	return "#   " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n#   ") + "\n"
}

func ids(all []grade.Student) []string {
	out := []string{}
	for _, s := range all {
		out = append(out, s.ID)
	}
	return out
}
