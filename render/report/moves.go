package report

import (
	"io"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// The JSON of two runs of grade held against each other. Its names are stable:
// programs read them.
type (
	movesReport struct {
		Version    int          `json:"version"`
		Before     movesRun     `json:"before"`
		Now        movesRun     `json:"now"`
		KeyChanged bool         `json:"keyChanged"`
		Same       int          `json:"same"`
		Moved      []movesMoved `json:"moved"`
		New        []movesOne   `json:"new"`
		Gone       []movesOne   `json:"gone"`
	}
	movesRun struct {
		Tool string `json:"tool"` // its version
		Key  string `json:"key"`  // its digest
	}
	movesOne struct {
		Student gradesStudent `json:"student"`
		File    string        `json:"file"`
		Came    movesCame     `json:"came"`
	}
	movesMoved struct {
		Student gradesStudent `json:"student"`
		File    string        `json:"file"`
		Before  movesCame     `json:"before"`
		Now     movesCame     `json:"now"`
		Cells   []movesCell   `json:"cells"`
	}
	movesCame struct {
		Outcome string        `json:"outcome"`
		Counted *grade.Points `json:"counted"` // null where there is no mark: that is not 0
		Most    *grade.Points `json:"most,omitempty"`
	}
	movesCell struct {
		Step   string     `json:"step"`
		Node   string     `json:"node"`
		Field  string     `json:"field"`
		Before *movesMark `json:"before"` // null where it was not asked for
		Now    *movesMark `json:"now"`
	}
	movesMark struct {
		Verdict string        `json:"verdict"`
		Points  grade.Points  `json:"points"` // with what follows from mistakes
		Most    *grade.Points `json:"most,omitempty"`
	}
)

// Moves writes whose mark has moved since an earlier run, and by which cells.
func Moves(w io.Writer, m *grade.Moves) error {
	out := movesReport{Version: 1, Before: movesRun{m.Before.Tool, m.Before.Key}, Now: movesRun{m.Now.Tool, m.Now.Key},
		KeyChanged: m.KeyChanged, Same: m.Same, Moved: []movesMoved{}, New: movesOnes(m.New), Gone: movesOnes(m.Gone)}
	for _, x := range m.Moved {
		moved := movesMoved{gradesStudent{x.Now.Student.ID, x.Now.Student.Name}, x.Now.File, cameJSON(x.Before), cameJSON(x.Now), []movesCell{}}
		for i := range x.Cells {
			c := x.Cells[i].Cell()
			moved.Cells = append(moved.Cells, movesCell{c.Step, c.Node, c.Field, markJSON(x.Cells[i].Before), markJSON(x.Cells[i].Now)})
		}
		out.Moved = append(out.Moved, moved)
	}
	return doc.WriteJSON(w, out)
}

func movesOnes(all []*grade.Result) []movesOne {
	out := []movesOne{}
	for _, r := range all {
		out = append(out, movesOne{gradesStudent{r.Student.ID, r.Student.Name}, r.File, cameJSON(r)})
	}
	return out
}

func cameJSON(r *grade.Result) movesCame {
	out := movesCame{Outcome: r.Outcome}
	if r.Counts != nil {
		out.Counted, out.Most = &r.Counts.Least, mostOf(*r.Counts)
	}
	return out
}

func markJSON(c *grade.CellResult) *movesMark {
	if c == nil {
		return nil
	}
	return &movesMark{c.Verdict, c.Points.Least, mostOf(c.Points)}
}
