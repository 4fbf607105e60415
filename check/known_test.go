package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

// In step 1 node 2 is said to refuse a vote that it gives, and to have a term that it
// has not.
const wrongTwice = `nodes: 3
steps:
  - id: ask
    requestVote: {candidateId: 1, term: 1}
    response: {2: no, 3: ok}
    state: {2: {term: 4}}
`

func excused(t *testing.T, list string) *check.File {
	t.Helper()
	f := check.CheckFile("traces/away.yaml", strings.NewReader(wrongTwice), check.Settings{Limits: trace.DefaultLimits()})
	known, err := trace.ParseKnown("known.yaml", []byte(list), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	check.Excuse([]*check.File{f}, known, nil)
	return f
}

// A difference that is known is no error any more, and nothing else is excused with
// it. If it fails, a list hides what it does not name, or does not hide what it does.
func TestExcuse(t *testing.T) {
	for list, want := range map[string]int{
		`[]`: 2,
		`[{trace: away.yaml, step: ask, node: 2, field: voteGranted, reason: on purpose}]`:                          1,
		`[{trace: traces/away.yaml, step: 1, node: 2, field: term, reason: on purpose}]`:                            1,
		`[{"trace": "away.yaml", "step": "ask", "node": "2", "reason": "on purpose"}]`:                              0,
		`[{trace: away.yaml, step: ask, reason: on purpose}]`:                                                       0,
		`[{trace: other.yaml, step: ask, reason: on purpose}]`:                                                      2,
		`[{trace: way.yaml, step: ask, reason: on purpose}]`:                                                        2,
		`[{trace: away.yaml, step: ask, node: 3, field: voteGranted, reason: gone}]`:                                3, // it agrees
		`[{trace: away.yaml, step: ask, node: 2, reason: yes}, {trace: away.yaml, step: 9, reason: no such step}]`:  1,
		`[{trace: away.yaml, step: ask, node: 2, reason: yes}, {trace: away.yaml, step: 1, node: 9, reason: none}]`: 1,
	} {
		r := excused(t, list).Reports[0]
		if got := r.Count(finding.Error); got != want {
			t.Errorf("%s: %d errors, want %d: %+v", list, got, want, r.Findings)
		}
		if agrees := r.Result() == check.Agrees; agrees != (want == 0) {
			t.Errorf("%s: the result is %s", list, r.Result())
		}
	}
}

// What is wrong with a list is said with its place, and nothing of it is used.
func TestParseKnownRefuses(t *testing.T) {
	for list, want := range map[string]string{
		`{trace: a.yaml}`:                            "k.yaml:1:1: a file of known differences is",
		`[{trace: a.yaml, step: 1}]`:                 "k.yaml:1:2: a known difference needs reason",
		`[{trace: a.yaml, step: 1, reason: }]`:       "reason is blank",
		`[{trace: a.yaml, step: 1, resaon: typed}]`:  `unknown key "resaon"`,
		"[{trace: a.yaml,":                           "k.yaml:1",
		"- {trace: a.yaml, step: 1, reason: x}\n- 7": "k.yaml:2:3",
	} {
		known, err := trace.ParseKnown("k.yaml", []byte(list), trace.DefaultLimits())
		if err == nil || !strings.Contains(err.Error(), want) || known != nil {
			t.Errorf("%s: %v, %v; want an error that says %q", list, known, err, want)
		}
	}
}
