package lms

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

// bookFill fills an export in, which has to succeed.
func bookFill(t *testing.T, export, column string, c *grade.Class) (string, FillReport) {
	t.Helper()
	out, report, err := FillGradebook([]byte(export), c, Filling{Column: column, Overwrite: true})
	if err != nil {
		t.Fatalf("%v of\n%s", err, export)
	}
	return string(out), report
}

// canvasExport is as Canvas writes one: spaces before Points Possible, a row for
// what is posted by hand, a student view, totals that are read only. What a
// spreadsheet might have made of it is here too: a byte order mark, CRLF, quotes
// where none are needed, a blank line, spaces, no line end at the end.
const canvasExport = "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,\"Raft, on paper (501)\",Final exam (502),Current Score,Final Score (2026)\r\n" +
	",,,,,Manual Posting,,,\r\n" +
	"    Points Possible,,,,,6.50,20.00,(read only),(read only)\r\n" +
	"\"Byron, Ada\",11,,ada@x.edu,\"A, B and C\",,17.00,85.00,85.00\r\n" +
	"\"Moog, Bob\",12,\"007\",bob@x.edu, A ,\"3.00\",,,\r\n" +
	"\r\n" +
	"\"Quux, \"\"Q\"\"\",13,,q@x.edu,A,2.5,,,\r\n" +
	"\"Student, Test\",99,,,A,,,,"

// Canvas reads headers to the letter, and a blank cell clears a grade. Only the
// cells of students with a submission may change, in a file that is otherwise the
// same to the byte.
func TestFillCanvas(t *testing.T) {
	want := strings.NewReplacer(
		"\"A, B and C\",,17.00", "\"A, B and C\",6.5,17.00",
		"\"3.00\"", "\"4.5\"",
	).Replace(canvasExport)
	for _, column := range []string{"501", "Raft, on paper", "Raft, on paper (501)", " raft, on PAPER "} {
		got, report := bookFill(t, canvasExport, column, bookClass(t, bookAda(), bookBob(), bookAdaEarlier()))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("column %q: -want +got\n%s", column, d)
		}
		if d := cmp.Diff(FillReport{System: "Canvas", Column: "Raft, on paper (501)", Filled: 2, Left: 2,
			Remarks: []string{"Bob Moog (12): 3.00 was overwritten with 4.5"}}, report); d != "" {
			t.Errorf("column %q: -want +got\n%s", column, d)
		}
	}
	if got, report := bookFill(t, canvasExport, "501", bookClass(t)); got != canvasExport || report.Filled != 0 || report.Left != 4 {
		t.Errorf("of a class without submissions: %+v\n%s", report, got)
	}
}

// Where more assignments than one could be meant, none is.
func TestFillCanvasColumn(t *testing.T) {
	twins := strings.Replace(canvasExport, "Final exam (502)", "\"Raft, on paper (502)\"", 1)
	tests := []struct{ why, export, column, says string }{
		{"none named of two", canvasExport, "", "name the assignment of this Canvas export to fill in; it has Raft, on paper (501) and Final exam (502)"},
		{"a total, which cannot be written", canvasExport, "2026", "no assignment 2026; it has Raft, on paper (501) and Final exam (502)"},
		{"two of one title", twins, "Raft, on paper", "2 assignments Raft, on paper; name one by its number"},
		{"no assignment at all", "Student,ID,SIS Login ID,Section\nA,1,a,s\n", "", "it has no column named Title (number)"},
		{"no section", "Student,ID,Sheet (1)\nA,1,\n", "", "no column Section"},
		{"no students", "Student,ID,SIS Login ID,Section,Sheet (1)\n    Points Possible,,,,6.5\n", "", "no rows of students"},
	}
	for _, tt := range tests {
		out, _, err := FillGradebook([]byte(tt.export), bookClass(t, bookAda()), Filling{Column: tt.column, Overwrite: true})
		if err == nil || !strings.Contains(err.Error(), tt.says) || out != nil {
			t.Errorf("%s: %v, want %q", tt.why, err, tt.says)
		}
	}
	one := "Student,ID,SIS Login ID,Section,Sheet (1),Override Score (2026)\n\"Byron, Ada\",11,a,s,,\n"
	if got, _ := bookFill(t, one, "", bookClass(t, bookAda())); got != strings.Replace(one, "s,,", "s,6.5,", 1) {
		t.Errorf("the only one there is, beside a total of the period 2026:\n%s", got)
	}
	readOnly := "Student,ID,SIS Login ID,Section,Sheet (1),Old (2)\nPoints Possible,,,,6.5,(läs endast)\n\"Byron, Ada\",11,a,s,,\n"
	if got, _ := bookFill(t, readOnly, "", bookClass(t, bookAda())); got != strings.Replace(readOnly, "s,,", "s,6.5,", 1) {
		t.Errorf("the only one that can be written, beside one that is read only:\n%s", got)
	}
}

