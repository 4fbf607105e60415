package render

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/raft/wide"
	"raftsheet/render/doc"
	"raftsheet/render/internal/papertest"
	"raftsheet/render/internal/rendertest"
)

// pdfOf is a document as a PDF.
func pdfOf(t *testing.T, d *doc.Document, paper string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := doc.Write(&b, "pdf", d, doc.Options{Paper: paper}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seedFields are the fields of the paper worksheet's forms, in their order.
var seedFields = map[string][]string{
	"AppendEntriesRPC": {"leaderId:", "term:", "index:", "value:", "leaderCommit:"},
	"RequestVoteRPC":   {"term:", "candidateId:", "lastLogIndex:", "lastLogTerm:"},
}

// holdsSeed fails unless pages hold the paper worksheet: a page for the state, then
// twelve and six forms in its order, two or three a page and each of them whole.
func holdsSeed(t *testing.T, pages []string) {
	t.Helper()
	var forms []string
	for i, page := range pages {
		words := strings.Fields(page)
		for _, w := range []string{"Worksheet", "Name:", "ID:", "Variant:", fmt.Sprintf("%d of %d", i+1, len(pages)), "does not answer"} {
			if !strings.Contains(page, w) {
				t.Errorf("page %d has no %q", i+1, w)
			}
		}
		if i == 0 {
			for _, w := range []string{"raft_id:", "Terms", "role", "votedFor", "committed", "Raft Log"} {
				if !strings.Contains(page, w) {
					t.Errorf("the state has no %q", w)
				}
			}
			continue
		}
		here := 0
		for at, w := range words {
			if fields := seedFields[w]; fields != nil {
				want := slices.Concat(fields, []string{"Response", "id", "1", "2", "3", "4", "5", "6", "7", "8", "ok"})
				if got := words[at+1 : min(len(words), at+1+len(want))]; !slices.Equal(got, want) {
					t.Errorf("page %d: %s %s has %v, not %v", i+1, words[at-1], w, got, want)
				}
				forms = append(forms, words[at-1]+" "+w)
				here++
			}
		}
		if here < 2 || here > 3 {
			t.Errorf("page %d has %d forms", i+1, here)
		}
	}
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprintf("AE%d AppendEntriesRPC", i+1))
	}
	for i := range 6 {
		want = append(want, fmt.Sprintf("RV%d RequestVoteRPC", i+1))
	}
	if !slices.Equal(forms, want) {
		t.Errorf("the forms are %v", forms)
	}
}

// The form can be handed out: read back from the PDF it is the worksheet that it all
// began with, on either paper.
func TestSeedOnPaper(t *testing.T) {
	for _, paper := range doc.Papers() {
		holdsSeed(t, papertest.Text(t, pdfOf(t, Blank(BlankSheet{Nodes: 8, AppendEntries: 12, RequestVotes: 6}), paper)))
	}
}

// So it is from LaTeX, by either engine.
func TestSeedInLaTeX(t *testing.T) {
	wide.Only(t)
	for _, engine := range []string{"pdflatex", "xelatex"} {
		for _, paper := range doc.Papers() {
			holdsSeed(t, papertest.Text(t, latexOf(t, engine, Blank(BlankSheet{Nodes: 8, AppendEntries: 12, RequestVotes: 6}), paper)))
		}
	}
}

// Cells are 8 to 10 mm high, for handwriting: so far apart are the names of fields
// below each other. As many rows as were asked for are ruled: so far apart are the
// two tables.
func TestRoomToWrite(t *testing.T) {
	const point = 25.4 / 72
	tables := make(map[int]float64)
	for _, rows := range []int{4, 10} {
		at := make(map[string]float64)
		for _, w := range papertest.Words(t, pdfOf(t, Blank(BlankSheet{Nodes: 3, AppendEntries: 1, Rows: rows}), "")) {
			if at[w.Text] == 0 {
				at[w.Text] = w.Y * point
			}
			if w.Page == 2 && (w.Text == "leaderId:" || w.Text == "index:") {
				at[w.Text] = w.Y * point
			}
		}
		if high := (at["index:"] - at["leaderId:"]) / 2; high < 8 || high > 10 {
			t.Errorf("a field is %.1f mm high", high)
		}
		tables[rows] = at["committed"] - at["votedFor"]
	}
	if high := (tables[10] - tables[4]) / 6; high < 8 || high > 10 {
		t.Errorf("a row more makes %.1f mm", high)
	}
}

