package grade

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/raft"
	"raftsheet/trace"
)

func parse(t *testing.T, text string) *trace.Trace {
	t.Helper()
	f, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f.Traces[0]
}

// Node 1 wins an election, and sends two entries, of which the first does not
// reach node 3. The truth: ok and ok; ok and none; ok, and no for want of entry 1;
// node 2's log is [1:x, 1:y], and 1 is committed.
const keyText = `
nodes: 3
steps:
- id: v
  requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: , 3: }
- id: a
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
  lost: 3
  response: {2: , 3: }
- id: b
  appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 1}
  response: {2: , 3: }
  state: {2: {log: , commitIndex: }}
`

// One follower, F, asked by unknown nodes; of each case below the key is some of
// these steps. F holds one entry, of term 1.
const follower = `
nodes: [F, P, Q]
unknown: [P, Q]
initial: {F: {term: 1, log: [1]}}
steps:
`

// asked gives a key of F from lines "id: event | what is asked".
func asked(lines ...string) string {
	text := follower
	for _, l := range lines {
		id, rest, _ := strings.Cut(l, ": ")
		event, ask, _ := strings.Cut(rest, " | ")
		text += fmt.Sprintf("- {id: %s, %s, to: F, %s}\n", id, event, ask)
	}
	return text
}

// The steps that F is asked about: P of term 2 has the shorter log, Q of the same
// term one as long as F's; P leads term 3 and sends entries 2, 3 and 4.
const (
	short = "short: requestVote: {candidateId: P, term: 2, lastLogIndex: 0, lastLogTerm: 0} | response: {F: }"
	equal = "equal: requestVote: {candidateId: Q, term: 2, lastLogIndex: 1, lastLogTerm: 1} | response: {F: }"
	two   = "two: appendEntries: {leaderId: P, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3], leaderCommit: 1} | response: {F: }"
	three = "three: appendEntries: {leaderId: P, term: 3, prevLogIndex: 2, prevLogTerm: 3, entries: [3], leaderCommit: 1} | response: {F: }"
	four  = "four: appendEntries: {leaderId: P, term: 3, prevLogIndex: 3, prevLogTerm: 3, entries: [3], leaderCommit: 1} | response: {F: }"
	five  = "five: appendEntries: {leaderId: P, term: 3, prevLogIndex: 4, prevLogTerm: 3, entries: [], leaderCommit: 1} | response: {F: }"
)

// on gives a sheet of a key: of each "id | what is written" the step, with the
// key's own event.
func on(k *Key, steps ...string) string {
	text := fmt.Sprintf("nodes: [%s]\nsteps:\n", strings.Join(k.Trace.Names, ", "))
	for _, s := range steps {
		id, says, _ := strings.Cut(s, " | ")
		event := "heal: true"
		if st := k.Trace.StepByID(id); st != nil && st.Event != nil {
			sender, _ := st.Sender()
			field := map[string]string{"requestVote": "candidateId", "appendEntries": "leaderId"}[st.EventName()]
			event = fmt.Sprintf("%s: {%s: %s}", st.EventName(), field, k.Trace.Name(sender))
		}
		if says != "" {
			says = ", " + says
		}
		text += fmt.Sprintf("- {id: %s, %s%s}\n", id, event, says)
	}
	return text
}

// verdicts is a sheet's marks but for what is right, one after the other: step,
// node, field, verdict.
func verdicts(s *Sheet) string {
	var out []string
	for i := range s.Marks {
		if m := &s.Marks[i]; m.Verdict != Right {
			out = append(out, fmt.Sprintf("%s %s %s %s", s.Key.Trace.Steps[m.Cell.Step-1].ID, s.Key.Trace.Name(m.Cell.Node), m.Cell.Name, m.Verdict))
		}
	}
	return strings.Join(out, "; ")
}

