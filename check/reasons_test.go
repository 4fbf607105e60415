package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
)

// A finding's sentence gives what decided, not only what came last.
func TestWholeReasons(t *testing.T) {
	tests := []struct{ why, trace, says string }{
		{"a vote that was free", `
nodes: 3
steps:
- {requestVote: {candidateId: 1}, response: {2: no, 3: ok}}`,
			"node 2 has not voted in term 1, and the candidate's log and node 2's end alike, at index 0"},
		{"a vote that is repeated", `
nodes: 3
steps:
- {requestVote: {candidateId: 1, term: 1}, to: [2], responseLost: [2]}
- {requestVote: {candidateId: 1, term: 1}, to: [2], response: {2: no}}`,
			"node 2 has already voted for this candidate in term 1, and "},
		{"an answer that nothing keeps back", `
nodes: 3
steps:
- {requestVote: {candidateId: 1}, response: {2: ok, 3: none}}`,
			"nothing keeps the request from it (if it was lost, write lost: [3])"},
		{"a role after a restart", `
nodes: 1
steps:
- timeout: 1
- {restart: 1, state: {1: {role: leader}}}`,
			"node 1's role is follower: it restarted in this step"},
	}
	for _, tt := range tests {
		f := check.CheckFile("t.yaml", strings.NewReader(tt.trace), checktest.Settings)
		found := false
		for _, r := range f.Reports {
			for i := range r.Findings {
				found = found || strings.Contains(r.Findings[i].Message, tt.says)
			}
		}
		if !found {
			t.Errorf("%s: no finding says %q: %v", tt.why, tt.says, f.Errors)
		}
	}
}
