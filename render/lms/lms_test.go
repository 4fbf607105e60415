package lms

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render/report"
	"raftsheet/trace"
)

// bookKeyText asks for eight cells: six answers of 1 point, two fields of a table
// of a quarter, 6.5 in all.
const bookKeyText = `
title: Append and vote
nodes: 3
grading: {points: 1, state: 0.25, late: 10%}
steps:
- id: v
  requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: , 3: }
- id: a
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
  lost: 3
  response: {2: , 3: }
- timeout: 3
- id: b
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 1}
  response: {2: , 3: }
  state: {2: {log: , commitIndex: }}
`

// bookAdaText has all right. In step b node 3 stands for term 2, and refuses term 1.
const bookAdaText = `
nodes: 3
steps:
- {id: v, requestVote: {candidateId: 1}, response: {2: ok, 3: ok}}
- {id: a, appendEntries: {leaderId: 1}, response: {2: ok, 3: none}}
- {id: b, appendEntries: {leaderId: 1}, response: {2: ok, 3: no}, state: {2: {log: [1:x, 1:y], commitIndex: 1}}}
`

// bookBobText has node 2 refuse the first entry, which is wrong: prevLogIndex 0
// matches every log. Then it has to refuse the second one too, and its log stays
// empty; these follow. Node 3's answer in step b is a mistake of its own, after
// which its log would have a hole. It has a step that the key does not have.
const bookBobText = `
nodes: 3
steps:
- {id: v, requestVote: {candidateId: 1}, response: {2: ok, 3: ok}}
- {id: a, appendEntries: {leaderId: 1}, response: {2: no, 3: none}}
- {id: b, appendEntries: {leaderId: 1}, response: {2: no, 3: ok}, state: {2: {log: [], commitIndex: 0}}}
- {id: zz, heal: true}
`

const bookDeeText = "nodes: 3\nstepssss:\n- {id: v, requestVote: {}}\n"

