package check_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// fill gives a text with its blanks filled in.
func fill(text string, opt check.FillOptions) (string, error) {
	f, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		return "", err
	}
	var runs []*replay.Run
	for _, tr := range f.Traces {
		run, err := check.ReplayWith(tr, nil)
		if err != nil {
			return "", err
		}
		runs = append(runs, run)
	}
	ed, err := edit.Open(f)
	if err != nil {
		return "", err
	}
	if err := check.Fill(ed, runs, opt); err != nil {
		return "", err
	}
	out, err := ed.Bytes()
	return string(out), err
}

func mustFill(t testing.TB, text string, opt check.FillOptions) string {
	t.Helper()
	out, err := fill(text, opt)
	if err != nil {
		t.Fatalf("the trace cannot be filled in: %v\n%s", err, text)
	}
	return out
}

// game5 is an election that is lost on node 4, half lost on node 5, and refused
// by node 3; node 2 grants.
const game5 = `nodes: 5
initial: {1: {term: 1, role: candidate, log: [1:a]}, 3: {term: 1, votedFor: 3, log: [1:a]}}
steps:
- requestVote: {candidateId: 1}   # who?
  lost: [4]
  responseLost: [5]
`

// What is filled in where.
func TestFill(t *testing.T) {
	cases := []struct {
		why        string
		opt        check.FillOptions
		blank, now string // what stands behind game5, and what it becomes
	}{
		{"ok, no, none; where only the response was lost, the node's answer", check.FillOptions{},
			"  response: {1: , 2: , 3: , 4: , 5: }", "  response: {1: , 2: ok, 3: no, 4: none, 5: ok}"},
		{"a list", check.FillOptions{},
			`  response: [~, ~, "?", ~, none]`, "  response: [~, ok, no, none, none]"},
		{"what the row leaves out", check.FillOptions{},
			"  response: {2: ok}", "  response: {2: ok, 3: no, 4: none, 5: ok}"},
		{"a row that is blank as a whole", check.FillOptions{},
			"  response:", "  response: {2: ok, 3: no, 4: none, 5: ok}"},
		{"others, where one answer is all of theirs", check.FillOptions{},
			"  response: {3: , 4: none, others: }", "  response: {3: no, 4: none, others: ok}"},
		{"others, where it is not", check.FillOptions{},
			"  response: {3: no, others: }", "  response: {3: no, others: , 2: ok, 4: none, 5: ok}"},
		{"the fields of a whole answer", check.FillOptions{},
			"  response: {2: {voteGranted: , term: }, 3: {voteGranted: no, term: }, 4: {voteGranted: , term: }, 5: none}",
			"  response: {2: {voteGranted: true, term: 1}, 3: {voteGranted: no, term: 1}, 4: none, 5: none}"},
		{"a wrong answer stays", check.FillOptions{},
			"  response: {2: no, 3: , 4: ok, 5: ok}", "  response: {2: no, 3: no, 4: ok, 5: ok}"},
		{"a step without a response asks nothing", check.FillOptions{},
			"  note: quiet", "  note: quiet"},
		{"--correct replaces a wrong answer, and says what stood there", check.FillOptions{Correct: true},
			"  response: {2: no, 3: no, 4: ok, 5: ok}",
			"  response: {2: ok, 3: no, 4: none, 5: ok}  # node 2 was no, node 4 was ok"},
		{"--correct replaces a field of a whole answer", check.FillOptions{Correct: true},
			"  response: {2: {voteGranted: true, term: 2}, 3: no, 4: none, 5: ok}",
			"  response: {2: {voteGranted: true, term: 1}, 3: no, 4: none, 5: ok}  # node 2 was term 2"},
		{"--correct gives a node its own cell where others is wrong", check.FillOptions{Correct: true},
			"  response: {others: ok}",
			"  response: {others: ok, 3: no, 4: none}  # node 3 was ok, node 4 was ok"},
		{"tables: a field", check.FillOptions{},
			"  state: {1: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: }}",
			"  state: {1: {term: 1, votedFor: 1, role: candidate, log: [1:a], commitIndex: 0, lastApplied: 0}}"},
		{"tables: a node", check.FillOptions{},
			"  state: {2: }",
			"  state: {2: {term: 1, votedFor: 1, role: follower, log: [], commitIndex: 0, lastApplied: 0}}"},
		{"tables: the history of terms", check.FillOptions{},
			"  state: {2: {terms: }, 4: {terms: }, 3: {terms: {1: }}}",
			"  state: {2: {terms: {1: 1}}, 4: {terms: {}}, 3: {terms: {1: 3}}}"},
		{"tables: a leader's indexes, and of one that does not lead none", check.FillOptions{},
			"  state: {1: {nextIndex: , matchIndex: }}",
			"  state: {1: {nextIndex: {}, matchIndex: {}}}"},
		{"tables: the fields that no blank table asks for", check.FillOptions{},
			"  state: {1: {leader: , snapshot: , lastLogIndex: , lastLogTerm: }}",
			"  state: {1: {leader: none, snapshot: none, lastLogIndex: 1, lastLogTerm: 1}}"},
		{"tables: a part of a snapshot", check.FillOptions{},
			"  state: {1: {snapshot: {lastIncludedIndex: , lastIncludedTerm: 0}}}",
			"  state: {1: {snapshot: {lastIncludedIndex: 0, lastIncludedTerm: 0}}}"},
		{"tables: a log from an index on", check.FillOptions{},
			"  state: {1: {log: {from: 1, entries: }}, 3: {log: {from: 2, entries: }}}",
			"  state: {1: {log: {from: 1, entries: [1:a]}}, 3: {log: {from: 2, entries: []}}}"},
		{"tables: a log beside a snapshot that is not the node's", check.FillOptions{},
			"  state: {1: {snapshot: {lastIncludedIndex: 1}, log: }}",
			"  state: {1: {snapshot: {lastIncludedIndex: 1}, log: {from: 1, entries: [1:a]}}}"},
	}
	for _, c := range cases {
		out := mustFill(t, game5+c.blank+"\n", c.opt)
		if want := game5 + c.now + "\n"; out != want {
			t.Errorf("%s: (-should be +is)\n%s", c.why, cmp.Diff(want, out))
		}
	}
}

