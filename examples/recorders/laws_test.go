package recorders

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// text writes a trace.
func text(t *trace.Trace) string {
	var b bytes.Buffer
	must(trace.Write(&b, t))
	return b.String()
}

// readBack reads a trace that has been written.
func readBack(t *testing.T, written string) *trace.Trace {
	t.Helper()
	f, err := trace.Read("recorded.yaml", strings.NewReader(written), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("a recorded trace cannot be read: %v", err)
	}
	return f.Traces[0]
}

// recorded gives a few recorded traces of both implementations, of so many events.
func recorded(t *testing.T, events int) []*trace.Trace {
	t.Helper()
	var all []*trace.Trace
	for seed := range uint64(wide.Of(10, 50)) {
		all = append(all, imported(t, recordEtcd(1000+seed, sizes[seed%2], events)))
	}
	for seed := range uint64(wide.Of(2, 20)) {
		var text []byte
		synctest.Test(t, func(*testing.T) {
			text = recordHashicorp(1000+seed, sizes[seed%2], events)
		})
		all = append(all, imported(t, text))
	}
	return all
}

// A recorded trace that is written and read again is the same, and so is its
// replay, note by note. If this fails, a trace file does not hold what was
// recorded.
func TestWrittenAndRead(t *testing.T) {
	t.Parallel()
	for _, tr := range recorded(t, 300) {
		written := text(tr)
		back := readBack(t, written)
		back.Comment = tr.Comment // which readers pass over
		for i := range back.Steps {
			back.Steps[i].Comment = tr.Steps[i].Comment
		}
		if text(back) != written {
			t.Errorf("%s: written again it differs", tr.Title)
		}
		if was, is := said(compared(t, tr)), said(compared(t, back)); !slices.Equal(was, is) {
			t.Errorf("%s: once it is written and read, the replay says\n%v\nand before\n%v", tr.Title, is, was)
		}
	}
}

// said is what a report says of each step, without places.
func said(r *check.Report) []string {
	out := []string{fmt.Sprint(r.Tally)}
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%4d %v %s %s %s", f.Step, f.Kind, f.Node, f.Field, f.Message))
	}
	slices.Sort(out)
	return out
}

// One falsified cell of a recorded trace is found: there, and nowhere else. One
// falsified answer that arrives late is found there, and nothing before it. If this
// fails, agreement of recorded clusters says little.
func TestFalsified(t *testing.T) {
	t.Parallel()
	runs, count := recorded(t, 300), 0
	for i, tr := range runs {
		written, rng := text(tr), rand.New(rand.NewPCG(uint64(i), 5))
		for _, falsify := range []func(*rand.Rand, *trace.Trace) (trace.Pos, int){falsifyAnswer, falsifyTerm, falsifyState} {
			back := readBack(t, written)
			at, step := falsify(rng, back)
			if !at.IsValid() {
				continue // a run in which nothing was answered
			}
			errs := errorsOf(compared(t, back))
			if len(errs) != 1 || errs[0].Pos != at || errs[0].Step != step {
				t.Errorf("%s: what is false stands at %v, step %d; found: %v", tr.Title, at, step, errs)
			}
			count++
		}
		back := readBack(t, written)
		if step := falsifyArrival(rng, back); step > 0 {
			errs := errorsOf(compared(t, back))
			slices.SortStableFunc(errs, func(a, b finding.Finding) int { return a.Step - b.Step })
			if len(errs) == 0 || errs[0].Step != step || errs[0].Kind != finding.Message {
				t.Errorf("%s: a false answer arrives in step %d; found first: %v", tr.Title, step, errs[:min(1, len(errs))])
			}
			count++
		}
	}
	if t.Logf("%d falsified", count); count < 3*len(runs) {
		t.Errorf("of %d runs only %d cells and answers could be falsified", len(runs), count)
	}
}

func errorsOf(r *check.Report) []finding.Finding {
	var errs []finding.Finding
	for i := range r.Findings {
		if r.Mode.Severity(&r.Findings[i]) == finding.Error {
			errs = append(errs, r.Findings[i])
		}
	}
	return errs
}

// somewhere tries the steps of a trace from a random one on until one will do.
func somewhere(rng *rand.Rand, t *trace.Trace, do func(s *trace.Step) trace.Pos) (trace.Pos, int) {
	from := rng.IntN(len(t.Steps))
	for i := range t.Steps {
		s := &t.Steps[(from+i)%len(t.Steps)]
		if at := do(s); at.IsValid() {
			return at, s.Number
		}
	}
	return trace.Pos{}, 0
}

