package raft

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The tests write states, messages and answers as one line of text each, so
// that a table reads like the paper's own examples:
//
//	t2 follower vote=- [1 1 2:x] commit=1
//	t3 candidate vote=1 [1] commit=0 votes=1,2
//	t3 leader vote=1 [1 3] commit=0 next=3,2,3 match=0,1,0
//	t3 follower vote=- 4/2+[2 3] commit=4       (a snapshot up to index 4, term 2)
//
// The leader that the server knows comes last, leader=2; a row of a table that
// says nothing of it does not ask for it. A message is written as its String method
// gives it. Other events are
//
//	timeout; restart; client x; elect t5; stepdown
//	restart t1 vote=- [1 1]                  (what the disk gave back, any of them)
//	voters 1,2,3; voters 1,2,3 and 3,4,5
//	vote from 2 asked t3 says t3 granted     (or denied)
//	ack from 2 asked t3 says t3 match=2      (or refused)

// showLed gives the state in that notation, and who leads as the server knows.
func showLed(s State) string {
	if s.Leader == NoNode {
		return show(s)
	}
	return fmt.Sprintf("%s leader=%d", show(s), s.Leader)
}

// show gives the state in that notation, but for the leader that it knows.
func show(s State) (text string) {
	defer sayPanic(&text)
	vote := "-"
	if s.VotedFor != NoNode {
		vote = strconv.Itoa(int(s.VotedFor))
	}
	text = fmt.Sprintf("t%d %v vote=%s %s commit=%d", s.CurrentTerm, s.Role, vote, showLog(s.Log), s.CommitIndex)
	if s.LastApplied != s.CommitIndex {
		text += fmt.Sprintf(" applied=%d", s.LastApplied)
	}
	if s.Votes != 0 {
		var ids []NodeID
		for id := range s.Votes.All() {
			ids = append(ids, id)
		}
		text += " votes=" + joinNumbers(ids)
	}
	if s.NextIndex != nil || s.MatchIndex != nil {
		text += " next=" + joinNumbers(s.NextIndex) + " match=" + joinNumbers(s.MatchIndex)
	}
	return text
}

// showLog gives the log's entries, after the place where its snapshot ends.
func showLog(l Log) string {
	entries := fmt.Sprint(l.Entries())
	if last := l.Snapshot(); last.Index > 0 {
		return fmt.Sprintf("%d/%d+%s", last.Index, last.Term, entries)
	}
	return entries
}

// sayPanic makes a panic what is said, so that the case at hand fails, and by
// its name. It is deferred.
func sayPanic(says *string) {
	if p := recover(); p != nil {
		*says = fmt.Sprint("panics: ", p)
	}
}

// joinNumbers gives numbers separated by commas.
func joinNumbers[N NodeID | Index](numbers []N) string {
	var parts []string
	for _, n := range numbers {
		parts = append(parts, strconv.FormatUint(uint64(n), 10))
	}
	return strings.Join(parts, ",")
}

// parseNumber reads a whole number; the tests' own tables are the only input.
func parseNumber[N ~uint8 | ~uint64](text string) N {
	u, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		panic("bad notation: " + err.Error())
	}
	return N(u)
}

// parseNumbers reads what joinNumbers writes.
func parseNumbers[N ~uint8 | ~uint64](text string) []N {
	var ns []N
	for _, part := range strings.Split(text, ",") {
		ns = append(ns, parseNumber[N](part))
	}
	return ns
}

// parseEntries reads a log's entries: 1 1 2:x.
func parseEntries(text string) []Entry {
	var es []Entry
	for _, field := range strings.Fields(text) {
		term, value, _ := strings.Cut(field, ":")
		es = append(es, Entry{parseNumber[Term](term), value})
	}
	return es
}

var statePattern = regexp.MustCompile(`^t(\d+) (\w+) vote=(-|\d+) (.*\]) commit=(\d+)` +
	`(?: applied=(\d+))?(?: votes=([\d,]+))?(?: next=([\d,]+) match=([\d,]+))?(?: leader=(\d+))?$`)