// --all gives every step that has none a response; --messages writes out the
// message fields that are left out.
func TestFillAllAndMessages(t *testing.T) {
	const text = `nodes: 3
initial: {1: {term: 1, log: [1:a, 1:b]}, 2: {log: [1:a]}}
steps:
- requestVote: {candidateId: 1}
- clientRequest: {node: 1, value: c}
- appendEntries: {leaderId: 1, index: 2, value: b}
- appendEntries: {leaderId: 1, prevLogIndex: 1, entries: [1:b], term: }
- appendEntries: {leaderId: 1, entries: auto}
  to: [3]
  response: {3: }
- appendEntries: {leaderId: 1, entries: []}
- appendEntries: {leaderId: 1, entries: []}
  to: [3]
`
	want := `nodes: 3
initial: {1: {term: 1, log: [1:a, 1:b]}, 2: {log: [1:a]}}
steps:
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 2, lastLogTerm: 1}
  response: {2: ok, 3: ok}
- clientRequest: {node: 1, value: c}
- appendEntries: {leaderId: 1, index: 2, value: b, term: 2, leaderCommit: 0}
  response: {2: ok, 3: no}
- appendEntries: {leaderId: 1, prevLogIndex: 1, entries: [1:b], term: 2, leaderCommit: 0, prevLogTerm: 1}
  response: {2: ok, 3: no}
- appendEntries: {leaderId: 1, entries: auto, term: 2, leaderCommit: 0}
  to: [3]
  response: {3: ok}
- appendEntries: {leaderId: 1, entries: [], term: 2, leaderCommit: 3}
  response: {2: ok, 3: ok}
- appendEntries: {leaderId: 1, entries: [], term: 2, leaderCommit: 3, prevLogIndex: 3, prevLogTerm: 2}
  response: {3: ok}
  to: [3]
`
	if out := mustFill(t, text, check.FillOptions{All: true, Messages: true}); out != want {
		t.Errorf("filled in: (-should be +is)\n%s", cmp.Diff(want, out))
	}
}

// Nothing is filled in for a node that is unknown, but that a request did not
// reach it.
func TestFillUnknown(t *testing.T) {
	out := mustFill(t, `nodes: 4
unknown: [2, 3]
steps:
- requestVote: {candidateId: 1}
  lost: [3]
  response: {2: , 3: , 4: }
  state: {2: , 4: {votedFor: }}
- requestVote: {candidateId: 1}
  lost: [2]
  response: {2: ok}
`, check.FillOptions{Correct: true})
	want := `nodes: 4
unknown: [2, 3]
steps:
- requestVote: {candidateId: 1}
  lost: [3]
  response: {2: , 3: none, 4: ok}
  state: {2: , 4: {votedFor: 1}}
- requestVote: {candidateId: 1}
  lost: [2]
  response: {2: ok, 4: ok}
`
	if out != want {
		t.Errorf("filled in: (-should be +is)\n%s", cmp.Diff(want, out))
	}
}