// Marks and what follows from mistakes, each case worked out by hand from what the
// sheet says: a student is punished once for one mistake, and given nothing that
// does not follow from it.
func TestFollowThrough(t *testing.T) {
	for _, c := range []struct {
		why, key string
		sheet    []string
		want     string
	}{
		{"all of it is the truth", keyText,
			[]string{"v | response: {2: ok, 3: ok}", "a | response: {2: ok, 3: none}", "b | response: {2: ok, 3: no}, state: {2: {log: [1:x, 1:y], commitIndex: 1}}"},
			""},
		{"a no leaves the log: without entry 1 there is no entry 2 either, and nothing is committed", keyText,
			[]string{"v | response: {2: ok, 3: ok}", "a | response: {2: no, 3: none}", "b | response: {2: no, 3: no}, state: {2: {log: [], commitIndex: 0}}"},
			"a 2 success wrong; b 2 success followThrough; b 2 log followThrough; b 2 commitIndex followThrough"},
		{"a yes appends: with entry 1, which never came, entry 2 fits", keyText,
			[]string{"v | response: {2: ok, 3: ok}", "a | response: {2: ok, 3: ok}", "b | response: {2: ok, 3: ok}, state: {2: {log: [1:x, 1:y], commitIndex: 1}}"},
			"a 3 success wrong; b 3 success followThrough"},
		{"the first mistake follows from nothing, and a second one of its own is no consequence", keyText,
			[]string{"v | response: {2: no, 3: ok}", "a | response: {2: ok, 3: none}", "b | response: {2: no, 3: no}, state: {2: {log: [1:x], commitIndex: 0}}"},
			"v 2 voteGranted wrong; b 2 success wrong; b 2 log followThrough; b 2 commitIndex followThrough"},
		{"a yes grants: the vote is gone, and Q does not get it", asked(short, equal),
			[]string{"short | response: {F: ok}", "equal | response: {F: no}"},
			"short F voteGranted wrong; equal F voteGranted followThrough"},
		{"a no leaves the vote: it is free for the next", asked(equal, "again: requestVote: {candidateId: P, term: 2, lastLogIndex: 1, lastLogTerm: 1} | response: {F: }"),
			[]string{"equal | response: {F: no}", "again | response: {F: ok}"},
			"equal F voteGranted wrong; again F voteGranted followThrough"},
		{"a table replaces the log: what comes next is refused for want of entry 2", asked(two+", state: {F: {log: }}", three),
			[]string{"two | response: {F: ok}, state: {F: {log: [1]}}", "three | response: {F: no}"},
			"two F log wrong; three F success followThrough"},
		{"a table that comes back to the truth takes the state along: a no is a new mistake", asked(two+", state: {F: {log: }}", three+", state: {F: {log: }}", four),
			[]string{"two | response: {F: ok}, state: {F: {log: [1]}}", "three | response: {F: no}, state: {F: {log: [1, 3, 3]}}", "four | response: {F: no}"},
			"two F log wrong; three F success followThrough; four F success wrong"},
		{"what is left blank is neither: the reference goes on from what it would be", asked(two, three),
			[]string{"two | response: {F: }", "three | response: {F: ok}"},
			"two F success blank"},
	} {
		k := newKey(t, c.key)
		s := k.Mark(parse(t, on(k, c.sheet...)), false)
		if got := verdicts(s); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.why, got, c.want)
		}
		if len(s.Stops) > 0 || len(s.Humans) > 0 || len(s.Remarks) > 0 {
			t.Errorf("%s: the sheet has stops %v, runs for a human %v, remarks %v", c.why, s.Stops, s.Humans, s.Remarks)
		}
	}
}

// A right cell is right whatever the sheet says before it; that it does not follow
// is said, and takes no points.
func TestRightAgainstOwnState(t *testing.T) {
	k := newKey(t, asked(two, three))
	s := k.Mark(parse(t, on(k, "two | response: {F: no}", "three | response: {F: ok}")), false)
	m := &s.Marks[1]
	if m.Verdict != Right || m.Points.String() != "1" || m.Own != false || !strings.Contains(m.Remark, "false") {
		t.Errorf("the mark is %s with %s points, by its own state it is %v: %q", m.Verdict, m.Points, m.Own, m.Remark)
	}
	if m := &s.Marks[0]; m.Verdict != Wrong || m.Remark != "" {
		t.Errorf("the mistake is %s: %q", m.Verdict, m.Remark)
	}
}