// parseLog reads what showLog writes.
func parseLog(text string) Log {
	f := matchNotation(logPattern, text)
	if f[1] == "" {
		return NewLog(parseEntries(f[3])...)
	}
	return NewLogAfter(Mark{parseNumber[Index](f[1]), parseNumber[Term](f[2])}, parseEntries(f[3])...)
}

var logPattern = regexp.MustCompile(`^(?:(\d+)/(\d+)\+)?\[(.*)\]$`)

// parseState reads what show writes.
func parseState(text string) State {
	f := matchNotation(statePattern, text)
	role, ok := ParseRole(f[2])
	if !ok {
		panic("bad notation: no role " + f[2])
	}
	s := State{CurrentTerm: parseNumber[Term](f[1]), Role: role, Log: parseLog(f[4]),
		CommitIndex: parseNumber[Index](f[5]), LastApplied: parseNumber[Index](f[5])}
	if f[3] != "-" {
		s.VotedFor = parseNumber[NodeID](f[3])
	}
	if f[6] != "" {
		s.LastApplied = parseNumber[Index](f[6])
	}
	if f[7] != "" {
		s.Votes = SetOf(parseNumbers[NodeID](f[7])...)
	}
	if f[8] != "" {
		s.NextIndex, s.MatchIndex = parseNumbers[Index](f[8]), parseNumbers[Index](f[9])
	}
	if f[10] != "" {
		s.Leader = parseNumber[NodeID](f[10])
	}
	return s
}

func matchNotation(pattern *regexp.Regexp, text string) []string {
	f := pattern.FindStringSubmatch(text)
	if f == nil {
		panic(fmt.Sprintf("bad notation: %q is not like %v", text, pattern))
	}
	return f
}

var (
	appendPattern  = regexp.MustCompile(`^AE t(\d+) from (\d+) prev=(\d+)/(\d+) \[(.*)\] commit=(\d+)$`)
	votePattern    = regexp.MustCompile(`^RV t(\d+) from (\d+) last=(\d+)/(\d+)$`)
	grantPattern   = regexp.MustCompile(`^vote from (\d+) asked t(\d+) says t(\d+) (granted|denied)$`)
	installPattern = regexp.MustCompile(`^IS t(\d+) from (\d+) last=(\d+)/(\d+)$`)
	diskPattern    = regexp.MustCompile(`^(?:t(\d+))? ?(?:vote=(-|\d+))? ?(.*\])?$`)
	ackPattern     = regexp.MustCompile(`^ack from (\d+) asked t(\d+) says t(\d+) (?:match=(\d+)|refused)$`)
)

// parseAppendEntries reads an AppendEntries request as its String method gives it.
func parseAppendEntries(text string) *AppendEntries {
	f := matchNotation(appendPattern, text)
	prev, prevTerm := parseNumber[Index](f[3]), parseNumber[Term](f[4])
	return &AppendEntries{Term: parseNumber[Term](f[1]), LeaderID: parseNumber[NodeID](f[2]),
		PrevLogIndex: prev, PrevLogTerm: prevTerm,
		Entries:      NewEntries(prev, prevTerm, parseEntries(f[5])...),
		LeaderCommit: parseNumber[Index](f[6])}
}

// parseRequestVote reads a RequestVote request as its String method gives it.
func parseRequestVote(text string) *RequestVote {
	f := matchNotation(votePattern, text)
	return &RequestVote{Term: parseNumber[Term](f[1]), CandidateID: parseNumber[NodeID](f[2]),
		LastLogIndex: parseNumber[Index](f[3]), LastLogTerm: parseNumber[Term](f[4])}
}

// parseInstallSnapshot reads an InstallSnapshot request as its String method gives
// it.
func parseInstallSnapshot(text string) *InstallSnapshot {
	f := matchNotation(installPattern, text)
	return &InstallSnapshot{Term: parseNumber[Term](f[1]), LeaderID: parseNumber[NodeID](f[2]),
		LastIncludedIndex: parseNumber[Index](f[3]), LastIncludedTerm: parseNumber[Term](f[4])}
}

