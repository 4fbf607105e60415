package trace

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/raft"
)

func TestPos(t *testing.T) {
	if p := (Pos{}); p.IsValid() {
		t.Error("the zero Pos is a place")
	}
	if p := (Pos{3, 14}); !p.IsValid() || p.String() != "3:14" {
		t.Errorf("line 3, column 14 reads %q", p)
	}
}

func TestOpt(t *testing.T) {
	tr := parseOne(t, oneStep("requestVote: {candidateId: 1, term: 7, lastLogIndex: }"))
	e := tr.Steps[0].Event.(*RequestVote)
	for _, tt := range []struct {
		what     string
		presence Presence
		given    bool
		want     Presence
	}{
		{"a term that is written", e.Term.Presence, e.Term.Given(), Given},
		{"an index that is blank", e.LastLogIndex.Presence, e.LastLogIndex.Given(), Blank},
		{"a term that is not there", e.LastLogTerm.Presence, e.LastLogTerm.Given(), Absent},
	} {
		if tt.presence != tt.want || tt.given != (tt.want == Given) {
			t.Errorf("%s has presence %d, not %d", tt.what, tt.presence, tt.want)
		}
	}
	if e.Term.Or(3) != 7 || e.LastLogIndex.Or(3) != 3 || e.LastLogTerm.Or(4) != 4 {
		t.Error("Or gives another value than the one written, or the default")
	}
}

func TestNames(t *testing.T) {
	tr := parseOne(t, "nodes: [A, B]\nsteps: [{timeout: A, id: a}, {heal: true}]\n")
	if tr.Size() != 2 || tr.Name(2) != "B" || tr.Name(raft.NoNode) != "none" {
		t.Errorf("the nodes are %d: %q", tr.Size(), tr.Names)
	}
	if id, ok := tr.Node("B"); id != 2 || !ok {
		t.Errorf("B is node %d, %t", id, ok)
	}
	if id, ok := tr.Node("C"); id != raft.NoNode || ok {
		t.Errorf("C is node %d, %t", id, ok)
	}
	if s := tr.StepByID("a"); s == nil || s.Number != 1 {
		t.Errorf("step a is %v", s)
	}
	if s := tr.StepByID("2"); s == nil || s.EventName() != "heal" {
		t.Errorf("a step without an id does not go by its number: %v", s)
	}
	if s := tr.StepByID("1"); s != nil {
		t.Errorf("a step with an id goes by its number too: %v", s)
	}
}

// Every event knows its key, and every key its event.
func TestEventNames(t *testing.T) {
	events := []Event{&RequestVote{}, &AppendEntries{}, &VoteResponse{}, &AppendResponse{}, &Timeout{}, &ClientRequest{},
		&Crash{}, &Restart{}, &StepDown{}, &InstallSnapshot{}, &Voters{}, &Partition{}, &Heal{}}
	var names []string
	for _, e := range events {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, stepKeys.events()) {
		t.Errorf("the events are %q, the keys %q", names, stepKeys.events())
	}
	if name := (&Step{}).EventName(); name != "" {
		t.Errorf("a step without an event has %q", name)
	}
}

func TestRecipients(t *testing.T) {
	for _, tt := range []struct {
		step string
		want raft.NodeSet
	}{
		{"requestVote: {candidateId: 2}", raft.SetOf(1, 3, 4, 5)},
		{"appendEntries: {leaderId: 5}", raft.SetOf(1, 2, 3, 4)},
		{"appendEntries: {leaderId: 5}, to: [2, 4]", raft.SetOf(2, 4)},
		{"appendEntries: {leaderId: 5}, to: ", raft.SetOf(1, 2, 3, 4)},
		{"appendEntries: {leaderId: 5}, to: []", 0},
		{"timeout: 1", 0},
		{"state: {}", 0},
	} {
		s := parseOne(t, oneStep(tt.step)).Steps[0]
		if got := s.Recipients(5); got != tt.want {
			t.Errorf("%s is sent to %b, not %b", tt.step, got, tt.want)
		}
	}
}

func TestCells(t *testing.T) {
	row := func(response string) *Row {
		return parseOne(t, oneStep("requestVote: {candidateId: 1}, response: "+response)).Steps[0].Response
	}
	named := row("{2: ok, others: no, 3: }")
	for id, want := range map[raft.NodeID]string{2: "yes", 3: "blank", 4: "no", 5: "no"} {
		if got := answerWord(named.Cell(id)); got != want {
			t.Errorf("node %d answers %s, not %s", id, got, want)
		}
	}
	if c := row("{2: ok}").Cell(3); c != nil {
		t.Errorf("a node that is not named answers %s", answerWord(c))
	}
	list := row("[~, ok, no, none, {term: 3}]")
	for id, want := range map[raft.NodeID]string{1: "blank", 2: "yes", 3: "no", 4: "none", 5: "a term"} {
		if got := answerWord(list.Cell(id)); got != want {
			t.Errorf("in a list, node %d answers %s, not %s", id, got, want)
		}
	}
	for spelling, want := range map[string]string{
		"ok": "yes", "yes": "yes", "true": "yes", "✓": "yes", "OK": "yes", "Ok": "yes", "Yes": "yes", "YES": "yes", "True": "yes", "TRUE": "yes",
		"no": "no", "false": "no", "✗": "no", "No": "no", "NO": "no", "False": "no", "FALSE": "no", `"no"`: "no",
		"none": "none", `"-"`: "none", `'-'`: "none", "-": "none", "": "blank", "~": "blank", "null": "blank", `"?"`: "blank",
		"{voteGranted: , term: }": "blank", "{voteGranted: ✓}": "yes", "{}": "blank",
	} {
		if got := answerWord(row("{2: " + spelling + "}").Cell(2)); got != want {
			t.Errorf("the answer %s is %s, not %s", spelling, got, want)
		}
	}
}

