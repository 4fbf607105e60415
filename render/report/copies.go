package report

import (
	"io"

	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of which sheets share mistakes. Its names are stable: programs read
// them.
type (
	copiesReport struct {
		Version  int           `json:"version"`
		Key      jsonCopiesKey `json:"key"`
		Files    int           `json:"files"`
		Compared int           `json:"compared"` // sheets that count and have a mistake
		Blind    bool          `json:"blind"`    // what misunderstandings lead to is not known, and so not left out
		Matches  []jsonMatch   `json:"matches"`  // identical files first, then those of the least chance
	}
	jsonCopiesKey struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Title    string `json:"title"`
	}
	jsonMatch struct {
		Identical bool              `json:"identical"`
		Chance    float64           `json:"chance"` // pairs in a class like this that would share as much if everybody worked alone
		Sheets    []jsonMatched     `json:"sheets"`
		Shared    []jsonSharedWrong `json:"shared"`
		Explained int               `json:"explained"` // shared mistakes besides, to which a misunderstanding leads
		Differ    int               `json:"differ"`    // cells in which both are wrong, each in its own way
	}
	jsonMatched struct {
		Student  string   `json:"student"`          // as the LMS or the file's name has it
		Signed   string   `json:"signed,omitempty"` // the name on the sheet where it is another
		ID       string   `json:"id"`
		File     string   `json:"file"`
		Mistakes int      `json:"mistakes"`
		Same     []string `json:"same,omitempty"` // other files of the same bytes
	}
	jsonSharedWrong struct {
		Step    int    `json:"step"`
		ID      string `json:"id"`
		Node    string `json:"node"`
		Field   string `json:"field"`
		Written any    `json:"written"`
		Right   any    `json:"right"`
		Others  int    `json:"others"` // sheets besides these that have it
	}
)

// Copies writes which sheets of a class share mistakes.
func Copies(w io.Writer, r *copies.Report) error {
	t := r.Class.Key.Trace
	out := copiesReport{Version: 1, Key: jsonCopiesKey{t.File, t.Document, t.Title},
		Files: len(r.Class.Submissions), Compared: r.Compared, Blind: r.Blind, Matches: []jsonMatch{}}
	for i := range r.Matches {
		out.Matches = append(out.Matches, matchJSON(r.Matches[i].Key, &r.Matches[i]))
	}
	return doc.WriteJSON(w, out)
}

func matchJSON(k *grade.Key, m *copies.Match) jsonMatch {
	out := jsonMatch{Identical: m.Identical, Chance: m.Chance, Sheets: []jsonMatched{}, Shared: []jsonSharedWrong{}, Explained: m.Explained, Differ: m.Differ}
	for _, s := range m.Sheets {
		side := jsonMatched{ID: s.Student.ID, File: s.Name, Mistakes: s.Mistakes}
		side.Student, side.Signed = render.HandedInBy(s.Submission)
		for _, other := range s.Same {
			side.Same = append(side.Same, other.Name)
		}
		out.Sheets = append(out.Sheets, side)
	}
	for _, s := range m.Shared {
		out.Shared = append(out.Shared, jsonSharedWrong{s.Cell.Step, k.Trace.Steps[s.Cell.Step-1].ID, k.Trace.Name(s.Cell.Node),
			s.Cell.Name, s.Written, s.Cell.Right, s.Others})
	}
	return out
}
