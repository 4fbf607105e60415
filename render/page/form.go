package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
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
		ID      string      `json:"id"` // tells its drafts from those of other forms
		Title   string      `json:"title"`
		Variant string      `json:"variant,omitempty"`
		Nodes   []string    `json:"nodes"`
		Facts   [][]string  `json:"facts"`         // of the sheet as a whole, such as whose it is: each a name and a value
		How     string      `json:"how,omitempty"` // it is answered, and what it is worth
		Start   []FormState `json:"start"`         // what nodes are before the first step
		Free    bool        `json:"free"`          // whether forms may be left out, and put in another order
		Parts   []FormPart  `json:"parts"`         // what comes before the steps, and then each step
	}

	// A FormState is the page of a node, to be read.
	FormState struct {
		Fields [][]string  `json:"fields"` // each a name and a value
		Tables []FormTable `json:"tables"`
	}

	// A FormTable is a table of it.
	FormTable struct {
		Caption string     `json:"caption"`
		Columns []string   `json:"columns"`
		Rows    [][]string `json:"rows"`
	}

	// A FormPart is a step, or what comes before all of them.
	FormPart struct {
		ID     string      `json:"id"`
		Head   string      `json:"head"`
		Worth  string      `json:"worth,omitempty"` // in points
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

		item  string  // of an answer or a state: the name of the item
		Right *string `json:"r,omitempty"` // what belongs there, as the format writes it: on a marker's page alone, where the cell is scored
	}
)

//go:embed cells.js
var cellsScript string

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
	f.ask(k, q)
	return writeForm(w, f)
}

// ask adds what a key says beside its steps, and what they are worth.
func (f *Form) ask(k *grade.Key, q *trace.Trace) {
	f.Facts = pairs(render.PlayedBy(q))
	how := render.HowToAnswer(q, render.ByKeys)
	if all := render.Worth(k, k.Max, item.Of(q)); all != "" {
		how = append(how, all+" in all.")
	}
	f.How = strings.Join(how, " ")
	for i := range q.Names {
		if id := raft.NodeID(i + 1); render.HasInitial(q, id) {
			f.Start = append(f.Start, stateOf(render.StateBefore(k.Run, id)))
		}
	}
	for i := range q.Steps {
		f.Parts[i+1].Worth = render.Worth(k, k.Steps[i].Max, item.OfStep(q, &q.Steps[i]))
	}
}

// stateOf gives the page of a node.
func stateOf(g doc.Group) FormState {
	s := FormState{Fields: [][]string{}, Tables: []FormTable{}}
	for _, b := range g.Blocks {
		switch b := b.(type) {
		case doc.Fields:
			s.Fields = append(s.Fields, pairs(b.Rows)...)
		case doc.Table:
			t := FormTable{Caption: b.Caption, Rows: [][]string{}}
			for _, c := range b.Columns {
				t.Columns = append(t.Columns, c.Name)
			}
			for _, row := range b.Rows {
				var cells []string
				for _, c := range row {
					cells = append(cells, doc.Clean(c.Text.String()))
				}
				t.Rows = append(t.Rows, cells)
			}
			s.Tables = append(s.Tables, t)
		}
	}
	return s
}

func pairs(fields []doc.Field) [][]string {
	out := [][]string{}
	for _, f := range fields {
		out = append(out, []string{f.Name, doc.Clean(f.Value.String())})
	}
	return out
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
	script := scriptOf(baseScript, cellsScript, formOwn)
	return formPage().Execute(w, sheet{Title: f.Title, Style: template.CSS(formStyle), Script: template.JS(script),
		Data: text, Policy: policy(script, formStyle)})
}

// formOf cuts a sheet up.
func formOf(q *trace.Trace) (*Form, error) {
	parts, err := trace.FormParts(q)
	if err != nil {
		return nil, err
	}
	f := &Form{Title: "Worksheet", Variant: doc.Clean(q.Variant), Facts: [][]string{}, Start: []FormState{}}
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
