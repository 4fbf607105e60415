package variant_test

import (
	"slices"
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/variant"
)

// Each case is what a cluster did, and the rules by which that is right. If one fails,
// import --rules names the wrong implementation.
func TestPropose(t *testing.T) {
	const asked = "requestVote: {candidateId: 2, term: 1, lastLogIndex: 0, lastLogTerm: 0}\n  to: [3]\n"
	for _, c := range []struct {
		what, steps string
		want        []string
	}{
		{"Figure 2", "\n- timeout: 2\n- " + asked + "  response: {3: ok}\n", nil},
		{"two votes in a term", `
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: ok}
- ` + asked + `  response: {3: ok}`, []string{"vote-twice"}},
		{"a lower term is not answered, as etcd has it", `
- state: {3: {term: 2}}
- timeout: 3
- ` + asked + `  response: {3: none}
  state: {3: {term: 1, role: candidate}}`, []string{"etcd"}},
		{"a leader's rivals are refused, as hashicorp has it", `
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: ok}
  state: {1: {role: leader}}
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
  response: {3: ok}
- requestVote: {candidateId: 2, term: 3, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: no}
  state: {3: {term: 1, votedFor: 1}}`, []string{"hashicorp"}},
	} {
		all := variant.Propose(checktest.Read(t, "nodes: 3\nsteps:"+c.steps).Traces[0])
		if got := all[0].Names; !slices.Equal(got, c.want) {
			t.Errorf("%s: proposed %v; want %v: %+v", c.what, got, c.want, all)
		}
		if !slices.IsSortedFunc(all, func(a, b variant.Proposal) int { return a.Differ - b.Differ }) {
			t.Errorf("%s: the best does not come first: %+v", c.what, all)
		}
	}
}