// A Canvas in another language has commas in its numbers, and semicolons between
// its cells or not. A point where a comma is meant is another number.
func TestFillDecimalComma(t *testing.T) {
	tests := []struct{ why, export, from, to string }{
		{"semicolons", "Student;ID;SIS Login ID;Section;Sheet (1)\n    Points Possible;;;;\n\"Moog, Bob\";12;b;s;\n", "s;\n", "s;4,5\n"},
		{"semicolons, and points in the numbers", "Student;ID;SIS Login ID;Section;Sheet (1)\n    Points Possible;;;;6.50\n\"Moog, Bob\";12;b;s;\n", "s;\n", "s;4.5\n"},
		{"commas twice", "Student,ID,SIS Login ID,Section,Sheet (1),Current Score\n    Points Possible,,,,\"6,50\",(läs endast)\n\"Moog, Bob\",12,b,s,,0.0\n", "s,,", "s,\"4,5\","},
		{"commas in another column alone", "Student,ID,SIS Login ID,Section,Sheet (1),Old (2)\n    Points Possible,,,,,\"9,5\"\n\"Moog, Bob\",12,b,s,,\n", "s,,", "s,\"4,5\","},
		{"a title full of semicolons", "Student,ID,SIS Login ID,Section,a;b;c;d;e;f (1)\n\"Moog, Bob\",12,b,s,\n", "s,\n", "s,4.5\n"},
	}
	for _, tt := range tests {
		got, report := bookFill(t, tt.export, "1", bookClass(t, bookBob()))
		if want := strings.Replace(tt.export, tt.from, tt.to, 1); got != want || report.Filled != 1 {
			t.Errorf("%s: %+v\n%s, want\n%s", tt.why, report, got, want)
		}
	}
}

// rowsExport is a Canvas export of one assignment with these rows.
func rowsExport(rows ...string) string {
	return "Student,ID,SIS Login ID,Section,Sheet (1)\n" + strings.Join(rows, "\n") + "\n"
}

// bookNamed is a sheet with all right by a student of that name and number.
func bookNamed(file, id, name string) grade.Input {
	return bookInput(file, grade.Student{ID: id, Name: name}, bookAdaText)
}