// A state that no node can be in is not followed: the sheet says so, and why, and
// what comes after it is held against the truth alone, until a table begins anew.
func TestImpossibleStates(t *testing.T) {
	tables := asked(two+", state: {F: {term: , log: , commitIndex: }}", three, four+", state: {F: {term: , log: }}", five)
	for _, c := range []struct{ why, key, first, says string }{
		{"a yes without the entry before", asked(three, two, "more: appendEntries: {leaderId: P, term: 3, prevLogIndex: 2, prevLogTerm: 3, entries: [], leaderCommit: 1} | response: {F: }"), "three | response: {F: ok}", "hole"},
		{"a term that falls", tables, "two | response: {F: ok}, state: {F: {term: 0, log: [1, 3], commitIndex: 1}}", "fall"},
		{"an entry of a term that the node has not seen", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [1, 7], commitIndex: 1}}", "above its own term"},
		{"terms of a log that fall", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [3, 1], commitIndex: 1}}", "fall"},
		{"a commitIndex past the end", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [1, 3], commitIndex: 5}}", "past the end"},
	} {
		k := newKey(t, c.key)
		s := k.Mark(parse(t, on(k, c.first)), false)
		if len(s.Stops) != 1 || s.Stops[0].Step != 2 || !strings.Contains(s.Stops[0].Why, c.says) {
			t.Errorf("%s: the stops are %+v, and one from step 2 on has to say %q", c.why, s.Stops, c.says)
		}
	}

	k := newKey(t, tables)
	s := k.Mark(parse(t, on(k,
		"two | response: {F: ok}, state: {F: {term: 3, log: [1, 3], commitIndex: 5}}",
		"three | response: {F: no}",
		"four | response: {F: no}, state: {F: {term: 3, log: [1]}}",
		"five | response: {F: no}")), false)
	if want := "two F commitIndex wrong; three F success wrong; four F success wrong; four F log wrong; five F success followThrough"; verdicts(s) != want {
		t.Errorf("where following stops and begins anew:\n got %s\nwant %s", verdicts(s), want)
	}
}

// Where a mistake makes every later answer no, writing no throughout shows nothing:
// a human is asked, the marks are not given meanwhile, and what is right anyway
// keeps its points. Once an answer is yes again there is nothing to ask.
func TestAllNo(t *testing.T) {
	key := asked("hb: appendEntries: {leaderId: P, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0} | response: {F: }, state: {F: {term: }}",
		two, three, four, five)
	k := newKey(t, key)
	no := []string{"hb | response: {F: ok}, state: {F: {term: 99}}", "two | response: {F: no}", "three | response: {F: no}", "four | response: {F: no}", "five | response: {F: no}"}
	s := k.Mark(parse(t, on(k, no...)), false)
	if want := "hb F term wrong; two F success forHuman; three F success forHuman; four F success forHuman; five F success forHuman"; verdicts(s) != want {
		t.Errorf("in a term that no message has:\n got %s\nwant %s", verdicts(s), want)
	}
	if len(s.Humans) != 1 || len(s.Humans[0].Cells) != 4 || !strings.Contains(s.Humans[0].Why, "step hb") {
		t.Errorf("a human is asked for %+v", s.Humans)
	}
	if s.Through.String() != "1" || s.Counted.String() != "1" {
		t.Errorf("%s points with what follows, %s count; the answers wait for a human", s.Through, s.Counted)
	}

	back := append(no[:4:4], "five | response: {F: no}, state: {F: {term: 3}}")
	last := strings.TrimPrefix(asked(five), follower)
	asksTable := strings.Replace(key, last, strings.TrimPrefix(asked(five+", state: {F: {term: }}"), follower), 1)
	k = newKey(t, asksTable+"- {id: last, appendEntries: {leaderId: P, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, to: F, response: {F: }}\n")
	s = k.Mark(parse(t, on(k, append(back, "last | response: {F: ok}")...)), false)
	if len(s.Humans) != 0 || s.Count(Follows) != 4 {
		t.Errorf("after a table that ends it, a human is asked for %+v: %s", s.Humans, verdicts(s))
	}

	k = newKey(t, asked(two, three, four))
	s = k.Mark(parse(t, on(k, "two | response: {F: no}", "three | response: {F: no}", "four | response: {F: no}")), false)
	if len(s.Humans) != 0 || s.Count(Follows) != 2 {
		t.Errorf("of two answers that follow a human is asked: %+v; %s", s.Humans, verdicts(s))
	}
}

