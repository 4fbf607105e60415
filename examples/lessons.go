package examples

import "embed"

// A Lesson is a trace to start from in the playground.
type Lesson struct {
	Name    string // of its file
	Teaches string // in a line
	Text    string
}

//go:embed worksheet-wrong.yaml worksheet-blank.yaml lost-vote.yaml
var more embed.FS

// away is the first that anybody sees: short, and one answer is wrong.
const away = `title: Node 3 was away
nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: none}
    lost: [3]                       # the request never reached node 3
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1, leaderCommit: 0}
    lost: [3]
    response: {2: ok, 3: none}
  - appendEntries: {leaderId: 1, term: 1, index: 2, value: y=2, leaderCommit: 1}
    response: {2: ok, 3: ok}        # is it? node 3 has no entry 1
    state:
      1: {commitIndex: 2}
`

// Lessons gives the traces to start from, the simplest first.
func Lessons() []Lesson {
	out := []Lesson{{"away.yaml", "One wrong answer: a node takes an entry although it lacks the one before", away}}
	for _, l := range []Lesson{
		{Name: "first.yaml", Teaches: "How a trace is written, and why a log has no gaps"},
		{Name: "worksheet-wrong.yaml", Teaches: "A worksheet that was handed in: find the mistakes, and what the student believed"},
		{Name: "worksheet-blank.yaml", Teaches: "The same worksheet to fill in"},
		{Name: "worksheet.yaml", Teaches: "The same worksheet with all answers right"},
		{Name: "figure7.yaml", Teaches: "The paper's Figure 7: which logs the consistency check tells apart"},
		{Name: "figure8.yaml", Teaches: "The paper's Figure 8: why a leader commits no entry of an earlier term by counting"},
		{Name: "partition.yaml", Teaches: "Two leaders at once, in two terms"},
		{Name: "late.yaml", Teaches: "Messages that come late, twice, or from a leader that leads no more"},
		{Name: "restart.yaml", Teaches: "What a node keeps when it restarts"},
		{Name: "lost-vote.yaml", Teaches: "A disk that loses a vote, and a term with two leaders"},
		{Name: "snapshot.yaml", Teaches: "A snapshot for a follower that is far behind"},
		{Name: "notes.yaml", Teaches: "What comes of Raft as a student wrote it down: choose the rules notes"},
		{Name: "nothing-changes.yaml", Teaches: "Events that change nothing"},
		{Name: "sheet3.yaml", Teaches: "One node's sheet: what a game of eight looks like from node 3"},
		{Name: "single.yaml", Teaches: "A cluster of one node"},
	} {
		text, err := corpus.ReadFile(l.Name)
		if err != nil {
			if text, err = more.ReadFile(l.Name); err != nil {
				panic("examples: " + err.Error()) // a name that no file has
			}
		}
		l.Text = string(text)
		out = append(out, l)
	}
	return out
}
