package grade

import (
	"fmt"
	"strings"
	"testing"

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
		if len(s.Stops) > 0 || len(s.Reviews) > 0 || len(s.Remarks) > 0 {
			t.Errorf("%s: the sheet has stops %v, runs for a human %v, remarks %v", c.why, s.Stops, s.Reviews, s.Remarks)
		}
	}
}

// A right cell is right whatever the sheet says before it; that it does not follow
// is said, and takes no points.
func TestRightAgainstOwnState(t *testing.T) {
	k := newKey(t, asked(two, three))
	s := k.Mark(parse(t, on(k, "two | response: {F: no}", "three | response: {F: ok}")), false)
	m := &s.Marks[1]
	if m.Verdict != Right || m.Points.String() != "1" || m.Own != false || !strings.Contains(m.Remark(), "false") {
		t.Errorf("the mark is %s with %s points, by its own state it is %v: %q", m.Verdict, m.Points, m.Own, m.Remark())
	}
	if m := &s.Marks[0]; m.Verdict != Wrong || m.Remark() != "" {
		t.Errorf("the mistake is %s: %q", m.Verdict, m.Remark())
	}
}

// A state that no node can be in is not followed: the sheet says so, and why, and
// what comes after it is held against the truth alone, until a table begins anew. The
// student is told it with no figure but those of the sheet and of the messages: any
// other would be a right answer.
func TestImpossibleStates(t *testing.T) {
	tables := asked(two+", state: {F: {term: , log: , commitIndex: }}", three, four+", state: {F: {term: , log: }}", five)
	for _, c := range []struct{ why, key, first, says, told string }{
		{"a yes without the entry before", asked(three, two, "more: appendEntries: {leaderId: P, term: 3, prevLogIndex: 2, prevLogTerm: 3, entries: [], leaderCommit: 1} | response: {F: }"), "three | response: {F: ok}", "it ends at index 1, and they come after index 2", "it ends before index 2, after which they come"},
		{"a term that falls", tables, "two | response: {F: ok}, state: {F: {term: 0, log: [1, 3], commitIndex: 1}}", "fall from 1 to 0", "its term would fall to 0"},
		{"an entry of a term that the node has not seen", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [1, 7], commitIndex: 1}}", "above its own term", "an entry of term 7, above its own term 3"},
		{"terms of a log that fall", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [3, 1], commitIndex: 1}}", "fall from 3 at index 1 to 1 at index 2", "fall from 3 at index 1 to 1 at index 2"},
		{"a commitIndex past the end", tables, "two | response: {F: ok}, state: {F: {term: 3, log: [1, 3], commitIndex: 5}}", "past the end", "its commitIndex 5 would be past the end of its log, index 2"},
		{"a commitIndex alone past the end", tables, "two | response: {F: ok}, state: {F: {commitIndex: 5}}", "past the end of its log, index 2", "its commitIndex 5 would be past the end of its log"},
		{"a term alone below the log's", tables, "two | response: {F: no}, state: {F: {log: [1, 7]}}", "of term 7, above its own term 3", "an entry of term 7, above its own term"},
	} {
		k := newKey(t, c.key)
		s := k.Mark(parse(t, on(k, c.first)), false)
		if len(s.Stops) != 1 || s.Stops[0].Step != 2 || !strings.Contains(s.Stops[0].Why, c.says) {
			t.Errorf("%s: the stops are %+v, and one from step 2 on has to say %q", c.why, s.Stops, c.says)
			continue
		}
		if told := s.Stops[0].Told; !strings.HasSuffix(told, c.told) {
			t.Errorf("%s: the student is told %q, want %q", c.why, told, c.told)
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
	if len(s.Reviews) != 1 || len(s.Reviews[0].Cells) != 4 || !strings.Contains(s.Reviews[0].Why, "step hb") {
		t.Errorf("a human is asked for %+v", s.Reviews)
	}
	if s.Through.String() != "1" || s.Counted.String() != "1" {
		t.Errorf("%s points with what follows, %s count; the answers wait for a human", s.Through, s.Counted)
	}

	back := append(no[:4:4], "five | response: {F: no}, state: {F: {term: 3}}")
	last := strings.TrimPrefix(asked(five), follower)
	asksTable := strings.Replace(key, last, strings.TrimPrefix(asked(five+", state: {F: {term: }}"), follower), 1)
	k = newKey(t, asksTable+"- {id: last, appendEntries: {leaderId: P, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, to: F, response: {F: }}\n")
	s = k.Mark(parse(t, on(k, append(back, "last | response: {F: ok}")...)), false)
	if len(s.Reviews) != 0 || s.Count(Follows) != 4 {
		t.Errorf("after a table that ends it, a human is asked for %+v: %s", s.Reviews, verdicts(s))
	}

	k = newKey(t, asked(two, three, four))
	s = k.Mark(parse(t, on(k, "two | response: {F: no}", "three | response: {F: no}", "four | response: {F: no}")), false)
	if len(s.Reviews) != 0 || s.Count(Follows) != 2 {
		t.Errorf("of two answers that follow a human is asked: %+v; %s", s.Reviews, verdicts(s))
	}
}

// What a sheet has otherwise than the key is remarked on, and its answers are to
// review where its message is another: nothing of it is lost in silence, and nothing
// that a student changes in the questions makes an answer right.
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
		{"another message", "candidateId: Q", "candidateId: Q, term: 7", "its term is 7, the key's 2", "1 to 2"},
		{"another sender", "leaderId: P", "leaderId: Q", "its leaderId is Q, the key's P", "1 to 2"},
		{"another event", "appendEntries: {leaderId: P}", "requestVote: {candidateId: P}", "it says requestVote, the key appendEntries", "1 to 2"},
		{"other recipients", "requestVote: {candidateId: Q}", "requestVote: {candidateId: Q}, to: [F, P]", "its to is", "1 to 2"},
		{"what is lost", "requestVote: {candidateId: Q}", "requestVote: {candidateId: Q}, lost: F", "its lost is", "1 to 2"},
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
		if !strings.Contains(said, c.says) || s.Counts().String() != c.points {
			t.Errorf("%s: %s points, and the remarks %q; want %s and %q", c.why, s.Counts(), said, c.points, c.says)
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
