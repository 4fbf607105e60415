package grade

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// Law: a slip of the pen in a right sheet never takes a point away. One sign of
// YAML's is left out, typed twice or put for another somewhere in a sheet with all
// answers right: whatever cannot be read is to review, and the range still holds
// full marks. It fails where a slip makes a wrong answer, or a blank, of a right one.
func TestSlipsTakeNoPoint(t *testing.T) {
	data, err := os.ReadFile("../../examples/grading/key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := trace.Parse("key.yaml", data, trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := os.ReadFile("../../examples/grading/submissions/abelada_3101_9001_worksheet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const signs = " :,{}[]-\n"
	var at []int
	for i, b := range sheet {
		if strings.IndexByte(signs, b) >= 0 {
			at = append(at, i)
		}
	}
	r := rand.New(rand.NewPCG(10, 1))
	exact, open, none := 0, 0, 0
	for range wide.Of(60, 1500) {
		i := at[r.IntN(len(at))]
		put := ""
		switch r.IntN(3) {
		case 0: // left out
		case 1: // twice
			put = string(sheet[i]) + string(sheet[i])
		default: // another
			put = string(signs[r.IntN(len(signs)-1)])
		}
		slip := string(sheet[:i]) + put + string(sheet[i+1:])
		in := Input{Name: "s.yaml", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(slip)), nil }}
		s := MarkAll(key, []Input{in}, Settings{}).Submissions[0]
		counts, ok := s.Counts()
		switch line := 1 + strings.Count(string(sheet[:i]), "\n"); {
		case !ok:
			none++
		case counts.Most.Cmp(key.Max) < 0:
			t.Errorf("line %d, %q for %q: it counts %v of %v: %v", line, put, sheet[i], counts, key.Max, lost(s.Sheet))
			t.Log(strings.Split(slip, "\n")[line-1])
		case counts.Exact():
			exact++
		default:
			open++
		}
	}
	t.Logf("%d slips cost nothing, %d are to review in part, %d as a whole", exact, open, none)
}

// lost names the cells that a sheet has lost.
func lost(s *Sheet) []string {
	var out []string
	for i := range s.Marks {
		if m := &s.Marks[i]; m.Verdict == Wrong || m.Verdict == Blank || m.Verdict == Follows {
			out = append(out, fmt.Sprintf("step %s node %d %s: %s %v", s.Key.Trace.Steps[m.Cell.Step-1].ID, m.Cell.Node, m.Cell.Name, m.Verdict, m.Written))
		}
	}
	return out
}