// Nobody's score is ever given to another: where it is not sure whose row one
// is, it stays as it is, and the report says so.
func TestFillMatching(t *testing.T) {
	tests := []struct {
		why    string
		rows   []string
		inputs []grade.Input
		filled []string // the rows that are filled in
		says   string   // in the one remark, empty for none
	}{
		{"by number, whatever the name", []string{"X,11,,,", "Ada,12,,,"}, []grade.Input{bookNamed("a", "11", "ada")}, []string{"X,11,,,"}, ""},
		{"Canvas's letters run together", []string{`"Byron King, Ada",,,,`, `"Byron, Ada",,,,`}, []grade.Input{bookNamed("a", "", "byronkingada")}, []string{`"Byron King, Ada",,,,`}, ""},
		{"first name first", []string{`"Byron, Ada",11,,,`}, []grade.Input{bookNamed("a", "", "Ada Byron")}, []string{`"Byron, Ada",11,,,`}, ""},
		{"last name first", []string{"Ada Byron,11,,,"}, []grade.Input{bookNamed("a", "", "Byron, Ada")}, []string{"Ada Byron,11,,,"}, ""},
		{"accents and signs", []string{`"O'Brien-Núñez, Zoë",11,,,`}, []grade.Input{bookNamed("a", "", "obriennúñezzoë")}, []string{`"O'Brien-Núñez, Zoë",11,,,`}, ""},
		{"a name that two rows have", []string{`"Byron, Ada",11,,,`, "Ada Byron,12,,,"}, []grade.Input{bookNamed("a", "", "Ada Byron")}, nil, "2 rows of the export fit"},
		{"a number that two rows have", []string{"A,11,,,", "B,11,,,"}, []grade.Input{bookNamed("a", "11", "x")}, nil, "2 rows of the export fit"},
		{"the name of another number", []string{`"Byron, Ada",11,,,`}, []grade.Input{bookNamed("a", "12", "Ada Byron")}, nil, "Ada Byron (12): the export has no such row"},
		{"a name, in a row without a number", []string{`"Byron, Ada",,,,`}, []grade.Input{bookNamed("a", "12", "Ada Byron")}, []string{`"Byron, Ada",,,,`}, ""},
		{"nobody", []string{"A,11,,,"}, []grade.Input{bookNamed("a.yaml", "", "")}, nil, "a.yaml: the file does not say which student"},
		{"a name of no letters", []string{"!,,,,"}, []grade.Input{bookNamed("a", "", "?")}, nil, "the export has no such row"},
		{"two of one row", []string{`"Byron, Ada",11,,,`}, []grade.Input{bookNamed("a", "", "Ada Byron"), bookNamed("b", "", "Byron, Ada")}, nil, "a and b have the same row of the export; it was not filled in"},
		{"who only says so gives way", []string{`"Byron, Ada",11,,,`}, []grade.Input{bookNamed("a", "11", "byronada"), bookNamed("b", "", "Ada Byron")}, []string{`"Byron, Ada",11,,,`}, "the score of b was not filled in"},
		{"excused", []string{"A,11,,,ex"}, []grade.Input{bookNamed("a", "11", "A")}, nil, "the export says ex, which is left as it is"},
		{"not asked of this student", []string{"A,11,,,N/A"}, []grade.Input{bookNamed("a", "11", "A")}, nil, "the export says N/A"},
		{"a row that is cut off", []string{"A,11,,"}, []grade.Input{bookNamed("a", "11", "A")}, nil, "the row of line 2 ends before the column"},
	}
	for _, tt := range tests {
		export := rowsExport(tt.rows...)
		want := export
		for _, row := range tt.filled {
			want = strings.Replace(want, row+"\n", row+"6.5\n", 1)
		}
		got, report := bookFill(t, export, "", bookClass(t, tt.inputs...))
		if got != want || report.Filled != len(tt.filled) || report.Left != len(tt.rows)-len(tt.filled) {
			t.Errorf("%s: %+v\n%swant\n%s", tt.why, report, got, want)
		}
		if says := strings.Join(report.Remarks, "\n"); !strings.Contains(says, tt.says) || (tt.says == "") != (says == "") || len(report.Remarks) > 1 {
			t.Errorf("%s: it remarks %q, want %q", tt.why, says, tt.says)
		}
	}
}

// Canvas can be told to give last and first names columns of their own.
func TestFillCanvasTwoNames(t *testing.T) {
	const export = "LastName,FirstName,ID,SIS Login ID,Section,Sheet (1)\nByron,Ada,,a,s,\nMoog,Bob,12,b,s,\n"
	const want = "LastName,FirstName,ID,SIS Login ID,Section,Sheet (1)\nByron,Ada,,a,s,6.5\nMoog,Bob,12,b,s,4.5\n"
	if got, _ := bookFill(t, export, "", bookClass(t, bookNamed("a", "", "byronada"), bookBob())); got != want {
		t.Errorf("got\n%s", got)
	}
}

// Marks of another maximum than the column's are not filled in, unless somebody
// says that they are to be scaled: 6.5 of 6.5 in a column of 10 would be a third off.
func TestFillMaximum(t *testing.T) {
	c := bookClass(t, bookNamed("a", "11", "A"))
	for possible, differs := range map[string]bool{"10": true, "6.50": false, `"6,5"`: false, "": false} {
		export := rowsExport("    Points Possible,,,,"+possible, "A,11,,,")
		out, _, err := FillGradebook([]byte(export), c, Filling{})
		if differs && (out != nil || err == nil || err.Error() != "column Sheet (1) is out of 10, and the key's points come to 6.5; --out-of 10 scales the marks") {
			t.Errorf("Points Possible %s: %v", possible, err)
		}
		if !differs && err != nil {
			t.Errorf("Points Possible %s: %v", possible, err)
		}
	}
	export := rowsExport("    Points Possible,,,,10", "A,11,,,", "B,12,,,")
	bob := bookClass(t, bookNamed("a", "11", "A"), bookBob())
	out, _, err := FillGradebook([]byte(export), bob, Filling{OutOf: grade.Whole(10)})
	// 4.5 of 6.5 is 6.923... of 10.
	if err != nil || !strings.Contains(string(out), "A,11,,,10\n") || !strings.Contains(string(out), "B,12,,,6.92\n") {
		t.Errorf("out of 10: %v\n%s", err, out)
	}
	if _, _, err := FillGradebook([]byte(export), bob, Filling{OutOf: grade.Whole(20)}); err == nil || !strings.Contains(err.Error(), "--out-of says 20") {
		t.Errorf("out of 20, in a column of 10: %v", err)
	}
}