func bookKey(t *testing.T, text string) *grade.Key {
	t.Helper()
	f, err := trace.Parse("key.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	k, err := grade.NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// handIn is a file as it was handed in.
func bookInput(name string, student grade.Student, text string) grade.Input {
	return grade.Input{Name: name, Student: student,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// The students of the tests, and what they hand in.
func bookAda() grade.Input {
	return bookInput("ada.yaml", grade.Student{ID: "11", Name: "Ada Byron"}, bookAdaText)
}
func bookBob() grade.Input {
	return bookInput("bob.yaml", grade.Student{ID: "12", Name: "Bob Moog"}, bookBobText)
}
func bookDee() grade.Input { return bookInput("dee.yaml", grade.Student{Name: "Dee"}, bookDeeText) }
func bookCyLate() grade.Input {
	in := bookInput("cy.yaml", grade.Student{Name: "Cy"}, bookAdaText)
	in.Late = true
	return in
}
func bookAdaEarlier() grade.Input {
	in := bookInput("ada-0.yaml", grade.Student{ID: "11", Name: "Ada Byron"}, bookBobText)
	in.Attempt = -1
	return in
}
func bookEveRefused() grade.Input {
	return grade.Input{Name: "eve.yaml", Student: grade.Student{Name: "Eve"}, Refused: "it is a device"}
}

func bookClass(t *testing.T, inputs ...grade.Input) *grade.Class {
	t.Helper()
	return grade.MarkAll(bookKey(t, bookKeyText), inputs, grade.Settings{})
}

// allFormats are the formats here, and the JSON of package report.
func allFormats() []string { return append(Formats(), "json") }

func allGrades(w io.Writer, format string, c *grade.Class, reveal bool) error {
	if format == "json" {
		return report.Grades(w, c, "v1", reveal)
	}
	return Grades(w, format, c, Options{Reveal: reveal})
}

func bookGrades(t *testing.T, format string, c *grade.Class, reveal bool) string {
	t.Helper()
	var b strings.Builder
	if err := allGrades(&b, format, c, reveal); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// readStrictly reads JSON into a type that has to know every name in it.
func readStrictly[T any](t *testing.T, text string) T {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	var v T
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("something follows the JSON in\n%s", text)
	}
	return v
}

// handRead is how an instructor has decided.
type handRead struct {
	By, Read, Note string
	Points         json.Number
}

// What our own JSON has: its names are a promise.
type gradesRead struct {
	Version int `json:"version"`
	Tool    struct{ Name, Version string }
	Key     struct {
		File, Digest, Title string
		Steps               []struct {
			Step, Event  string
			Max          json.Number
			AllOrNothing bool `json:"allOrNothing"`
		}
	} `json:"key"`
	Max         json.Number `json:"max"`
	Submissions []struct {
		Student struct{ ID, Name string } `json:"student"`
		File    string                    `json:"file"`
		Digest  string                    `json:"digest"`
		Hand    *handRead                 `json:"hand"`
		Outcome string                    `json:"outcome"`
		Reason  string                    `json:"reason"`
		Late    bool                      `json:"late"`
		Errors  []struct {
			File         string
			Document     int
			Line, Column int
			Message      string
		} `json:"errors"`
		Totals *struct {
			Strict, Counted, Penalty json.Number
			Most                     json.Number
			FollowThrough            json.Number `json:"followThrough"`
		} `json:"totals"`
		Steps []struct {
			Step                        string
			Strict, FollowThrough, Most json.Number
		} `json:"steps"`
		Marks []struct {
			Step, Node, Field    string
			Line, Column         int
			Written, Right       any
			Verdict              string
			Points, Through, Max json.Number
			Most                 json.Number
			Doubt, Text          string
			Rule, Why, Remark    string
			Hand                 *handRead
		} `json:"marks"`
		Remarks []struct {
			Line, Column int
			Message      string
		} `json:"remarks"`
		Stops []struct {
			Node        string
			From, Until int
			Reason      string
		} `json:"stops"`
		ForHuman []struct {
			Node   string
			Doubt  string
			Marks  []int
			Reason string
		} `json:"forHuman"`
		Diagnosis *struct {
			Verdict      string
			Explanations []struct {
				Deviations              []string
				Explained, Contradicted int
			}
			Fits     []string
			MoreFits int
			Untested []string
			Apart    string
		} `json:"diagnosis"`
	} `json:"submissions"`
}

// What programs read of our own JSON, by hand: Bob's marks and Dee's errors.
func TestGradesJSON(t *testing.T) {
	want := `{"version": 1, "tool": {"name": "raftsheet", "version": "v1"}, "max": 6.5,
 "key": {"file": "key.yaml", "title": "Append and vote", "steps": [
   {"step": "v", "event": "requestVote", "max": 2, "allOrNothing": false},
   {"step": "a", "event": "appendEntries", "max": 2, "allOrNothing": false},
   {"step": "3", "event": "timeout", "max": 0, "allOrNothing": false},
   {"step": "b", "event": "appendEntries", "max": 2.5, "allOrNothing": false}]},
 "submissions": [
  {"student": {"id": "12", "name": "Bob Moog"}, "file": "bob.yaml", "digest": "BOB", "outcome": "marked", "reason": "", "late": false, "errors": [],
   "totals": {"strict": 3, "followThrough": 4.5, "counted": 4.5, "penalty": 0},
   "steps": [{"step": "v", "strict": 2, "followThrough": 2}, {"step": "a", "strict": 1, "followThrough": 1},
             {"step": "3", "strict": 0, "followThrough": 0}, {"step": "b", "strict": 0, "followThrough": 1.5}],
   "marks": [
    {"step": "v", "node": "2", "field": "voteGranted", "line": 4, "column": 56, "written": true, "verdict": "right", "points": 1, "through": 1, "max": 1, "rule": "RV2b"},
    {"step": "v", "node": "3", "field": "voteGranted", "line": 4, "column": 63, "written": true, "verdict": "right", "points": 1, "through": 1, "max": 1, "rule": "RV2b"},
    {"step": "a", "node": "2", "field": "success", "line": 5, "column": 55, "written": false, "verdict": "wrong", "points": 0, "through": 0, "max": 1, "rule": "AE2"},
    {"step": "a", "node": "3", "field": "success", "line": 5, "column": 62, "written": "none", "verdict": "right", "points": 1, "through": 1, "max": 1, "rule": ""},
    {"step": "b", "node": "2", "field": "success", "line": 6, "column": 55, "written": false, "verdict": "followThrough", "points": 0, "through": 1, "max": 1, "rule": "AE2"},
    {"step": "b", "node": "3", "field": "success", "line": 6, "column": 62, "written": true, "verdict": "wrong", "points": 0, "through": 0, "max": 1, "rule": "AE1"},
    {"step": "b", "node": "2", "field": "log", "line": 6, "column": 84, "written": "[]", "verdict": "followThrough", "points": 0, "through": 0.25, "max": 0.25, "rule": "AE4"},
    {"step": "b", "node": "2", "field": "commitIndex", "line": 6, "column": 101, "written": 0, "verdict": "followThrough", "points": 0, "through": 0.25, "max": 0.25, "rule": "AE5"}],
   "remarks": [{"line": 7, "column": 3, "message": "the key has no step zz; it is not marked"}],
   "stops": [], "forHuman": [], "diagnosis": null},
  {"student": {"id": "", "name": "Dee"}, "file": "dee.yaml", "digest": "DEE", "outcome": "malformed",
   "reason": "unknown key \"stepssss\"; did you mean \"steps\"?", "late": false,
   "errors": [{"file": "dee.yaml", "document": 1, "line": 2, "column": 1, "message": "unknown key \"stepssss\"; did you mean \"steps\"?"}],
   "totals": null,
   "steps": [], "marks": [], "remarks": [], "stops": [], "forHuman": [], "diagnosis": null}]}`
	c := bookClass(t, bookDee(), bookBob())
	for name, in := range map[string]grade.Input{"BOB": bookBob(), "DEE": bookDee()} {
		data, err := in.Read()
		if err != nil {
			t.Fatal(err)
		}
		want = strings.Replace(want, name, fmt.Sprintf("sha256:%x", sha256.Sum256(data)), 1)
	}
	got := readStrictly[gradesRead](t, bookGrades(t, "json", c, false))
	got.Submissions[0].Stops = got.Submissions[0].Stops[:0] // of a node's last step: see the tests of package grade
	if d := cmp.Diff(readStrictly[gradesRead](t, want), got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	revealed := readStrictly[gradesRead](t, bookGrades(t, "json", c, true)).Submissions[0].Marks
	for i, right := range []any{true, true, true, "none", true, false, "[1:x, 1:y]", 1.0} {
		if m := revealed[i]; m.Right != right || m.Why == "" {
			t.Errorf("mark %d: right is %v and not %v, because %q", i, m.Right, right, m.Why)
		}
	}
}

// A diagnosis stands in the JSON by name, and in a student's report as what is
// taken for true. It is put there by hand: what it finds is for its own tests.
func TestDiagnosed(t *testing.T) {
	c := bookClass(t, bookBob())
	dev, ok := raft.DeviationNamed("always-truncate")
	if !ok {
		t.Fatal("no such deviation")
	}
	c.Submissions[0].Sheet.Diagnosis = &grade.Diagnosis{Verdict: "named", Untested: []raft.Deviation{dev},
		Fits: []grade.Explanation{{Deviations: []raft.Deviation{dev}, Explained: 3}}, MoreFits: 2,
		Explanations: []grade.Explanation{{Deviations: []raft.Deviation{dev}, Explained: 2, Contradicted: 1}}}
	d := readStrictly[gradesRead](t, bookGrades(t, "json", c, false)).Submissions[0].Diagnosis
	if !slices.Equal(d.Fits, []string{"always-truncate"}) || d.MoreFits != 2 {
		t.Errorf("fits %q, and %d more", d.Fits, d.MoreFits)
	}
	if d.Verdict != "named" || !slices.Equal(d.Untested, []string{"always-truncate"}) || len(d.Explanations) != 1 ||
		!slices.Equal(d.Explanations[0].Deviations, []string{"always-truncate"}) || d.Explanations[0].Explained != 2 || d.Explanations[0].Contradicted != 1 {
		t.Errorf("%+v", d)
	}
	if got := bookGrades(t, "autolab", c, false); !strings.Contains(got, "Everything after prevLogIndex is deleted, conflict or not.") {
		t.Errorf("the report does not say what is taken for true:\n%s", got)
	}
}

// readCSV reads a CSV file strictly: as many cells in each row as in the first.
func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return rows
}

// One row a student, sheets that could not be marked without a number, and the file that
// was superseded named in the row of the one that counts: no file is dropped.
func TestGradesCSV(t *testing.T) {
	want := [][]string{
		{"student", "id", "outcome", "late", "file", "step v", "step a", "step b", "strict", "followThrough", "counted", "max", "forHuman", "remarks", "superseded", "most", "byHand"},
		{"Ada Byron", "11", "marked", "no", "ada.yaml", "2", "2", "2.5", "6.5", "6.5", "6.5", "6.5", "0", "0", "ada-0.yaml", "6.5", "0"},
		{"Bob Moog", "12", "marked", "no", "bob.yaml", "2", "1", "1.5", "3", "4.5", "4.5", "6.5", "0", "1", "", "4.5", "0"},
		{"Cy", "", "marked", "yes", "cy.yaml", "2", "2", "2.5", "6.5", "6.5", "5.85", "6.5", "0", "0", "", "5.85", "0"},
		{"Dee", "", "malformed", "no", "dee.yaml", "", "", "", "", "", "", "6.5", "", "", "", "", ""},
		{"Eve", "", "refused", "no", "eve.yaml", "", "", "", "", "", "", "6.5", "", "", "", "", ""},
	}
	c := bookClass(t, bookEveRefused(), bookCyLate(), bookDee(), bookAda(), bookBob(), bookAdaEarlier())
	if d := cmp.Diff(want, readCSV(t, bookGrades(t, "csv", c, false))); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// A superseded file whose sheet has another name in it than the one that counts
// has a row of its own, without points: no file is dropped, and none counts twice.
func TestCSVSuperseded(t *testing.T) {
	c := bookClass(t, bookInput("a.yaml", grade.Student{Name: "A"}, bookAdaText), bookInput("b.yaml", grade.Student{Name: "B"}, bookAdaText))
	c.Submissions[1].Outcome = grade.Superseded
	want := []string{"B", "", "superseded", "no", "b.yaml", "", "", "", "", "", "", "", "", "", "", "", ""}
	if rows := readCSV(t, bookGrades(t, "csv", c, false)); len(rows) != 3 || !slices.Equal(rows[2], want) || rows[1][14] != "" {
		t.Errorf("%q", rows)
	}
}

// Numbers are never quoted against formulas, text always is; otherwise a program
// that opens the file runs what a student has written.
func TestCSVText(t *testing.T) {
	for in, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+1": "'+1", "-1": "'-1", "@x": "'@x",
		"\tx": `'\tx`, "\rx": `'\rx`, "\nx": `'\nx`, "a=b": "a=b", " =1": "' =1", "＝1+1": "'＝1+1", "": "", "日本語": "日本語",
	} {
		if got := csvText(in); got != want {
			t.Errorf("csvText(%q) = %q, want %q", in, got, want)
		}
	}
}

// Without Reveal no report has a right answer: neither the value that the log
// should have, nor the sentence that says why.
func TestReveal(t *testing.T) {
	k := bookKey(t, strings.ReplaceAll(bookKeyText, "1:x", "1:secret"))
	c := grade.MarkAll(k, []grade.Input{bookBob()}, grade.Settings{})
	for _, format := range allFormats() {
		for _, reveal := range []bool{false, true} {
			got := bookGrades(t, format, c, reveal)
			for _, answer := range []string{"secret", "min(leaderCommit"} {
				if strings.Contains(got, answer) != (reveal && format != "csv" && format != "classroom50") {
					t.Errorf("%s, reveal %t, and %q:\n%s", format, reveal, answer, got)
				}
			}
		}
	}
}

// The same files make the same bytes, in whatever order they are given.
func TestGradesOrder(t *testing.T) {
	inputs := []grade.Input{bookAda(), bookBob(), bookDee(), bookCyLate(), bookAdaEarlier(), bookEveRefused()}
	const export = "Student,ID,SIS Login ID,Section,Sheet (7)\n\"Byron, Ada\",11,a,s,\n\"Moog, Bob\",12,b,s,\nCy,13,c,s,\n"
	var want []string
	random := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		c := bookClass(t, inputs...)
		filled, report, err := FillGradebook([]byte(export), c, Filling{Overwrite: true})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{bookGrades(t, "json", c, true), bookGrades(t, "csv", c, true), string(filled), fmt.Sprint(report)}
		if want == nil {
			want = got
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("in another order:\n%s", d)
		}
		random.Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
	}
}

// A step that scores as a whole says so where one cell costs all of it, and a
// part of the points for what follows is exact: 0.3 times 0.25 is 0.075.
func TestGradesPolicies(t *testing.T) {
	k := bookKey(t, strings.Replace(bookKeyText, "late: 10%", "followThrough: 0.3, allOrNothing: [a]", 1))
	g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", grade.MarkAll(k, []grade.Input{bookBob()}, grade.Settings{}), false))
	if a := g.Tests[1]; a.Score != "0" || a.MaxScore != "2" || !strings.HasSuffix(a.Output, "\nThis step scores as a whole or not at all.") {
		t.Errorf("step a: %+v", a)
	}
	if b := g.Tests[2]; b.Score != "0.45" || !strings.Contains(b.Output, "counts 0.075 of 0.25 points") {
		t.Errorf("step b: %+v", b)
	}
	if g.Score != "2.45" {
		t.Errorf("score %s", g.Score)
	}
	all := bookGrades(t, "gradescope", grade.MarkAll(k, []grade.Input{bookAda()}, grade.Settings{}), false)
	if strings.Contains(all, "as a whole") {
		t.Errorf("nothing is lost, and yet it says why:\n%s", all)
	}
}

// bookHostile has a text wherever one may stand: in the key's title, note and
// step id, a message's value, a student's name, a file's name, and what is
// written in a table; and as the nodes of a second, malformed sheet.
func bookHostile(t *testing.T, text string, malformed bool) *grade.Class {
	t.Helper()
	q := strconv.QuoteToASCII(text)
	k := bookKey(t, fmt.Sprintf(`title: %s
nodes: 3
steps:
- {id: %s, note: %s, clientRequest: {node: 1, value: %s}, state: {1: {log: , commitIndex: 0}}}
`, q, q, q, q))
	sheet := fmt.Sprintf(`title: %s
student: %s
nodes: 3
steps:
- {id: %s, note: %s, clientRequest: {node: 1, value: other}, state: {1: {log: [{term: 1, value: %s}], commitIndex: 9}}}
- {id: %s, heal: true}
`, q, q, q, q, q, strconv.QuoteToASCII(text+"2"))
	if malformed {
		sheet = fmt.Sprintf("nodes: %s\nsteps: []\n", q)
	}
	return grade.MarkAll(k, []grade.Input{bookInput(text, grade.Student{Name: text}, sheet)}, grade.Settings{})
}