// Tables of several nodes after one step stand in two columns, in the nodes' order, and a
// heading is never without what it is over. If this fails, a handout has twice the pages,
// or a question without its cells.
func TestTablesBeside(t *testing.T) {
	k := rendertest.Key(t, `nodes: 3
steps:
- id: RV1
  requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
- {id: down, crash: 3}
- id: AE1
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
  response: {2: ok, 3: none}
- id: AE2
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 0}
  response: {2: ok, 3: none}
- id: end
  state: {1: {log: [1:x, 1:y], terms: {1: 1}}, 2: {log: [1:x, 1:y], terms: {1: 1}}, 3: {log: [], terms: {1: 1}}}
`)
	for _, paper := range doc.Papers() {
		words := papertest.Words(t, pdfOf(t, Questions(k), paper))
		var tables []papertest.Word
		for i, w := range words {
			if w.Text == "node" && words[i+2].Text == "after" {
				tables = append(tables, w)
			}
		}
		if len(tables) != 3 || tables[0].Page != tables[1].Page || tables[0].Y != tables[1].Y || tables[0].X > tables[1].X || tables[2].Page == tables[0].Page && tables[2].Y <= tables[0].Y {
			t.Errorf("%s: the nodes' tables are at %v; want two beside each other, and then the third", paper, tables)
		}
		for i, w := range words {
			if w.Text == "tables," && (words[i-1].Page == w.Page && tables[0].Page != w.Page || w.Y > tables[0].Y) {
				t.Errorf("%s: the heading is at %v, and its tables begin at %v", paper, w, tables[0])
			}
		}
	}
}

// longValues has a value that takes more lines in half the width of a page than a row has.
const longValues = `nodes: 3
steps:
- requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: ["1:colour=dark olive green and so"], leaderCommit: 0}
  response: {2: ok, 3: ok}
  state: {1: {log: []}, 2: {log: []}, 3: {commitIndex: 0}}
`

// A key with its answers lies over what is handed out: all that a student has on a
// page is there at the same place, and the answers are added. If this fails, a sheet
// cannot be marked by holding the key against it.
func TestOverlay(t *testing.T) {
	for name, text := range map[string]string{"worksheet": example(t, "worksheet.yaml"), "key": example(t, "grading/key.yaml"),
		"exam": example(t, "grading/exam.yaml"), "restart": example(t, "restart.yaml"), "snapshot": example(t, "snapshot.yaml"), "many forms": manyForms, "long values": longValues,
		"columns": example(t, "generated/keys/ada.yaml")} {
		k := rendertest.Key(t, text)
		overlays(t, name, k, pdfOf(t, Questions(k), ""), pdfOf(t, Answers(k, 0), ""))
	}
}

// So it is where pdflatex sets both.
func TestOverlayInLaTeX(t *testing.T) {
	wide.Only(t)
	k := rendertest.Key(t, example(t, "worksheet.yaml"))
	overlays(t, "worksheet", k, latexOf(t, "pdflatex", Questions(k), ""), latexOf(t, "pdflatex", Answers(k, 0), ""))
}

// overlays fails unless all words of the empty pages are at the same place of the
// filled ones, and the answers are added.
func overlays(t *testing.T, name string, k *grade.Key, emptyPDF, filledPDF []byte) {
	t.Helper()
	const head, near = 50, .01 // points; the number of pages is another, since the states follow
	empty, filled := papertest.Words(t, emptyPDF), papertest.Words(t, filledPDF)
	for _, e := range empty {
		if e.Y > head && !slices.ContainsFunc(filled, func(f papertest.Word) bool {
			return f.Page == e.Page && f.Text == e.Text && math.Abs(f.X-e.X) < near && math.Abs(f.Y-e.Y) < near
		}) {
			t.Errorf("%s: the key does not have %+v there", name, e)
		}
	}
	last := empty[len(empty)-1].Page
	if n := len(slices.DeleteFunc(filled, func(w papertest.Word) bool { return w.Page > last })); n < len(empty)+len(k.Cells)/2 {
		t.Errorf("%s: %d words on the filled pages, %d on the empty ones, for %d cells", name, n, len(empty), len(k.Cells))
	}
}

// latexOf is a document as an engine makes a PDF of its LaTeX.
func latexOf(t *testing.T, engine string, d *doc.Document, paper string) []byte {
	t.Helper()
	var tex bytes.Buffer
	if err := doc.Write(&tex, "latex", d, doc.Options{Paper: paper}); err != nil {
		t.Fatal(err)
	}
	pdf, _ := papertest.Compile(t, engine, tex.Bytes())
	return pdf
}

// example is the text of an example.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each view shows a hostile trace as text on paper too.
func TestHostileOnPaper(t *testing.T) {
	for view := range views {
		for _, text := range []string{`\input{/etc/passwd} %`, `)Tj ET endstream (`} {
			for _, d := range views[view](t, text) {
				got := papertest.Squeezed(papertest.Text(t, pdfOf(t, d, ""))...)
				if view != "blank" && !strings.Contains(got, papertest.Squeezed(text)) {
					t.Errorf("%s does not show %q:\n%s", view, text, got)
				}
			}
		}
	}
}

// TeX takes every view of a hostile trace.
func TestHostileCompiles(t *testing.T) {
	wide.Only(t)
	for view := range views {
		for _, d := range views[view](t, `\input{/etc/passwd} % $x$ ^^5c ~ {} 日`) {
			for _, engine := range []string{"pdflatex", "xelatex"} {
				if got := papertest.Squeezed(papertest.Text(t, latexOf(t, engine, d, ""))...); view != "blank" && !strings.Contains(got, `\input{/etc/passwd}`) {
					t.Errorf("%s by %s does not show it:\n%s", view, engine, got)
				}
			}
		}
	}
}