// Above the row of the maximum Canvas may write one of what is posted by hand, and
// say in it what is read only, in its own language. The maximum is found all the
// same, and neither row is a student's.
func TestFillMaximumBelowPosting(t *testing.T) {
	const maximum = "column Sheet (1) is out of 100, and the key's points come to 6.5; --out-of 100 scales the marks"
	const (
		header   = "Student,ID,SIS User ID,SIS Login ID,Section,Sheet (1),Other (2),Final Score\n"
		posting  = ",,,,,Manual Posting,,(read only)\n"
		japanese = ",,,,,,Manual Posting (scores hidden from instructors),（読み取り専用）\n"
		possible = "    Points Possible,,,,,100,10,(read only)\n"
		students = "\"Byron, Ada\",11,,a,s,,,\n\"Moog, Bob\",12,,b,s,,,\n"
	)
	for why, export := range map[string]string{
		"no posting by hand":         header + possible + students,
		"posting by hand above":      header + posting + possible + students,
		"in another language":        header + japanese + possible + students,
		"posting by hand below":      header + possible + posting + students,
		"last and first names":       "LastName,FirstName,ID,SIS User ID,Section,Sheet (1),Final Score\n,,,,,Manual Posting,(read only)\n    Points Possible,,,,,100,(read only)\nByron,Ada,11,,s,,\nMoog,Bob,12,,s,,\n",
		"a student without a number": header + posting + possible + "\"Byron, Ada\",,,a,s,,,\nZoe,12,,b,s,,,\n",
	} {
		if _, _, err := FillGradebook([]byte(export), bookClass(t, bookAda()), Filling{Column: "1"}); err == nil || err.Error() != maximum {
			t.Errorf("%s: %v", why, err)
		}
		got, report, err := FillGradebook([]byte(export), bookClass(t, bookAda()), Filling{Column: "1", OutOf: grade.Whole(100)})
		if d := cmp.Diff(FillReport{System: "Canvas", Column: "Sheet (1)", Filled: 1, Left: 1}, report); d != "" || err != nil {
			t.Errorf("%s: %v; -want +got\n%s", why, err, d)
		}
		if strings.Count(string(got), ",100") != 2 {
			t.Errorf("%s:\n%s", why, got)
		}
	}
}

// A wrong column overwrites grades that someone has given. Each is named, so that
// it can be put back; what had the same score, however it was written, is not.
func TestFillOverwritten(t *testing.T) {
	canvas := func(now string) string { return rowsExport("A,11,,," + now) }
	moodle := func(now string) string {
		return "Identifier,Full name,Grade,Maximum Grade\nParticipant 11,A," + now + ",6.5\n"
	}
	tests := []struct{ why, now, says string }{
		{"nothing there", "", ""},
		{"spaces are nothing", " ", ""},
		{"another score", "17.00", "A (11): 17.00 was overwritten with 6.5"},
		{"zero is a score", "0", "A (11): 0 was overwritten with 6.5"},
		{"the same", "6.5", ""},
		{"the same with more places", "6.500", ""},
		{"a letter", "B+", "A (11): B+ was overwritten with 6.5"},
		{"what hides", "\x1b[2J", `A (11): \x1b[2J was overwritten with 6.5`},
	}
	for _, tt := range tests {
		for system, export := range map[string]string{"Canvas": canvas(tt.now), "Moodle": moodle(tt.now)} {
			_, report := bookFill(t, export, "", bookClass(t, bookNamed("a", "11", "A")))
			if says := strings.Join(report.Remarks, "\n"); says != tt.says || report.System != system || report.Filled != 1 {
				t.Errorf("%s, %s: %+v, want %q", system, tt.why, report, tt.says)
			}
		}
	}
	comma := "Student;ID;SIS Login ID;Section;Sheet (1)\n    Points Possible;;;;6,50\nA;11;;;6,50\nB;12;;;5,25\n"
	_, report := bookFill(t, comma, "", bookClass(t, bookNamed("a", "11", "A"), bookNamed("b", "12", "B")))
	if d := cmp.Diff([]string{"B (12): 5,25 was overwritten with 6,5"}, report.Remarks); d != "" {
		t.Errorf("with commas: -want +got\n%s", d)
	}
}