// parseDisk reads what a disk gave back: t1 vote=- [1 1], or some of that.
func parseDisk(text string) (d Disk) {
	f := matchNotation(diskPattern, text)
	if f[1] != "" {
		d.CurrentTerm = new(parseNumber[Term](f[1]))
	}
	if f[2] == "-" {
		d.VotedFor = new(NoNode)
	} else if f[2] != "" {
		d.VotedFor = new(parseNumber[NodeID](f[2]))
	}
	if f[3] != "" {
		d.Log = new(parseLog(f[3]))
	}
	return d
}

// parseVoters reads who counts: 1,2,3, or 1,2,3 and 3,4,5.
func parseVoters(text string) Configuration {
	voters, joint, two := strings.Cut(text, " and ")
	c := Configuration{Voters: SetOf(parseNumbers[NodeID](voters)...)}
	if two {
		c.Joint = SetOf(parseNumbers[NodeID](joint)...)
	}
	return c
}

// deciding gives the rule that settled an event and what it came to.
func deciding(d Decision) string { return d.Rule.String() + " " + d.Outcome.String() }

// perform lets the event happen to the node, and gives the deciding rule and
// the answer: "AE2 refused: t2 false", "RV2b passed: t3 granted", "C2 acted". A
// panic is an answer too, that no row wants.
func perform(n *Node, event string) (says string) {
	defer sayPanic(&says)
	kind, rest, _ := strings.Cut(event, " ")
	switch kind {
	case "AE":
		resp, d, answered := n.HandleAppendEntries(parseAppendEntries(event))
		if !answered {
			return deciding(d) + ": no answer"
		}
		return fmt.Sprintf("%s: t%d %t", deciding(d), resp.Term, resp.Success)
	case "RV":
		resp, d, _ := n.HandleRequestVote(parseRequestVote(event))
		if resp.VoteGranted {
			return fmt.Sprintf("%s: t%d granted", deciding(d), resp.Term)
		}
		return fmt.Sprintf("%s: t%d denied", deciding(d), resp.Term)
	case "IS":
		resp, d, answered := n.HandleInstallSnapshot(parseInstallSnapshot(event))
		if !answered {
			return deciding(d) + ": no answer"
		}
		return fmt.Sprintf("%s: t%d", deciding(d), resp.Term)
	case "vote":
		f := matchNotation(grantPattern, event)
		return deciding(n.HandleVote(Vote{From: parseNumber[NodeID](f[1]), Request: parseNumber[Term](f[2]),
			Term: parseNumber[Term](f[3]), Granted: f[4] == "granted"}))
	case "ack":
		f := matchNotation(ackPattern, event)
		a := Ack{From: parseNumber[NodeID](f[1]), Request: parseNumber[Term](f[2]), Term: parseNumber[Term](f[3])}
		if f[4] != "" {
			a.Success, a.MatchIndex = true, parseNumber[Index](f[4])
		}
		return deciding(n.HandleAck(a))
	}
	return performAlone(n, kind, rest)
}

// performAlone lets an event happen that is no message.
func performAlone(n *Node, kind, argument string) string {
	switch kind {
	case "timeout":
		return deciding(n.Timeout())
	case "client":
		return deciding(n.ClientRequest(argument))
	case "restart":
		return restartWith(n, argument)
	case "stepdown":
		if !n.StepDown() {
			return "refused"
		}
		return ""
	case "voters":
		return deciding(n.Configure(parseVoters(argument)))
	case "elect":
		n.Elect(parseNumber[Term](strings.TrimPrefix(argument, "t")))
		return ""
	}
	panic("bad notation: no event " + kind)
}