func answerWord(c *Cell) string {
	switch {
	case c == nil:
		return "nothing"
	case c.IsBlank():
		return "blank"
	case c.None:
		return "none"
	case c.OK.Given() && c.OK.Value:
		return "yes"
	case c.OK.Given():
		return "no"
	}
	return "a term"
}

func TestUnknown(t *testing.T) {
	for _, tt := range []struct {
		in      string
		unknown raft.NodeSet
		raftID  raft.NodeID
	}{
		{"", 0, raft.NoNode},
		{"unknown: 2\n", raft.SetOf(2), raft.NoNode},
		{"unknown: [2, 3]\n", raft.SetOf(2, 3), raft.NoNode},
		{"unknown: []\nraftId:\n", 0, raft.NoNode},
		{"raftId: 2\n", raft.SetOf(1, 3), 2},
		{"unknown: 1\nraftId: 2\n", raft.SetOf(1, 3), 2},
	} {
		tr := parseOne(t, "nodes: 3\n"+tt.in+"steps: []\n")
		if tr.Unknown != tt.unknown || tr.RaftID != tt.raftID {
			t.Errorf("%q: the unknown nodes are %b and the sheet's is %d, not %b and %d", tt.in, tr.Unknown, tr.RaftID, tt.unknown, tt.raftID)
		}
	}
}

// What an unknown node sends need not be filled in where it is written out.
func TestUnknownSender(t *testing.T) {
	const in = `nodes: 3
unknown: 1
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, entries: [1], leaderCommit: 0}
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 0}
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}
  - appendEntries: {leaderId: 2}
`
	if n := len(parseOne(t, in).Steps); n != 5 {
		t.Errorf("%d steps were read, not 5", n)
	}
}

func TestStart(t *testing.T) {
	for _, tt := range []struct {
		state string
		term  raft.Term
		vote  raft.NodeID
	}{
		{"{}", 0, raft.NoNode},
		{"{log: [1, 3]}", 3, raft.NoNode},
		{"{term: 4, log: [1, 3]}", 4, raft.NoNode},
		{"{term: , log: [2]}", 2, raft.NoNode},
		{"{term: 1, votedFor: 3}", 1, 3},
		{"{term: 1, role: candidate}", 1, 2},
		{"{term: 1, role: leader, votedFor: }", 1, 2},
		{"{term: 1, role: leader, votedFor: 2}", 1, 2},
	} {
		st := parseOne(t, "nodes: 3\ninitial: {2: "+tt.state+"}\nsteps: []\n").Initial[0]
		if st.StartTerm() != tt.term || st.StartVote() != tt.vote {
			t.Errorf("%s starts in term %d with a vote for %d, not %d and %d", tt.state, st.StartTerm(), st.StartVote(), tt.term, tt.vote)
		}
	}
}

// Every way to write an entry.
func TestLogs(t *testing.T) {
	for in, want := range map[string][]raft.Entry{
		"[]":                               {},
		"[1, 1:x, 2:]":                     {{Term: 1}, {Term: 1, Value: "x"}, {Term: 2}},
		"[1:x=1, 2:y:z]":                   {{Term: 1, Value: "x=1"}, {Term: 2, Value: "y:z"}},
		`["1:a b", '2: c', "3:"]`:          {{Term: 1, Value: "a b"}, {Term: 2, Value: " c"}, {Term: 3}},
		"[1:10, 1:60]":                     {{Term: 1, Value: "10"}, {Term: 1, Value: "60"}},
		"[{term: 2, value: x}, {term: 3}]": {{Term: 2, Value: "x"}, {Term: 3}},
		"[{value: 7, term: 2}, {term: 2, value: }]": {{Term: 2, Value: "7"}, {Term: 2}},
		"[9223372036854775807:日本]":                  {{Term: 1<<63 - 1, Value: "日本"}},
	} {
		log := parseOne(t, oneStep("state: {1: {log: "+in+"}}")).Steps[0].State[0].Log
		if got := Entries(log.Value); !log.Given() || !cmp.Equal(got, want) {
			t.Errorf("the log %s is read as %v, not %v", in, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"term", "leaderCommit", "prevLogIndex", "prevLogTerm", "requestVote", "requestVoteResponse", "to", "id"}
	for word, want := range map[string]string{
		"trem":                   "term",
		"Term":                   "term",
		"terms":                  "term",
		"currentTerm":            "term",
		"prev_log_index":         "prevLogIndex",
		"prev-log index":         "prevLogIndex",
		"preLogIdnex":            "prevLogIndex",
		"commit":                 "leaderCommit",
		"RequestVoteResp":        "requestVoteResponse",
		"requestvotes":           "requestVote",
		"t":                      "",
		"x":                      "",
		"too":                    "to",
		"":                       "",
		"candidate":              "",
		string(make([]byte, 65)): "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, not %q", word, got, want)
		}
	}
	if got := Nearest("currentTerm", stateKeys.names()); got != "term" {
		t.Errorf("a state's currentTerm comes nearest to %q, not term", got)
	}
	for _, w := range words {
		if got := Nearest(w, words); got != w {
			t.Errorf("nearest to %q is %q, and not itself", w, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "ab", 1}, {"abc", "xabc", 1},
		{"abc", "acb", 1}, {"abc", "bac", 1}, {"abcd", "badc", 2}, {"kitten", "sitting", 3},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("from %q to %q are %d slips, not %d", tt.a, tt.b, got, tt.want)
		}
	}
}