// The blank worksheet, filled in, has the answers of the worksheet.
func TestFillWorksheet(t *testing.T) {
	blank, err := os.ReadFile("../examples/worksheet-blank.yaml")
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile("../examples/worksheet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	filled := checktest.Play(t, mustFill(t, string(blank), check.FillOptions{}))
	given := checktest.Play(t, string(key))
	for i := range given.Trace.Steps {
		for id := range raft.AllNodes(8).All() {
			a, b := cellText(given.Trace, i, id), cellText(filled.Trace, i, id)
			if s, _ := given.Trace.Steps[i].Sender(); a != b && id != s {
				t.Errorf("step %s, node %d: the worksheet answers %s, the blank one is filled in with %s", given.Trace.Steps[i].ID, id, a, b)
			}
		}
	}
}

func cellText(t *trace.Trace, step int, id raft.NodeID) string {
	if t.Steps[step].Response == nil {
		return "nothing"
	}
	switch c := t.Steps[step].Response.Cell(id); {
	case c == nil || c.IsBlank():
		return "blank"
	case c.None:
		return "none"
	case !c.OK.Given():
		return "blank"
	default:
		return fmt.Sprint(c.OK.Value)
	}
}

// The laws of filling in: what is filled in agrees, no blank stays, a second
// time changes nothing, and nothing else differs.
func TestFillingLaws(t *testing.T) {
	options := []check.FillOptions{{}, {All: true}, {Messages: true}, {Correct: true}, {All: true, Messages: true, Correct: true}}
	for _, start := range checktest.Starts {
		t.Run(start, rapid.MakeCheck(func(t *rapid.T) {
			text, _ := checktest.RandomTrace(t, start)
			opt := rapid.SampledFrom(options).Draw(t, "options")
			out, err := fill(text, opt)
			if err != nil {
				t.Fatalf("fill %+v: %v\n%s", opt, err, text)
			}
			for _, wrong := range holdFilled(text, out, opt) {
				t.Errorf("fill %+v: %s\n%s\nbecame\n%s", opt, wrong, text, out)
			}
		}))
	}
}

// holdFilled gives what is wrong with a filled text, nil for nothing.
func holdFilled(text, out string, opt check.FillOptions) (wrong []string) {
	before, after := reports(text), reports(out)
	if len(before) != len(after) {
		return []string{fmt.Sprintf("%d traces became %d", len(before), len(after))}
	}
	for i := range before {
		was, now := before[i], after[i]
		if a, b := errorsLeft(was, opt), checktest.Lines(now, finding.Response, finding.State, finding.Message, finding.Safety); len(b) > a {
			wrong = append(wrong, fmt.Sprintf("%d things were wrong, and now\n%s", a, strings.Join(b, "\n")))
		}
		if n := now.CountKind(finding.Response); opt.Correct && n > 0 {
			wrong = append(wrong, fmt.Sprintf("%d answers are wrong after --correct:\n%s", n, strings.Join(checktest.Lines(now, finding.Response), "\n")))
		}
		if changed := rewritten(was.Run.Trace, now.Run.Trace); changed != "" && !opt.Correct {
			wrong = append(wrong, changed)
		}
		if left := fillable(now); len(left) > 0 {
			wrong = append(wrong, "these blanks stay:\n"+strings.Join(left, "\n"))
		}
		for step := range len(was.Run.Steps) + 1 {
			if a, b := fmt.Sprint(checktest.States(was.Run, step)), fmt.Sprint(checktest.States(now.Run, step)); a != b {
				wrong = append(wrong, fmt.Sprintf("the states after step %d were\n%s\nand are\n%s", step, a, b))
				break
			}
		}
	}
	if again, err := fill(out, opt); err != nil || again != out {
		wrong = append(wrong, fmt.Sprintf("a second fill gives %v and\n%s", err, again))
	}
	return wrong
}

// rewritten gives an answer that was written and is another now.
func rewritten(was, now *trace.Trace) string {
	for i := range was.Steps {
		if was.Steps[i].Response == nil {
			continue
		}
		for id := range raft.AllNodes(was.Size()).All() {
			a, b := cellText(was, i, id), cellText(now, i, id)
			if a != b && a != "blank" {
				return fmt.Sprintf("step %d: the answer of node %d was %s and is %s", i+1, id, a, b)
			}
		}
	}
	return ""
}

// errorsLeft counts what was wrong, and may be so still.
func errorsLeft(rep *check.Report, opt check.FillOptions) int {
	n := len(checktest.Lines(rep, finding.State, finding.Message, finding.Safety))
	if !opt.Correct {
		n += rep.CountKind(finding.Response)
	}
	return n
}

// fillable gives the blanks of a report that could be filled in: not those of
// unknown nodes, nor of a term that a node was never in, nor a cell for others
// where each has its own.
func fillable(rep *check.Report) []string {
	var left []string
	t := rep.Run.Trace
	for i := range rep.Findings {
		f := &rep.Findings[i]
		id, ok := t.Node(f.Node)
		if f.Kind != finding.Unfilled || ok && t.Unknown.Has(id) {
			continue
		}
		if strings.Contains(f.Message, "blank in part") && silent(rep.Run, f.Step, id) {
			continue // {voteGranted: , term: 3} of one that gave no answer
		}
		if st := rep.Run.State(id, f.Step); ok && strings.Contains(f.Field, "Index[") && st.Role != raft.Leader {
			continue
		}
		left = append(left, checktest.Line(f))
	}
	return left
}

func silent(run *replay.Run, step int, id raft.NodeID) bool {
	d := run.Steps[step-1].Delivery(id)
	return d == nil || !d.Answered()
}

// reports gives the comparisons of every trace of a text.
func reports(text string) []*check.Report {
	return check.CheckFile("t.yaml", strings.NewReader(text), checktest.Settings).Reports
}

// What fill makes of any trace is a trace, and is held to the same laws; where
// the layout has no room, it says so at a place.
func FuzzFill(f *testing.F) {
	for _, name := range checktest.ExampleFiles(f) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false, false, false)
		f.Add(data, true, true, true)
	}
	f.Add([]byte(game5+"  response: {others: ok}\n"), false, false, true)
	f.Fuzz(func(t *testing.T, data []byte, all, messages, correct bool) {
		text, opt := string(data), check.FillOptions{All: all, Messages: messages, Correct: correct}
		if file := check.CheckFile("t.yaml", strings.NewReader(text), checktest.Settings); len(file.Errors) > 0 {
			t.Skip()
		}
		out, err := fill(text, opt)
		if err != nil {
			if e, ok := err.(*trace.Error); !ok || !e.Pos.IsValid() {
				t.Errorf("fill says %v, with no place", err)
			}
			return
		}
		for _, wrong := range holdFilled(text, out, opt) {
			t.Errorf("%s\n%q\nbecame\n%q", wrong, text, out)
		}
	})
}

