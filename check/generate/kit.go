package generate

import "strings"

// A kit is what a worksheet may make use of beyond messages that are written out in
// full: what few misunderstandings need to be seen, and a first worksheet does
// better without.
type kit struct {
	restarts bool // nodes restart
	answers  bool // answers are lost, and arrive late
	leaveOut part // of a message, for the student to work out
}

// A part is fields of a message.
type part uint8

const (
	logEnd   part = 1 << iota // lastLogIndex and lastLogTerm of a RequestVote
	commit                    // leaderCommit
	prevTerm                  // prevLogTerm
)

// needs has a row for each misunderstanding that messages written out in full cannot
// reveal. Those about crashes are known by what they change.
var needs = map[string]kit{
	"count-any-vote":        {answers: true},
	"count-any-success":     {answers: true},
	"offers-commit-index":   {leaveOut: logEnd},
	"leader-commit-is-last": {leaveOut: commit},
	"prev-term-is-current":  {leaveOut: prevTerm},
}

// kitFor gives what the misunderstandings at stake need.
func kitFor(w *Wish) kit {
	var k kit
	for _, d := range w.AtStake {
		need := needs[d.Name]
		k.restarts = k.restarts || strings.HasSuffix(d.Rule, "persistent") || strings.HasSuffix(d.Rule, "volatile")
		k.answers = k.answers || need.answers
		k.leaveOut |= need.leaveOut
	}
	if w.Form == Paper {
		k.leaveOut &^= prevTerm // for which it has no place
	}
	return k
}