// What a sheet comes to under each marking scheme. The sheet has one mistake, two
// answers that follow from it, and one that is right.
func TestSchemes(t *testing.T) {
	steps := []string{equal, two, three, four}
	sheet := []string{"equal | response: {F: ok}", "two | response: {F: no}", "three | response: {F: no}", "four | response: {F: no}"}
	for _, c := range []struct {
		why, scheme                            string
		late                                   bool
		max, strict, through, counted, penalty string
	}{
		{"the defaults: a point a cell, and what follows in full", "", false, "4", "1", "3", "3", "0"},
		{"none of what follows", "followThrough: none", false, "4", "1", "1", "1", "0"},
		{"half of what follows", "followThrough: 0.5", false, "4", "1", "2", "2", "0"},
		{"points for each cell", "points: 0.25", false, "1", "0.25", "0.75", "0.75", "0"},
		{"points for answers", "answer: 3", false, "12", "3", "9", "9", "0"},
		{"points for what is not asked here", "state: 3, term: 2", false, "4", "1", "3", "3", "0"},
		{"a third that has no end in decimals, of a number that has", "points: 0.3, followThrough: 0.1", false, "1.2", "0.3", "0.36", "0.36", "0"},
		{"a step as a whole is right, or follows as a whole: each has one cell", "allOrNothing: true", false, "4", "1", "3", "3", "0"},
		{"late, in points", "late: 2", true, "4", "1", "3", "1", "2"},
		{"late, in percent", "late: 10%", true, "4", "1", "3", "2.7", "0.3"},
		{"late, for more than there is", "late: 50", true, "4", "1", "3", "0", "3"},
		{"late, without a penalty", "", true, "4", "1", "3", "3", "0"},
		{"in time, with a penalty for others", "late: 2", false, "4", "1", "3", "3", "0"},
	} {
		k := newKey(t, "grading: {"+c.scheme+"}\n"+asked(steps...))
		s := k.Mark(parse(t, on(k, sheet...)), c.late)
		got := fmt.Sprint(k.Max, s.Strict, s.Through, s.Counted, s.Penalty)
		if want := strings.Join([]string{c.max, c.strict, c.through, c.counted, c.penalty}, " "); got != want {
			t.Errorf("%s: most, right, with what follows, counted and taken off are %s, want %s", c.why, got, want)
		}
	}
}

// Each kind of cell has its own points, and a step's own go before them.
func TestPointsByKind(t *testing.T) {
	key := "grading: {answer: 2, term: 0.5, state: 0.1}\n" + asked(
		"one: requestVote: {candidateId: Q, term: 2, lastLogIndex: 1, lastLogTerm: 1} | response: {F: {voteGranted: , term: }}, state: {F: {votedFor: , log: }}",
		two+", points: 5, state: {F: {log: }}")
	k := newKey(t, key)
	var got []string
	for _, c := range k.Cells {
		got = append(got, c.Name+" "+c.Points.String())
	}
	if want := "voteGranted 2, term 0.5, votedFor 0.1, log 0.1, success 5, log 5"; strings.Join(got, ", ") != want || k.Max.String() != "12.7" {
		t.Errorf("the cells are worth %s, %s in all; want %s, 12.7 in all", strings.Join(got, ", "), k.Max, want)
	}
}

// A matchIndex of an answer counts as its term does; that of a refusal is not asked
// for. Fields that no blank table asks for count as fields of a table.
func TestPointsOfMatchIndex(t *testing.T) {
	k := newKey(t, "grading: {answer: 2, term: 0.5, state: 0.1}\n"+asked(
		strings.Replace(two, "{F: }", "{F: {success: , matchIndex: }}", 1)+", state: {F: {leader: , lastLogIndex: , lastLogTerm: }}",
		strings.Replace(four, "{F: }", "{F: {success: , matchIndex: }}", 1)))
	var got []string
	for _, c := range k.Cells {
		got = append(got, c.Name+" "+c.Points.String())
	}
	if want := "success 2, matchIndex 0.5, leader 0.1, lastLogIndex 0.1, lastLogTerm 0.1, success 2"; strings.Join(got, ", ") != want {
		t.Errorf("the cells are worth %s; want %s", strings.Join(got, ", "), want)
	}
	sheet := k.Mark(parse(t, on(k, "two | response: {F: {success: ok, matchIndex: 3}}, state: {F: {leader: P, lastLogIndex: 2, lastLogTerm: 1}}", "four | response: {F: {success: no, matchIndex: 0}}")), false)
	if got, want := verdicts(sheet), "two F matchIndex wrong; two F lastLogTerm wrong"; got != want {
		t.Errorf("the verdicts are %q; want %q", got, want)
	}
}