// Of a whole class that is overwritten, twenty are named and the rest are counted:
// the other remarks are not lost among them.
func TestFillOverwrittenMany(t *testing.T) {
	for students, last := range map[int]string{
		20: "S119 (119): 1 was overwritten with 6.5",
		21: "and 1 more was overwritten",
		25: "and 5 more were overwritten",
	} {
		var rows []string
		var inputs []grade.Input
		for i := range students {
			id := fmt.Sprint(100 + i)
			rows = append(rows, "S"+id+","+id+",,,1")
			inputs = append(inputs, bookNamed(id, id, "S"+id))
		}
		_, report := bookFill(t, rowsExport(rows...), "", bookClass(t, inputs...))
		if len(report.Remarks) != min(students, 21) || report.Filled != students {
			t.Fatalf("%d students: %+v", students, report)
		}
		if first, end := report.Remarks[0], report.Remarks[len(report.Remarks)-1]; first != "S100 (100): 1 was overwritten with 6.5" || end != last {
			t.Errorf("%d students: from %q to %q, want %q", students, first, end, last)
		}
	}
}

// moodleExport is as Moodle writes one, with a comment of two lines.
const moodleExport = "\ufeffIdentifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\",\"Grade can be changed\",\"Last modified (submission)\",\"Last modified (grade)\",\"Feedback comments\"\n" +
	"\"Participant 11\",\"Ada Byron\",a@x,\"Submitted for grading\",,6.50,Yes,\"Monday, 1 June 2026, 9:00 AM\",-,\n" +
	"\"Participant 12\",\"Bob Moog\",b@x,Submitted,1.00,6.50,Yes,-,-,\"<p>See\nme</p>\"\n" +
	"\"Participant 13\",Dee,d@x,Submitted,,6.50,Yes,-,-,\"\"\n" +
	"\"Participant 112\",\"Eve\",e@x,\"No submission\",5.00,6.50,Yes,-,-,kept\n"