// The matchIndex of an answer.
func TestFillMatchIndex(t *testing.T) {
	const game = `nodes: 4
initial: {1: {term: 1, role: leader, log: [1:a, 1:b], nextIndex: {2: 1, 3: 3}}, 3: {term: 2}}
steps:
- appendEntries: {leaderId: 1, entries: auto}
  lost: [4]
`
	cases := []struct {
		opt        check.FillOptions
		blank, now string
	}{
		{check.FillOptions{}, "  response: {2: {success: , matchIndex: }, 3: {success: , matchIndex: }, 4: {success: , matchIndex: }}",
			"  response: {2: {success: true, matchIndex: 2}, 3: {success: false, matchIndex: 0}, 4: none}"},
		{check.FillOptions{}, "  response: {2: {matchIndex: }, 3: no, 4: {matchIndex: }}", "  response: {2: {matchIndex: 2}, 3: no, 4: none}"},
		{check.FillOptions{Correct: true}, "  response: {2: {success: true, matchIndex: 1}, 3: no, 4: {success: true, term: 1, matchIndex: 1}}",
			"  response: {2: {success: true, matchIndex: 2}, 3: no, 4: none}  # node 2 was matchIndex 1, node 4 was ok term 1 matchIndex 1"},
		{check.FillOptions{Correct: true}, "  response: {2: ok, 3: no, 4: {term: 1, matchIndex: 1}}",
			"  response: {2: ok, 3: no, 4: none}  # node 4 was term 1 matchIndex 1"},
	}
	for _, c := range cases {
		out := mustFill(t, game+c.blank+"\n", c.opt)
		if want := game + c.now + "\n"; out != want {
			t.Errorf("(-should be +is)\n%s", cmp.Diff(want, out))
		}
	}
}

// What an InstallSnapshot leaves out is written from its leader's own snapshot.
func TestFillSnapshotMessage(t *testing.T) {
	got, err := fill(`nodes: 2
initial: {1: {term: 3, role: leader, snapshot: {lastIncludedIndex: 5, lastIncludedTerm: 2}}}
steps:
- installSnapshot: {leaderId: 1}
  response: {2: }
`, check.FillOptions{Messages: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"{leaderId: 1, term: 3, lastIncludedIndex: 5, lastIncludedTerm: 2}", "{2: ok}"} {
		if !strings.Contains(fmt.Sprint(got), want) {
			t.Errorf("the filled trace does not say %q:\n%s", want, got)
		}
	}
}