// restartWith gives what comes of a crash: whether the disk lost anything, or why
// it cannot have given that back.
func restartWith(n *Node, disk string) string {
	if disk == "" {
		n.Restart()
		return ""
	}
	lost, err := n.RestartFrom(parseDisk(disk))
	switch {
	case err != nil && lost:
		return "lost, and " + err.Error()
	case err != nil:
		return err.Error()
	case lost:
		return "lost"
	}
	return "kept"
}

// nodeIn gives server 1 of size servers in that state, playing by Figure 2.
func nodeIn(size int, text string) *Node {
	n := NewNode(1, size, Figure2())
	n.State = parseState(text)
	if n.Role == Leader && n.Leader == NoNode {
		n.Leader = n.ID
	}
	return n
}

// A paperRow is one case of a table: what happens to server 1, and why the paper
// says so.
type paperRow struct {
	rule  Rule
	why   string
	was   string // the state before; "^" is the state that the row before left
	event string
	says  string // the deciding rule and the answer
	now   string // the state after; "=" is the state before
}

// name is the row's rule with its section, or the event that no rule decides.
func (r paperRow) name() string {
	if r.rule == NoRule {
		kind, _, _ := strings.Cut(r.event, " ")
		return kind
	}
	return fmt.Sprintf("%v (§%s)", r.rule, r.rule.Info().Section)
}

// playRows plays the rows to server 1 of size servers.
func playRows(t *testing.T, size int, rows []paperRow) {
	t.Helper()
	playRowsWith(t, rows, func(state string) *Node { return nodeIn(size, state) })
}

// playRowsWith plays the rows to a server that is made for each state.
func playRowsWith(t *testing.T, rows []paperRow, server func(state string) *Node) {
	t.Helper()
	var n *Node
	for i, r := range rows {
		if r.was != "^" {
			n = server(r.was)
		}
		shown := show
		if strings.Contains(r.was+r.now, "leader=") {
			shown = showLed
		}
		was := shown(n.State)
		want := r.now
		if want == "=" {
			want = was
		}
		says := perform(n, r.event)
		if got := shown(n.State); says != r.says || got != want {
			t.Errorf("row %d, %s: %s\n  was  %s\n  then %s\n  says %s\n  want %s\n  now  %s\n  want %s",
				i, r.name(), r.why, was, r.event, says, r.says, got, want)
		}
	}
}

// The notation is only worth its readability if nothing is lost in it.
func TestNotationRoundTrip(t *testing.T) {
	for _, text := range []string{
		"t0 follower vote=- [] commit=0",
		"t2 follower vote=3 [1 1 2:x] commit=2 applied=1",
		"t3 candidate vote=1 [1] commit=0 votes=1,2",
		"t9223372036854775807 leader vote=1 [1 3] commit=0 next=3,2,3 match=0,1,0",
		"t3 leader vote=1 [1 3] commit=0 next=3,2,3 match=0,1,0 leader=1",
		"t3 follower vote=- 4/2+[2 3:x] commit=5 leader=2",
		"t3 follower vote=- 4/2+[] commit=4",
	} {
		if got := showLed(parseState(text)); got != text {
			t.Errorf("state %q is shown as %q", text, got)
		}
	}
	for _, text := range []string{
		"AE t2 from 1 prev=0/0 [] commit=0",
		"AE t2 from 1 prev=3/1 [2:x] commit=2",
		"AE t4 from 64 prev=3/1 [2:x 3 4:y] commit=9223372036854775807",
	} {
		if got := parseAppendEntries(text).String(); got != text {
			t.Errorf("AppendEntries %q prints itself as %q", text, got)
		}
	}
	if text := "IS t3 from 2 last=4/2"; parseInstallSnapshot(text).String() != text {
		t.Errorf("InstallSnapshot %q prints itself as %q", text, parseInstallSnapshot(text))
	}
	if text := "RV t3 from 2 last=4/2"; parseRequestVote(text).String() != text {
		t.Errorf("RequestVote %q prints itself as %q", text, parseRequestVote(text))
	}
}