// In Moodle the comments are filled in too. They are HTML there, and no row
// without a submission loses its own. 11 is not 112.
func TestFillMoodle(t *testing.T) {
	got, report := bookFill(t, moodleExport, "", bookClass(t, bookAda(), bookBob(), bookDee()))
	want := strings.NewReplacer(
		`"Submitted for grading",,`, `"Submitted for grading",6.5,`, "AM\",-,\n", "AM\",-,6.5 of 6.5 points.\n",
		`Submitted,1.00`, `Submitted,4.5`, "<p>See\nme</p>", "4.5 of 6.5 points."+
			"<br>The right answers come to 3; with what follows from earlier mistakes, to 4.5."+
			"<br>Line 7, column 3: the key has no step zz; it is not marked."+
			"<br>Step a: appendEntries, 1 of 2 points."+
			"<br>Node 2, success: no is wrong; see AppendEntries rule 2, §5.3."+
			"<br>Node 3, success: none is right."+
			"<br>Step b: appendEntries, 1.5 of 2.5 points."+
			"<br>Node 2, success: no follows from an earlier mistake, and counts 1 of 1 point."+
			"<br>Node 3, success: ok is wrong; see AppendEntries rule 1, §5.1."+
			"<br>Node 2, log: [] follows from an earlier mistake, and counts 0.25 of 0.25 points."+
			"<br>Node 2, commitIndex: 0 follows from an earlier mistake, and counts 0.25 of 0.25 points.",
	).Replace(moodleExport)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff(FillReport{System: "Moodle", Column: "Grade", Filled: 2, Left: 2,
		Remarks: []string{
			"Bob Moog (12): 1.00 was overwritten with 4.5",
			`Bob Moog (12): the comment "<p>See\nme</p>" was overwritten`,
			`Dee: malformed: unknown key "stepssss"; did you mean "steps"? The row is left as it is`,
		}}, report); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// Moodle's headers are in the site's language: the columns are then found by
// what stands under them, or else the headers are listed.
func TestFillMoodleLanguages(t *testing.T) {
	const german = "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar\r\n" +
		"Teilnehmer/in11;Ada Byron;a@x;Zur Bewertung abgegeben;;6,50;Ja;-;-;\r\n" +
		"Teilnehmer/in12;Bob Moog;b@x;Zur Bewertung abgegeben;3,00;6,50;Ja;-;-;\r\n" +
		"Teilnehmer/in13;Dee;d@x;Keine Abgabe;;6,50;Ja;-;-;\r\n"
	ada := bookInput("a", grade.Student{ID: "11", Name: "Ada Byron"}, bookAdaText)
	bob := bookInput("b", grade.Student{Name: "bob moog"}, strings.Replace(bookAdaText, "2: ok", "2: no", 1))
	for _, column := range []string{"", "Bewertung"} {
		got, report := bookFill(t, german, column, bookClass(t, ada, bob))
		for _, cells := range []string{"abgegeben;6,5;6,50;Ja;-;-;6.5 of 6.5 points.\r\n", "abgegeben;5,5;6,50;Ja;-;-;\"5.5 of 6.5 points.<br>", "Keine Abgabe;;6,50;Ja;-;-;\r\n"} {
			if !strings.Contains(got, cells) {
				t.Errorf("column %q: no %q in\n%s", column, cells, got)
			}
		}
		if d := cmp.Diff(FillReport{System: "Moodle", Column: "Bewertung", Filled: 2, Left: 1,
			Remarks: []string{"bob moog: 3,00 was overwritten with 5,5"}}, report); d != "" {
			t.Errorf("column %q: -want +got\n%s", column, d)
		}
	}
	written := strings.Replace(german, "Ja;-;-;\r\n", "Ja;-;-;gut\r\n", 1)
	if got, _ := bookFill(t, written, "", bookClass(t, ada)); got != strings.Replace(written, "abgegeben;;", "abgegeben;6,5;", 1) {
		t.Errorf("a last column that may be something else was written to:\n%s", got)
	}
	short := "ID,Name,Grupo,Nota,Max\nParticipante 11,Ada,Grupo 1,,6.50\nParticipante 12,Bob,Grupo 1,,6.50\n"
	if got, report := bookFill(t, short, "", bookClass(t, ada)); got != strings.Replace(short, "1,,", "1,6.5,", 1) || len(report.Remarks) > 0 {
		t.Errorf("without comments, and with groups: %+v\n%s", report, got)
	}
	outcomes := "Identifier,Full name,Grade,Maximum grade,Grade can be changed,Last modified (grade),Outcomes\nParticipant 11,Ada,,6.50,Yes,-,\n"
	if got, _ := bookFill(t, outcomes, "", bookClass(t, ada)); got != strings.Replace(outcomes, "Ada,,", "Ada,6.5,", 1) {
		t.Errorf("in English, what is not named comments is none:\n%s", got)
	}
	tests := []struct{ why, export, column, says string }{
		{"another table", "Name;Punkte\nA;1\n", "", "cannot tell what this export is"},
		{"it lists the headers", "Name;Punkte\nA;1\n", "", "this one has Name and Punkte"},
		{"a column that is no grade", german, "Status", "no grades in a column Status; its columns are ID, Vollständiger Name"},
		{"two that may be grades", strings.ReplaceAll(strings.ReplaceAll(german, ";Status", ";;1"), "@x;", "@x;;1;"), "", "cannot tell"},
		{"a scale", "Identifier,Full name,Grade,Scale\nParticipant 1,A,,good\n", "", "by a scale, not in points"},
		{"empty", "", "", "cannot tell"},
		{"not closed", "Identifier,Grade\n\"Participant 1,\n", "", "line 2: the quote that begins this cell is never closed"},
		{"a quote in a cell", "Identifier,Grade\nParti\"cipant 1,\n", "", "line 2: there is a quote inside of a cell"},
		{"more after a quote", "Identifier,Grade\n\"Participant 1\" ,\n", "", "line 2: something follows the quote that ends a cell"},
		{"UTF-16", "\xff\xfeS\x00t\x00", "", "not text in UTF-8"},
		{"NUL", "Student,ID\x00", "", "not text in UTF-8"},
		{"Latin-1", "Student,ID,SIS Login ID,Section,Sheet (1)\nZo\xeb,1,,,\n", "", "not text in UTF-8"},
	}
	for _, tt := range tests {
		out, _, err := FillGradebook([]byte(tt.export), bookClass(t, bookAda()), Filling{Column: tt.column, Overwrite: true})
		if err == nil || !strings.Contains(err.Error(), tt.says) || out != nil {
			t.Errorf("%s: %v, want %q", tt.why, err, tt.says)
		}
	}
}

// Moodle refuses a grade that is locked, in the gradebook or by a workflow. Such a
// row keeps its comments too, and the report says whose it is.
func TestFillMoodleLocked(t *testing.T) {
	const export = "Identifier,Full name,Grade,Maximum Grade,Grade can be changed,Feedback comments\n" +
		"Participant 11,Ada,2.00,6.50,No,kept\n" +
		"Participant 12,Bob,,6.50,Yes,\n" +
		"Participant 13,Cy,,6.50, no ,\n" +
		"Participant 14,Dee,,6.50,No,\n"
	got, report := bookFill(t, export, "", bookClass(t, bookNamed("a", "11", "Ada"), bookNamed("b", "12", "Bob"), bookNamed("c", "13", "Cy")))
	if want := strings.Replace(export, "Bob,,6.50,Yes,", "Bob,6.5,6.50,Yes,6.5 of 6.5 points.", 1); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if d := cmp.Diff(FillReport{System: "Moodle", Column: "Grade", Filled: 1, Left: 3, Remarks: []string{
		"Ada (11): the export says that this grade cannot be changed; the row is left as it is",
		"Cy (13): the export says that this grade cannot be changed; the row is left as it is",
	}}, report); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// What a student has written cannot leave its cell, nor the comment that it
// stands in; and the report of what was filled in shows nothing hidden.
func TestFillHostile(t *testing.T) {
	const export = "Identifier,Full name,Grade,Maximum Grade,Feedback comments\nParticipant 1,Nemo One,,2,\nParticipant 2,Nemo Two,,2,\"\"\n"
	for _, text := range rendertest.Texts {
		for _, malformed := range []bool{false, true} {
			c := bookHostile(t, text, malformed)
			zeros := func() (string, FillReport) {
				out, report, err := FillGradebook([]byte(export), c, Filling{ZeroUnread: true})
				if err != nil {
					t.Fatal(err)
				}
				return string(out), report
			}
			_, report := zeros()
			rendertest.NoneHidden(t, strings.Join(report.Remarks, "\n"))
			if report.Filled != 0 || len(report.Remarks) != 2 && len(report.Remarks) != 1 {
				t.Errorf("%q: %+v", text, report)
			}
			c.Submissions[0].By.ID = "2"
			got, _ := zeros()
			rendertest.NoneHidden(t, got)
			rows := readCSV(t, got)
			comments := rows[2][4]
			if len(rows) != 3 || rows[1][4] != "" || comments == "" || strings.ContainsAny(comments[:1], "=+-@") {
				t.Errorf("%q: %q", text, rows)
			}
			if plain := strings.ReplaceAll(comments, "<br>", ""); strings.ContainsAny(plain, "<>\n") || html.UnescapeString(plain) == "" {
				t.Errorf("%q: the comments are %q", text, comments)
			}
		}
	}
}

// A hostile export, as the names of others in it are: what is not filled in
// stays as it is, byte for byte.
func TestFillHostileExport(t *testing.T) {
	for _, text := range rendertest.Texts {
		if strings.ContainsRune(text, 0) {
			continue // no text at all
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll([][]string{
			{"Student", "ID", "SIS Login ID", "Section", text + " (1)", "Last (2)"},
			{text, "1", text, text, text, ""},
			{"A", "11", "", "", "", ""},
		}); err != nil {
			t.Fatal(err)
		}
		got, report := bookFill(t, b.String(), "2", bookClass(t, bookNamed("a", "11", text)))
		want := strings.TrimSuffix(b.String(), "\n") + "6.5\n"
		if got != want || report.Filled != 1 {
			t.Errorf("%q: %+v\n%q, want\n%q", text, report, got, want)
		}
	}
}
