package grade

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/order"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// A group is the sheets of examples/game, by node, to be changed.
type group []string

func readGroup(t *testing.T) group {
	t.Helper()
	g := make(group, 9)
	for node := 1; node <= 8; node++ {
		data, err := os.ReadFile(fmt.Sprintf("../../examples/game/node%d.yaml", node))
		if err != nil {
			t.Fatal(err)
		}
		g[node] = string(data)
	}
	return g
}

// on changes a node's sheet, in one place.
func (g group) on(t *testing.T, node int, was, is string) {
	t.Helper()
	if strings.Count(g[node], was) != 1 {
		t.Fatalf("the sheet of node %d has %q %d times", node, was, strings.Count(g[node], was))
	}
	g[node] = strings.Replace(g[node], was, is, 1)
}

// mark marks the group, and gives the submissions by the node of their file.
func (g group) mark() (*Class, map[int]*Submission) {
	var inputs []Input
	for node, text := range g {
		if text != "" {
			inputs = append(inputs, Input{Name: fmt.Sprintf("node%d.yaml", node), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
		}
	}
	c := MarkGame(inputs, order.DefaultStates, Settings{})
	of := make(map[int]*Submission)
	for i := range c.Submissions {
		var node int
		fmt.Sscanf(c.Submissions[i].Name, "node%d", &node)
		of[node] = &c.Submissions[i]
	}
	return c, of
}

// Each mistake in a right game costs the student whose it is, and nobody else. If this
// fails, somebody loses points for what another has decided.
func TestWhoLosesInAGame(t *testing.T) {
	for _, c := range []struct {
		what    string
		node    int // on whose sheet
		was, is string
		lose    map[int]string // what a node's sheet lacks of all of its points, 0 for everybody else
		open    []int          // on whose sheets something is not marked
	}{
		{what: "nothing"},
		{what: "an answer is its column's", node: 1, was: "{2: none, 3: none, 4: ok, 5: ok, 6: ok, 7: no, 8: none}", is: "{2: none, 3: none, 4: ok, 5: ok, 6: ok, 7: ok, 8: none}",
			lose: map[int]string{7: "1"}},
		{what: "a table is its sheet's", node: 8, was: "commitIndex: 4", is: "commitIndex: 5", lose: map[int]string{8: "1"}},
		{what: "a message is its sender's", node: 1, was: "lastLogIndex: 3", is: "lastLogIndex: 2", lose: map[int]string{1: "1"}},
		{what: "a vote that the node's own table denies may be a slip of the candidate's pen", node: 5, was: "3: none, 4: no, 6: ok", is: "3: none, 4: ok, 6: ok", open: []int{4, 5}},
		{what: "what cannot be read waits, and costs nothing yet", node: 8, was: "commitIndex: 4", is: "commitIndex: four", lose: map[int]string{8: "0 to 1"}},
		{what: "whether a blank request arrived nobody can tell", node: 4, was: "7: no, 8: none", is: "7: , 8: none", open: []int{7}},
		{what: "a table left blank is a mistake", node: 8, was: "commitIndex: 4", is: "commitIndex: ", lose: map[int]string{8: "1"}},
		{what: "a sheet does not choose its rules", node: 8, was: "raftId: 8", is: "raftId: 8\nrules: [commit-on-store]"},
	} {
		t.Run(c.what, func(t *testing.T) {
			g := readGroup(t)
			if c.node > 0 {
				g.on(t, c.node, c.was, c.is)
			}
			_, of := g.mark()
			for node := 1; node <= 8; node++ {
				s := of[node]
				if s.Outcome != Marked {
					t.Fatal(node, s.Outcome, s.Why)
				}
				counts := s.Sheet.Counts()
				lost, want := Range{s.Sheet.Key.Max.Minus(counts.Most), s.Sheet.Key.Max.Minus(counts.Least)}.String(), c.lose[node]
				if want == "" {
					want = "0"
				}
				if lost != want {
					t.Errorf("node %d loses %s of %v; want %s", node, lost, s.Sheet.Key.Max, want)
				}
				if is := len(s.Sheet.Open) > 0; is != slices.Contains(c.open, node) {
					t.Errorf("node %d: something is not marked %t: %v", node, is, s.Sheet.Open)
				}
			}
		})
	}
}

// What is wrong in every order costs nothing for sure while something may explain it that
// nobody knows: a sheet that is missing, or a message that cannot be read.
func TestUnsureGame(t *testing.T) {
	const was, is = "6: ok, 7: no, 8: none", "6: ok, 7: ok, 8: none"
	for _, c := range []struct {
		what, why string
		change    func(g group)
	}{
		{"a missing sheet", "the sheet of node 8 is missing", func(g group) { g[8] = "" }},
		{"an unreadable message", "a message that cannot be read", func(g group) {
			g[6] += "\n  - appendEntries: {leaderId: 6, term: ?!, index: 9, value: z, leaderCommit: 4}\n"
		}},
	} {
		g := readGroup(t)
		g.on(t, 1, was, is)
		c.change(g)
		_, of := g.mark()
		s := of[7].Sheet
		if got := s.Key.Max.Minus(s.Counts().Most).String(); got != "0" || len(s.Reviews) != 1 || !strings.Contains(s.Reviews[0].Why, c.why) {
			t.Errorf("%s: node 7 loses %s for sure, and waits for %v", c.what, got, s.Reviews)
		}
	}
}

// Sheets that are not of the game wait for an instructor, and leave the others alone.
func TestNotOfTheGame(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(g group)
		out    map[int]string // by node: why
	}{
		{"two sheets of one node", func(g group) { g[8] = strings.Replace(g[6], "student", "other", 1) }, map[int]string{
			6: "this is a sheet of node 6, and so is node8.yaml", 8: "this is a sheet of node 6, and so is node6.yaml"}},
		{"another cluster, whoever comes first", func(g group) { g[0] = "nodes: 3\nraftId: 1\nsteps:\n  - state: {1: {term: 1}}\n" }, map[int]string{
			0: "the nodes are 1, 2, 3 here, and 1, 2, 3, 4, 5, 6, 7, 8 in node1.yaml"}},
		{"nobody's", func(g group) { g[8] = "nodes: 8\nsteps:\n  - state: {}\n" }, map[int]string{8: "nothing on this sheet says which node it is"}},
		{"no trace", func(g group) { g[8] = "dear instructor" }, map[int]string{8: ""}},
	} {
		g := readGroup(t)
		c.change(g)
		_, of := g.mark()
		for node, s := range of {
			why, out := c.out[node]
			waits := s.Outcome == Unmatched || s.Outcome == Malformed
			if out && !(waits && strings.Contains(s.Why, why)) || !out && waits && !strings.HasPrefix(s.Why, "no order") {
				t.Errorf("%s: node %d: %v: %s", c.what, node, s.Outcome, s.Why)
			}
		}
	}
}

// Answers that are made false in a right game are the only ones that are marked wrong,
// wherever the game's own order is one of the cheapest. It fails where a true cell costs
// somebody a point.
func TestTrueCellsKeepTheirPoints(t *testing.T) {
	for seed := range wide.Of(4, 100) {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		g, made := readGroup(t), make(map[string]bool)
		for len(made) < 1+seed%5 {
			node := 1 + rng.IntN(5) // who sent messages
			f, err := trace.Parse("sheet.yaml", []byte(g[node]), trace.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			s := &f.Traces[0].Steps[rng.IntN(len(f.Traces[0].Steps)-1)]
			c := &s.Response.Cells[rng.IntN(len(s.Response.Cells))]
			id := fmt.Sprintf("%d-%s %d", node, s.ID, c.Node)
			if c.None || made[id] {
				continue
			}
			made[id] = true
			c.OK.Value = !c.OK.Value
			var text strings.Builder
			if err := trace.Write(&text, f.Traces[0]); err != nil {
				t.Fatal(err)
			}
			g[node] = text.String()
		}
		class, of := g.mark()
		if !class.Game.Proven || class.Game.Cost < len(made) {
			continue // another story is cheaper
		}
		for node, s := range of {
			for i := range s.Sheet.Marks {
				m := &s.Sheet.Marks[i]
				id := fmt.Sprintf("%s %d", s.Sheet.Key.Trace.Steps[m.Cell.Step-1].ID, m.Cell.Node)
				if m.Verdict != Right && !made[id] {
					t.Errorf("game %d: node %d loses %s of step %s, which is true", seed, node, m.Cell.Name, id)
				}
			}
		}
	}
}
