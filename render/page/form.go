package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// The JSON of a form: the sheet that is handed out, cut at its blanks. What is typed
// goes between the pieces, and the whole is a trace.
type (
	// A Form is a sheet to fill in.
	Form struct {
		ID      string     `json:"id"` // tells its drafts from those of other forms
		Title   string     `json:"title"`
		Variant string     `json:"variant,omitempty"`
		Nodes   []string   `json:"nodes"`
		Start   [][]string `json:"start"` // what nodes are before the first step: each a name and a state
		Free    bool       `json:"free"`  // whether forms may be left out, and put in another order
		Parts   []FormPart `json:"parts"` // what comes before the steps, and then each step
	}

	// A FormPart is a step, or what comes before all of them.
	FormPart struct {
		ID     string      `json:"id"`
		Head   string      `json:"head"`
		Note   string      `json:"note,omitempty"`
		Given  [][]string  `json:"given"` // fields of the message that are written: each a name and a value
		Row    []string    `json:"row"`   // of the response, by node: given answers; nil where there is no row
		Sender int         `json:"sender,omitempty"`
		Text   []string    `json:"text"` // the pieces of the sheet
		Blanks []FormBlank `json:"blanks"`
	}

	// A FormBlank is a cell.
	FormBlank struct {
		Kind string `json:"k"`           // how what is typed becomes a value, see kindOf
		In   string `json:"in"`          // head, message, row or state
		Node int    `json:"n,omitempty"` // whose answer or state
		Name string `json:"f"`           // of the field
	}
)

//go:embed form.js
var formOwn string

//go:embed form.css
var formStyle string

//go:embed form.gohtml
var formText string

var formPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("form").Parse(formText))
})

// WriteForm writes a page on which a student fills in what a key asks. None of the
// key's answers is in it.
func WriteForm(w io.Writer, k *grade.Key) error {
	q := render.QuestionsForm(k)
	f, err := formOf(q)
	if err != nil {
		return err
	}
	for i := range q.Names {
		if id := raft.NodeID(i + 1); render.HasInitial(q, id) {
			f.Start = append(f.Start, []string{doc.Clean(q.Name(id)), doc.Clean(item.FlowState(k.Run, id, 0))})
		}
	}
	return writeForm(w, f)
}

// WriteBlankForm writes a page with the forms of an empty worksheet.
func WriteBlankForm(w io.Writer, b render.BlankSheet) error {
	f, err := formOf(b.Trace())
	if err != nil {
		return err
	}
	f.Free = true
	return writeForm(w, f)
}

func writeForm(w io.Writer, f *Form) error {
	text, err := inScript(f)
	if err != nil {
		return err
	}
	script := baseScript + formOwn
	return formPage().Execute(w, sheet{Title: f.Title, Style: template.CSS(formStyle), Script: template.JS(script),
		Data: text, Policy: policy(script, formStyle)})
}

// formOf cuts a sheet up.
func formOf(q *trace.Trace) (*Form, error) {
	parts, err := trace.FormParts(q)
	if err != nil {
		return nil, err
	}
	f := &Form{Title: "Worksheet", Variant: doc.Clean(q.Variant), Start: [][]string{}}
	if strings.TrimSpace(q.Title) != "" {
		f.Title = doc.Clean(q.Title)
	}
	for _, name := range q.Names {
		f.Nodes = append(f.Nodes, doc.Clean(name))
	}
	sum := sha256.New()
	for i, p := range parts {
		fmt.Fprintf(sum, "%q", p.Text)
		part := FormPart{Text: p.Text, Blanks: []FormBlank{}, Given: [][]string{}}
		for _, path := range p.Blanks {
			part.Blanks = append(part.Blanks, blankOf(q, path))
		}
		if i > 0 {
			part.about(q, &q.Steps[i-1])
		}
		f.Parts = append(f.Parts, part)
	}
	f.ID = hex.EncodeToString(sum.Sum(nil)[:8])
	return f, nil
}

// about adds what a step says by itself.
func (p *FormPart) about(q *trace.Trace, s *trace.Step) {
	sender, sends := s.Sender()
	p.ID, p.Head, p.Note, p.Sender = doc.Clean(s.ID), doc.Clean(render.FormHead(q, s)), doc.Clean(s.Note), int(sender)
	if sends {
		for _, f := range render.WrittenFields(q, s) {
			if v := f.Value.String(); v != "" {
				p.Given = append(p.Given, []string{f.Name, doc.Clean(v)})
			}
		}
	}
	if s.Response == nil {
		return
	}
	p.Row = make([]string, q.Size())
	for i := range s.Response.Cells {
		c := &s.Response.Cells[i]
		switch {
		case c.None:
			p.Row[c.Node-1] = "-"
		case c.OK.Given():
			p.Row[c.Node-1] = item.Word(c.OK.Value)
		}
	}
}

// blankOf says what belongs in a blank.
func blankOf(q *trace.Trace, path trace.FormBlank) FormBlank {
	last := path[len(path)-1]
	b := FormBlank{In: "message", Name: doc.Clean(last)}
	switch {
	case len(path) == 1:
		b.In, b.Kind = "head", "text"
		return b
	case path[0] == "response" || path[0] == "state":
		b.In = map[string]string{"response": "row", "state": "state"}[path[0]]
		b.Node = nodeOf(q, path[1])
		if b.In == "row" && len(path) == 2 {
			b.Kind, b.Name = "answer", "ok"
			return b
		}
		b.Name = doc.Clean(strings.Join(path[2:], " "))
		if len(path) > 3 { // a line: terms 3, nextIndex S2
			last = path[2] + " line"
		}
	}
	if b.Kind = kindOf(last); b.Kind == "answer" {
		b.Name = "ok"
	}
	if b.In == "row" && b.Kind == "indexes" {
		b.Kind = "number" // a matchIndex
	}
	return b
}

// kindOf is how the value of a field is typed.
func kindOf(field string) string {
	switch field {
	case "success", "voteGranted":
		return "answer"
	case "votedFor", "leader", "candidateId", "leaderId", "terms line":
		return "node"
	case "role":
		return "role"
	case "log":
		return "log"
	case "terms":
		return "votes"
	case "nextIndex", "matchIndex":
		return "indexes"
	case "value", "title", "student":
		return "text"
	}
	return "number"
}

// nodeOf finds a node by its name as a sheet has it.
func nodeOf(q *trace.Trace, written string) int {
	for i := range q.Names {
		if q.FlowName(raft.NodeID(i+1)) == written {
			return i + 1
		}
	}
	n, _ := strconv.Atoi(written)
	return n
}