// falsifyAnswer turns a success or voteGranted round.
func falsifyAnswer(rng *rand.Rand, t *trace.Trace) (trace.Pos, int) {
	return somewhere(rng, t, func(s *trace.Step) (at trace.Pos) {
		if s.Response == nil || !s.Response.Cells[0].OK.Given() {
			return at
		}
		ok := &s.Response.Cells[0].OK
		ok.Value = !ok.Value
		return ok.Pos
	})
}

// falsifyTerm raises the term of an answer.
func falsifyTerm(rng *rand.Rand, t *trace.Trace) (trace.Pos, int) {
	return somewhere(rng, t, func(s *trace.Step) (at trace.Pos) {
		if s.Response == nil || !s.Response.Cells[0].Term.Given() {
			return at
		}
		term := &s.Response.Cells[0].Term
		term.Value++
		return term.Pos
	})
}

// falsifyState changes one field of a table.
func falsifyState(rng *rand.Rand, t *trace.Trace) (trace.Pos, int) {
	return somewhere(rng, t, func(s *trace.Step) (at trace.Pos) {
		if len(s.State) == 0 {
			return at
		}
		st := &s.State[rng.IntN(len(s.State))]
		switch field := rng.IntN(4); {
		case len(st.MatchIndex.Value) > 0:
			st.MatchIndex.Value[0].Index.Value++
			return st.MatchIndex.Value[0].Index.Pos
		case field == 0:
			st.Term.Value++
			return st.Term.Pos
		case field == 1:
			st.VotedFor.Value = st.VotedFor.Value%raft.NodeID(t.Size()) + 1
			return st.VotedFor.Pos
		case field == 2:
			st.CommitIndex.Value++
			return st.CommitIndex.Pos
		case field == 3 && len(st.Log.Value) > 0:
			last := &st.Log.Value[len(st.Log.Value)-1]
			last.Term++
			return last.Pos
		}
		return at
	})
}

// falsifyArrival gives an answer that arrives late a term which nobody is in.
func falsifyArrival(rng *rand.Rand, t *trace.Trace) (step int) {
	_, step = somewhere(rng, t, func(s *trace.Step) (at trace.Pos) {
		switch e := s.Event.(type) {
		case *trace.VoteResponse:
			e.Term += 1000
			return s.EventPos
		case *trace.AppendResponse:
			e.Term += 1000
			return s.EventPos
		}
		return at
	})
	return step
}

// A seed of etcd's is one run: the same events, down to the last.
func TestEtcdSeeds(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(recordEtcd(7, 5, etcdEvents), recordEtcd(7, 5, etcdEvents)) {
		t.Error("the same seed gives another run")
	}
}

// rowsShown are the rows that recorded clusters come by, in any dozen runs.
var rowsShown = map[string][]string{
	"etcd": {"lower-term-unanswered", "append-below-commit-skipped", "refused-candidate-steps-down",
		"new-leader-appends", "commit-kept-on-restart"},
	"hashicorp": {"rivals-refused-under-leader", "new-leader-appends"},
}

// rowsRare are those that are seen in many runs. The others of a set are about
// requests that no leader sends, and answers that no voter gives: they are shown in
// package oracle.
var rowsRare = map[string][]string{
	"etcd":      {"vote-withheld-under-leader"},
	"hashicorp": {"repeated-vote-unchecked", "heartbeat-term-unread", "step-down-keeps-term", "late-vote-term-unread"},
}

// Without any one of these rows, a set agrees no longer with what was recorded. If
// this fails, the clusters are too tame, or a row changes nothing.
func TestRowsShow(t *testing.T) {
	t.Parallel()
	runs := recorded(t, etcdEvents)
	for name, rows := range rowsShown {
		set, _ := raft.SetNamed(name)
		if wide.On() {
			rows = slices.Concat(rows, rowsRare[name])
		}
		for _, row := range rows {
			others := slices.DeleteFunc(slices.Clone(set.Deviations), func(d raft.Deviation) bool { return d.Name == row })
			if len(others) == len(set.Deviations) {
				t.Errorf("the set %s has no %s", name, row)
			}
			if !slices.ContainsFunc(runs, func(tr *trace.Trace) bool { return tr.Rules[0] == name && differs(tr, others) }) {
				t.Errorf("%s without %s agrees with all that was recorded", name, row)
			}
		}
	}
}

// differs reports whether a recorded trace diverges under those deviations.
func differs(tr *trace.Trace, deviations []raft.Deviation) bool {
	run, halt := replay.Play(tr, raft.Figure2().With(deviations...))
	return halt != nil || len(errorsOf(check.Compare(run))) > 0
}