// What a table says of a snapshot, and of the leader, is carried forward; what it
// says of a log's end is not, since that does not tell the log.
func TestCarriedTables(t *testing.T) {
	cases := []struct {
		why, table string
		log        raft.Log
		commit     raft.Index
		leader     raft.NodeID
	}{
		{"a snapshot of what the node has", "{snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}}", raft.NewLogAfter(raft.Mark{Index: 1, Term: 1}, raft.Entry{Term: 3}), 1, 2},
		{"a snapshot of another log", "{snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}}", raft.NewLogAfter(raft.Mark{Index: 4, Term: 2}), 4, 2},
		{"and what comes after it", "{snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}, log: [3:z]}", raft.NewLogAfter(raft.Mark{Index: 4, Term: 2}, raft.Entry{Term: 3, Value: "z"}), 4, 2},
		{"a log from an index on", "{log: {from: 2, entries: [3, 3:z]}}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}, raft.Entry{Term: 3, Value: "z"}), 1, 2},
		{"another leader", "{leader: Q}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 3},
		{"none", "{leader: none}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 0},
		{"of another term, none unless it says so", "{term: 4}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 0},
		{"the end of a log", "{lastLogIndex: 9, lastLogTerm: 3}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 2},
	}
	for _, c := range cases {
		sheet := parse(t, asked(two+", state: {F: "+c.table+"}")+"- heal: true\n")
		k := newKey(t, asked(two)+"- heal: true\n")
		f := carryForward(k.Run, stepsOf(sheet))
		s := f.State(1, 2)
		if len(f.Stops) > 0 {
			t.Errorf("%s: the node is not followed: %v", c.why, f.Stops)
		}
		if !s.Log.StartsWith(c.log) || !c.log.StartsWith(s.Log) || s.Log.Snapshot() != c.log.Snapshot() || s.CommitIndex != c.commit || s.Leader != c.leader {
			t.Errorf("%s: the log is %v after %v, commitIndex %d, leader %d; want %v after %v, %d, %d",
				c.why, s.Log.Entries(), s.Log.Snapshot(), s.CommitIndex, s.Leader, c.log.Entries(), c.log.Snapshot(), c.commit, c.leader)
		}
	}
}

// A step that scores as a whole comes to nothing for one wrong cell, and to what
// follows if all of it does; another step is as before.
func TestAllOrNothing(t *testing.T) {
	key := "grading: {allOrNothing: [two]}\n" + asked(two+", state: {F: {log: , commitIndex: }}", three+", state: {F: {log: , commitIndex: }}")
	k := newKey(t, key)
	s := k.Mark(parse(t, on(k,
		"two | response: {F: ok}, state: {F: {log: [1, 3], commitIndex: 0}}",
		"three | response: {F: ok}, state: {F: {log: [1, 3, 3], commitIndex: 0}}")), false)
	if strict, through := s.Step(0); strict.Sign() != 0 || through.Sign() != 0 {
		t.Errorf("a whole step with a wrong cell has %s points, %s with what follows", strict, through)
	}
	if strict, through := s.Step(1); strict.String() != "2" || through.String() != "2" {
		t.Errorf("a step that is no whole has %s points, %s with what follows; want 2 and 2: %s", strict, through, verdicts(s))
	}
	if s.Strict.String() != "2" {
		t.Errorf("the sheet has %s points", s.Strict)
	}
}

// Ten cells of a tenth are one point: as floats they are not.
func TestPointsAreExact(t *testing.T) {
	var lines []string
	for i := range 10 {
		lines = append(lines, strings.Replace(equal, "equal", fmt.Sprint("q", i), 1))
	}
	k := newKey(t, "grading: {points: 0.1}\n"+asked(lines...))
	s := answering(k, k.Run).mark(newDiagnoser(k, newParters(nil)))
	if s.Counted.String() != "1" || s.Counted.Cmp(Whole(1)) != 0 || s.Counted.Of(k.Max) != 1 {
		t.Errorf("ten times 0.1 is %s", s.Counted)
	}
}

// What a sheet has otherwise than the key is remarked on, and marked against the
// key: nothing of it is lost in silence, and nothing that a student changes in the
// questions changes the marks.
func TestOtherwise(t *testing.T) {
	key := asked(equal, two)
	truth := []string{"equal | response: {F: ok}", "two | response: {F: ok}"}
	for _, c := range []struct {
		why, from, to string
		says          string
		points        string
	}{
		{"a step is missing", "- {id: two, appendEntries: {leaderId: P}, response: {F: ok}}\n", "", "step two is missing", "1"},
		{"a step that the key does not have", "steps:\n", "steps:\n- {id: extra, heal: true}\n", "the key has no step extra", "2"},
		{"another message", "candidateId: Q", "candidateId: Q, term: 7", "its term is 7, the key's 2", "2"},
		{"another sender", "leaderId: P", "leaderId: Q", "its leaderId is Q, the key's P", "2"},
		{"another event", "appendEntries: {leaderId: P}", "requestVote: {candidateId: P}", "it says requestVote, the key appendEntries", "2"},
		{"other recipients", "requestVote: {candidateId: Q}", "requestVote: {candidateId: Q}, to: [F, P]", "its to is", "2"},
		{"what is lost", "requestVote: {candidateId: Q}", "requestVote: {candidateId: Q}, lost: F", "its lost is", "2"},
		{"the nodes in another order: they go by name", "nodes: [F, P, Q]", "nodes: [Q, P, F]", "its nodes are Q, P, F", "2"},
		{"a node that the key does not have: what is said of it is left out", "nodes: [F, P, Q]", "nodes: [G, P, Q, F]", "its nodes are G, P, Q, F", "2"},
		{"all names are others: nothing is said of F", "F", "G", "its nodes are G", "0"},
	} {
		k := newKey(t, key)
		text := on(k, truth...)
		changed := strings.ReplaceAll(text, c.from, c.to)
		if changed == text {
			t.Fatalf("%s: nothing was changed in\n%s", c.why, text)
		}
		s := k.Mark(parse(t, changed), false)
		said := ""
		for _, r := range s.Remarks {
			said += r.Text + "; "
		}
		if !strings.Contains(said, c.says) || s.Counted.String() != c.points {
			t.Errorf("%s: %s points, and the remarks %q; want %s and %q", c.why, s.Counted, said, c.points, c.says)
		}
	}
}

func keysOf(t *testing.T, names ...string) []*Key {
	var keys []*Key
	for _, name := range names {
		keys = append(keys, keyOf(t, name))
	}
	return keys
}

// onSheets checks a law of marking on students who make mistakes at random.
func onSheets(t *testing.T, law func(t *rapid.T, k *Key, s *student, slips int)) {
	keys := keysOf(t, exam, form, "figure8.yaml", "partition.yaml")
	rapid.Check(t, func(t *rapid.T) {
		k := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := answering(k, k.Run)
		slips := rapid.IntRange(0, 6).Draw(t, "slips")
		for range slips {
			s.slip(r, r.IntN(len(k.Cells)), rapid.Bool().Draw(t, "carried"))
		}
		law(t, k, s, slips)
	})
}

// Who writes the truth has full marks.
func TestTruthHasFullMarks(t *testing.T) {
	for _, name := range []string{exam, form, "figure7.yaml", "figure8.yaml", "late.yaml", "partition.yaml", "restart.yaml", "sheet3.yaml", "single.yaml", "first.yaml"} {
		k := keyOf(t, name)
		s := k.Mark(answering(k, k.Run).sheet, false)
		if s.Counted.Cmp(k.Max) != 0 || s.Strict.Cmp(k.Max) != 0 || s.Count(Right) != len(k.Cells) {
			t.Errorf("%s: %s of %s points: %s", name, s.Counted, k.Max, verdicts(s))
		}
		if len(s.Stops)+len(s.Humans)+len(s.Remarks) > 0 {
			t.Errorf("%s: stops %v, runs for a human %v, remarks %v", name, s.Stops, s.Humans, s.Remarks)
		}
	}
}

// The laws of every marked sheet. Marking is deterministic. What is not right
// first is wrong, and not its own consequence. The total with what follows is
// never below that without, nor above what there is; the steps add up to it; and
// what is wrong or blank is given nothing.
func TestLawsOfMarking(t *testing.T) {
	onSheets(t, func(t *rapid.T, k *Key, st *student, _ int) {
		s := k.Mark(st.sheet, false)
		if a, b := fmt.Sprint(verdicts(s), s.Counted, s.Stops, s.Humans), func() string {
			s := k.Clone().Mark(st.sheet, false)
			return fmt.Sprint(verdicts(s), s.Counted, s.Stops, s.Humans)
		}(); a != b {
			t.Fatalf("marked twice the sheet comes to\n%s\nand\n%s", a, b)
		}
		var strict, through Points
		for i := range k.Steps {
			a, b := s.Step(i)
			strict, through = strict.Plus(a), through.Plus(b)
		}
		if strict.Cmp(s.Strict) != 0 || through.Cmp(s.Through) != 0 {
			t.Fatalf("the steps come to %s and %s, the sheet to %s and %s", strict, through, s.Strict, s.Through)
		}
		if s.Strict.Cmp(s.Through) > 0 || s.Through.Cmp(k.Max) > 0 || s.Counted.Cmp(s.Through) != 0 {
			t.Fatalf("%s points, %s with what follows, %s count of %s", s.Strict, s.Through, s.Counted, k.Max)
		}
		wrong := false
		for i := range s.Marks {
			m := &s.Marks[i]
			wrong = wrong || m.Verdict == Wrong
			if (m.Verdict == Follows || m.Verdict == ForHuman) && !wrong {
				t.Fatalf("%s, before anything is wrong: %s", m.Verdict, verdicts(s))
			}
			if (m.Verdict == Wrong || m.Verdict == Blank) && m.Points.Sign()+m.Through.Sign() != 0 {
				t.Fatalf("what is %s has %s points, %s with what follows", m.Verdict, m.Points, m.Through)
			}
		}
	})
}

// No student is punished twice for one mistake: who goes on from it as the
// reference does loses that cell, and no other, unless what they wrote is no state
// that can be followed, or a human is to judge.
func TestOneMistakeCostsOneCell(t *testing.T) {
	keys := keysOf(t, exam, form, "partition.yaml")
	rapid.Check(t, func(t *rapid.T) {
		k := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		st := answering(k, k.Run)
		cell := rapid.IntRange(0, len(k.Cells)-1).Draw(t, "cell")
		st.slip(r, cell, true)
		s := k.Mark(st.sheet, false)
		if len(s.Stops) > 0 || len(s.Humans) > 0 {
			return
		}
		for i := range s.Marks {
			if m := &s.Marks[i]; i != cell && m.Verdict == Wrong {
				t.Fatalf("after a mistake in cell %d (step %d, node %d, %s) cell %d (step %d, node %d, %s) is wrong too: %v, by its own state %v",
					cell, k.Cells[cell].Step, k.Cells[cell].Node, k.Cells[cell].Name, i, m.Cell.Step, m.Cell.Node, m.Cell.Name, m.Written, m.Own)
			}
		}
	})
}

// What a key does not ask changes nothing: unasked tables, answers and terms would
// otherwise make a state from which every later no follows, at no cost.
func TestUnaskedChangesNothing(t *testing.T) {
	k := newKey(t, asked(two, three, four))
	plain := []string{"two | response: {F: ok}", "three | response: {F: no}", "four | response: {F: no}"}
	s := k.Mark(parse(t, on(k, plain...)), false)
	for _, first := range []string{
		"two | response: {F: {success: ok, term: 99}}",
		"two | response: {F: ok}, state: {F: {term: 99}}",
		"two | response: {F: ok}, state: {F: {log: [1, 1, 1, 1, 1, 1]}}",
	} {
		sly := k.Mark(parse(t, on(k, append([]string{first}, plain[1:]...)...)), false)
		if verdicts(sly) != verdicts(s) || sly.Counted.Cmp(s.Counted) != 0 {
			t.Errorf("%s: %s, %v points; without it %s, %v points", first, verdicts(sly), sly.Counted, verdicts(s), s.Counted)
		}
	}
}

// A node that the key does not have is no answer, and not none.
func TestUnknownNodeIsNoAnswer(t *testing.T) {
	k := newKey(t, "nodes: 2\nsteps:\n- {id: s, heal: true, state: {1: {votedFor: , terms: {0: }}}}\n")
	s := k.Mark(parse(t, "nodes: ['1', '2', zed]\nsteps:\n- {id: s, heal: true, state: {'1': {votedFor: zed, terms: {0: zed}}}}\n"), false)
	if s.Counted.Sign() != 0 || s.Count(Blank) != len(s.Marks) {
		t.Errorf("votes for zed: %s, %v points", verdicts(s), s.Counted)
	}
}
