package lms

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
)

// What a person has typed in stays: a score that differs, and a comment. Both are
// told.
func TestFillKeeps(t *testing.T) {
	export := "Identifier,Full name,Grade,Maximum Grade,Feedback comments\n" +
		"Participant 11,A,17.00,6.5,\nParticipant 12,B,,6.5,see me\nParticipant 13,C,6.50,6.5,\n"
	c := bookClass(t, bookNamed("a", "11", "A"), bookNamed("b", "12", "B"), bookNamed("c", "13", "C"))
	out, report, err := FillGradebook([]byte(export), c, Filling{})
	if err != nil {
		t.Fatal(err)
	}
	if rows := readCSV(t, string(out)); rows[1][2] != "17.00" || rows[1][4] != "" || rows[2][2] != "6.5" || rows[2][4] != "see me" || rows[3][4] == "" {
		t.Errorf("%q", rows)
	}
	want := []string{"A (11): 17.00 is there, and the mark is 6.5", `B (12): the comment "see me" is there`, "what differs was not written over; --overwrite does it"}
	if d := cmp.Diff(want, report.Remarks); d != "" || report.Filled != 2 {
		t.Errorf("%d filled in; -want +got\n%s", report.Filled, d)
	}
	again, _, err := FillGradebook(out, c, Filling{})
	if err != nil || string(again) != string(out) {
		t.Errorf("a second time it is not the same: %v\n%s", err, again)
	}
}

// What could not be read is never a mark: the row stays as it is, unless somebody
// asks for zeros.
func TestFillWaiting(t *testing.T) {
	export := rowsExport("A,11,,,3", "B,12,,,", "C,13,,,")
	photo := grade.Input{Name: "photo.jpg", Student: grade.Student{ID: "11", Name: "A"}, Refused: "it is a photo"}
	open := bookInput("b.yaml", grade.Student{ID: "12", Name: "B"}, strings.Replace(bookAdaText, "2: ok", "2: perhaps", 1))
	c := bookClass(t, photo, open, bookNamed("c", "13", "C"))
	out, report, err := FillGradebook([]byte(export), c, Filling{Overwrite: true})
	if err != nil || !strings.Contains(string(out), "A,11,,,3\nB,12,,,\nC,13,,,6.5\n") || report.Filled != 1 {
		t.Errorf("%v, %+v\n%s", err, report, out)
	}
	if said := strings.Join(report.Remarks, "\n"); !strings.Contains(said, "A (11): refused: it is a photo. The row is left as it is") || !strings.Contains(said, "B (12): to review: ") {
		t.Errorf("it remarks %q", said)
	}
	out, _, err = FillGradebook([]byte(export), c, Filling{Overwrite: true, ZeroUnread: true})
	if err != nil || !strings.Contains(string(out), "A,11,,,0\nB,12,,,5.5\nC,13,,,6.5\n") {
		t.Errorf("with zeros: %v\n%s", err, out)
	}
}

// A student's file may have the name that the school knows: a login, an address or
// a number.
func TestFillKnownAs(t *testing.T) {
	export := "Student,ID,SIS User ID,SIS Login ID,Section,Sheet (1)\n\"Byron, Ada\",11,s007,ab12@x.edu,A,\n\"Moog, Bob\",12,s008,bm3,A,\n"
	for name, row := range map[string]string{"ab12": "11,s007,ab12@x.edu,A,6.5", "AB12@x.edu": "11,s007,ab12@x.edu,A,6.5", "s007": "11,s007,ab12@x.edu,A,6.5", "bm3": "12,s008,bm3,A,6.5"} {
		out, report, err := FillGradebook([]byte(export), bookClass(t, bookNamed("f", "", name)), Filling{})
		if err != nil || !strings.Contains(string(out), row) {
			t.Errorf("%s: %v, %+v\n%s", name, err, report, out)
		}
	}
	// So may the roster, and Gradescope, whatever they call the student.
	for _, by := range []grade.Student{{Name: "A. B.", SIS: "s007"}, {Name: "A. B.", Email: "AB12@x.edu"}, {Name: "Bob Moog", Login: "ab12", Row: 2}, {ID: "s007", Name: "A. B.", Row: 2}} {
		out, report, err := FillGradebook([]byte(export), bookClass(t, bookInput("f", by, bookAdaText)), Filling{})
		if err != nil || !strings.Contains(string(out), "11,s007,ab12@x.edu,A,6.5") {
			t.Errorf("%+v: %v, %+v\n%s", by, err, report, out)
		}
	}
	if out, _, _ := FillGradebook([]byte(export), bookClass(t, bookInput("f", grade.Student{ID: "s007", Name: "A. B."}, bookAdaText)), Filling{}); string(out) != export {
		t.Errorf("a number of the LMS's is taken for one of the school's:\n%s", out)
	}
}

// A group's sheet fills the row of everybody who handed it in.
func TestFillGroup(t *testing.T) {
	in := bookNamed("g", "11", "A")
	in.With = []grade.Student{{ID: "12", Name: "B"}, {Email: "c@x.edu", Name: "C"}}
	export := "Student,ID,SIS User ID,SIS Login ID,Section,Sheet (1)\nA,11,,a,S,\nB,12,,b,S,\nC,13,,c@x.edu,S,\nD,14,,d,S,\n"
	out, report, err := FillGradebook([]byte(export), bookClass(t, in), Filling{})
	if err != nil || report.Filled != 3 || strings.Count(string(out), "6.5") != 3 || !strings.Contains(string(out), "D,14,,d,S,\n") {
		t.Errorf("%v, %+v\n%s", err, report, out)
	}
}
