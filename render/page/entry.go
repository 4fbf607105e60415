package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// The JSON of a marker's page, on which a pile of paper sheets is typed in: the form,
// with what belongs in each of its cells, and whose sheets there may be.
type (
	// An Entry is such a page.
	Entry struct {
		ID       string         `json:"id"` // tells its drafts from those of other pages
		Title    string         `json:"title"`
		Forms    []*Form        `json:"forms"`    // of the variants of the worksheet, of which there is one at least
		Students []EntryStudent `json:"students"` // of the roster, in its order
	}

	// An EntryStudent is whose sheet may be in the pile.
	EntryStudent struct {
		Who  string `json:"who"`  // by which the roster finds the student; it goes on the sheet
		Name string `json:"name"` // by which the marker finds the student, as by the rest
		More string `json:"more"`
		Mail string `json:"mail"`
		Form int    `json:"form"` // of the student's variant; -1 where nobody says which that is
	}
)

//go:embed entryfile.js
var entryFile string

//go:embed entry.js
var entryOwn string

//go:embed entry.css
var entryStyle string

//go:embed entry.gohtml
var entryText string

var entryPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("entry").Parse(entryText))
})

// WriteEntry writes a page on which a marker types in sheets that were filled in on
// paper, each of its student's variant. It has the right answers, so that only what
// differs need be typed. The roster is nil where nobody has one: the marker then adds each
// student. The error names a row of it that nothing tells from others.
func WriteEntry(w io.Writer, ks *grade.Keys, roster *intake.Roster) error {
	e := &Entry{Title: ks.Title(), Students: []EntryStudent{}}
	for _, k := range ks.All() {
		f, err := answered(k, len(ks.All()) > 1)
		if err != nil {
			return err
		}
		e.Forms = append(e.Forms, f)
	}
	if e.Title = doc.Clean(e.Title); strings.TrimSpace(e.Title) == "" {
		e.Title = e.Forms[0].Title
	}
	if roster != nil {
		var err error
		if e.Students, err = studentsOf(ks, roster); err != nil {
			return err
		}
	}
	e.ID = hex.EncodeToString(e.sum())
	text, err := inScript(e)
	if err != nil {
		return err
	}
	script, style := scriptOf(baseScript, cellsScript, entryFile, entryOwn), formStyle+entryStyle
	title := e.Title
	if v := e.Forms[0].Variant; v != "" && len(e.Forms) == 1 {
		title += ", variant " + v
	}
	return entryPage().Execute(w, sheet{Title: title, Style: template.CSS(style), Script: template.JS(script),
		Data: text, Policy: policy(script, style)})
}

// answered gives the form of a key with its answers. As one of several variants it says
// which it is.
func answered(k *grade.Key, several bool) (*Form, error) {
	q := k.Questions()
	if several {
		q.Variant = k.Variant()
	}
	f, err := formOf(q)
	if err != nil {
		return nil, err
	}
	return f, f.answer(k, q)
}

// sum tells the drafts of a page from those of another key or roster.
func (e *Entry) sum() []byte {
	sum := sha256.New()
	fmt.Fprintf(sum, "%#v", e.Students)
	for _, f := range e.Forms {
		fmt.Fprintf(sum, "%q", f.ID)
		for _, p := range f.Parts {
			for _, b := range p.Blanks {
				if b.Right != nil {
					fmt.Fprintf(sum, "%q", *b.Right)
				}
			}
		}
	}
	return sum.Sum(nil)[:8]
}

// A place is where a cell is on a sheet.
type place struct {
	step int
	node raft.NodeID
	name string // of the field; ok for an answer
}

// answer puts into each cell that a key scores what belongs there.
func (f *Form) answer(k *grade.Key, q *trace.Trace) error {
	right := make(map[place]*item.Item, len(k.Cells))
	for i := range k.Cells {
		right[placeOf(&k.Cells[i].Item)] = &k.Cells[i].Item
	}
	for step := range f.Parts {
		blanks := f.Parts[step].Blanks
		for i := range blanks {
			at := place{step, raft.NodeID(blanks[i].Node), blanks[i].In + " " + blanks[i].item}
			if it := right[at]; it != nil {
				blanks[i].Right = new(rightOf(k, it))
				delete(right, at)
			}
		}
	}
	for _, it := range right {
		return fmt.Errorf("the form has no cell for step %s, node %s: %s", q.Steps[it.Step-1].ID, q.Name(it.Node), it.Name)
	}
	return nil
}

// rightOf is what belongs in a cell, as a sheet has it.
func rightOf(k *grade.Key, it *item.Item) string {
	if v, ok := item.Gives(k.Run, it).(replay.Bool); ok {
		return item.Word(bool(v))
	}
	return item.Flow(k.Run, it)
}

func placeOf(it *item.Item) place {
	switch {
	case it.Field == item.Outcome:
		return place{it.Step, it.Node, "row ok"}
	case it.IsAnswer():
		return place{it.Step, it.Node, "row " + it.Name}
	}
	return place{it.Step, it.Node, "state " + it.Name}
}

// studentsOf lists a roster.
func studentsOf(ks *grade.Keys, roster *intake.Roster) ([]EntryStudent, error) {
	var all []EntryStudent
	for _, s := range roster.Students {
		e := EntryStudent{Who: roster.Handle(s), Name: doc.Clean(s.Called()), Form: slices.Index(ks.All(), ks.OfStudent(s, roster))}
		if e.Who == "" {
			return nil, fmt.Errorf("the roster's line %d: nothing in it tells %s from other students; give each an id, a login or an e-mail address of their own", s.Row, s.Called())
		}
		var more []string
		for _, id := range []string{s.Login, s.SIS, s.ID} {
			if id != "" && id != s.Called() && !slices.Contains(more, id) {
				more = append(more, id)
			}
		}
		e.More, e.Mail = doc.Clean(strings.Join(more, " ")), doc.Clean(s.Email)
		all = append(all, e)
	}
	return all, nil
}
