package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/raft"
)

// election is a request for votes of which node 2 grants, node 3 refuses, node
// 4 never hears, and node 5 grants unheard; node 6 is not asked.
const election = `nodes: 6
initial: {1: {term: 2, role: candidate, log: [1]}, 3: {term: 2, votedFor: 3}}
steps:
- requestVote: {candidateId: 1}
  to: [2, 3, 4, 5]
  lost: [4]
  responseLost: [5]
  response: `

// Every kind of cell, right and wrong.
func TestAnswerCells(t *testing.T) {
	cases := []struct {
		row, why string
		want     string // the finding: expected/actual rule, or the tally's word
	}{
		{"{2: ok}", "granted", "agree"},
		{"{2: yes}", "the same in other words", "agree"},
		{"{2: true}", "the same in other words", "agree"},
		{"{2: ✓}", "the same in other words", "agree"},
		{"{3: no}", "refused", "agree"},
		{"{3: false}", "the same in other words", "agree"},
		{"{3: ✗}", "the same in other words", "agree"},
		{"{2: no}", "it granted", "response voteGranted false/true RV2b"},
		{"{3: ok}", "it has voted", "response voteGranted true/false RV2a"},
		{"{2: none}", "it answered", "response voteGranted none/true RV2b"},
		{`{2: "-"}`, "none in another word", "response voteGranted none/true RV2b"},
		{"{4: none}", "the request was lost", "agree"},
		{`{4: "-"}`, "the request was lost", "agree"},
		{"{4: ok}", "the request was lost", "response voteGranted true/none "},
		{"{4: {term: 2}}", "the request was lost", "response voteGranted 2/none "},
		{"{5: none}", "only the response was lost: none is right", "agree"},
		{"{5: ok}", "only the response was lost: the answer is right too", "agree"},
		{"{5: no}", "only the response was lost: another answer is not", "response voteGranted false/true RV2b"},
		{"{6: none}", "it was not asked", "agree"},
		{"{6: ok}", "it was not asked", "response voteGranted true/none "},
		{"{2: }", "left blank", "blank"},
		{"{2: ~}", "left blank", "blank"},
		{`{2: "?"}`, "left blank", "blank"},
		{"{2: {}}", "left blank", "blank"},
		{"{6: }", "left blank, and not asked", "blank"},
		{"{2: {voteGranted: true, term: 2}}", "the whole response", "agree"},
		{"{2: {voteGranted: true}}", "its term left out", "agree"},
		{"{2: {term: 2}}", "its outcome left out", "agree"},
		{"{2: {voteGranted: true, term: 1}}", "another term", "response term 1/2 A2"},
		{"{2: {voteGranted: false, term: 2}}", "another outcome", "response voteGranted false/true RV2b"},
		{"{2: {voteGranted: , term: }}", "blank in both", "blank"},
		{"{2: {voteGranted: true, term: }}", "blank in part", "blank"},
	}
	for _, c := range cases {
		rep := checktest.Report(t, election+c.row)
		if got := only(rep, c.row); got != c.want {
			t.Errorf("%s (%s): found %q, and should be %q", c.row, c.why, got, c.want)
		}
	}
}

// only says what became of the first cell of a row: the finding about it, or
// the word under which it is counted. The cells that the row leaves out are
// blank.
func only(rep *check.Report, row string) string {
	name := row[1:2]
	blanks := 0
	for i := range rep.Findings {
		switch f := &rep.Findings[i]; {
		case f.Kind == finding.Response && f.Node == name:
			return fmt.Sprintf("%s %s %v/%v %s", f.Kind, f.Field, f.Expected, f.Actual, f.Rule)
		case f.Kind == finding.Unfilled && f.Node == name:
			return "blank"
		case f.Kind == finding.Unfilled:
			blanks++
		}
	}
	if rep.Tally.Agree == 1 && rep.Tally.Blank == blanks && rep.Tally.Answers == 1+blanks {
		return "agree"
	}
	return fmt.Sprintf("%+v", rep.Tally)
}

// The forms of a row: a mapping, a list in the order of nodes, others.
func TestAnswerRows(t *testing.T) {
	cases := []struct {
		why, row string
		want     check.Tally
		says     []string
	}{
		{"the whole row as a mapping", "{2: ok, 3: no, 4: none, 5: ok, 6: none}",
			check.Tally{Steps: 1, Answers: 5, Agree: 5}, nil},
		{"the sender's own cell is never scored", "{1: ok, 2: ok, 3: no, 4: none, 5: ok}",
			check.Tally{Steps: 1, Answers: 4, Agree: 4}, nil},
		{"a list: a cell for each node, the sender's among them", "[none, ok, no, none, ok, none]",
			check.Tally{Steps: 1, Answers: 5, Agree: 5}, nil},
		{"a list with blanks and mistakes", "[~, ok, ok, ~, ok, none]",
			check.Tally{Steps: 1, Answers: 5, Agree: 3, Diverge: 1, Blank: 1},
			[]string{"response 1 3 voteGranted: voted for itself in term 2", "blank 1 4 voteGranted: left blank"}},
		{"others: every node that was sent the request and is not named", "{3: no, 4: none, others: ok}",
			check.Tally{Steps: 1, Answers: 4, Agree: 4}, nil},
		{"others: wrong for those whose answer is another", "{others: ok}",
			check.Tally{Steps: 1, Answers: 4, Agree: 2, Diverge: 2},
			[]string{"response 1 3 voteGranted: node 3", "response 1 4 voteGranted: lost"}},
		{"others: left blank", "{3: no, others: }",
			check.Tally{Steps: 1, Answers: 4, Agree: 1, Blank: 3},
			[]string{"blank 1 2 voteGranted:", "blank 1 4 voteGranted:", "blank 1 5 voteGranted:"}},
		{"what a row leaves out is blank, for those that were asked", "{2: ok}",
			check.Tally{Steps: 1, Answers: 4, Agree: 1, Blank: 3},
			[]string{"blank 1 3 voteGranted:", "blank 1 4 voteGranted:", "blank 1 5 voteGranted:"}},
		{"a row that is blank as a whole", "",
			check.Tally{Steps: 1, Answers: 4, Blank: 4},
			[]string{"blank 1 2 voteGranted:", "blank 1 3 voteGranted:", "blank 1 4 voteGranted:", "blank 1 5 voteGranted:"}},
	}
	for _, c := range cases {
		rep := checktest.Report(t, election+c.row)
		if d := cmp.Diff(c.want, rep.Tally); d != "" {
			t.Errorf("%s: the answers are counted wrongly (-should be +is):\n%s", c.why, d)
		}
		checktest.Expect(t, rep, c.says...)
	}
	none := checktest.Report(t, strings.TrimSuffix(election, "  response: "))
	if none.Tally.Answers != 0 || len(none.Findings) != 0 {
		t.Errorf("a step without response asks nothing, but has %d answers and the findings\n%s", none.Tally.Answers, strings.Join(checktest.Lines(none), "\n"))
	}
}

// Why an answer is as it is, with the figures of the case, for each rule that
// settles one.
func TestReasons(t *testing.T) {
	const vote = "nodes: 3\ninitial: {1: {term: 3, role: candidate, log: [1, 2]}, 2: %s}\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: %s, 3: ok}"
	const ae = "nodes: 3\ninitial: {1: {term: 3, role: leader, log: [1, 2]}, 2: %s}\nsteps:\n- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: []}\n  response: {2: %s, 3: no}"
	cases := []struct {
		form, state, wrong string
		rule               raft.Rule
		section            string
		says               []string
	}{
		{vote, "{term: 5}", "ok", raft.RV1, "5.1", []string{"term 3", "currentTerm 5"}},
		{vote, "{term: 3, votedFor: 3}", "ok", raft.RV2a, "5.2", []string{"voted for node 3", "term 3"}},
		{vote, "{log: [1, 2, 2]}", "ok", raft.RV2b, "5.4.1", []string{"index 2, term 2", "index 3, term 2", "behind"}},
		{vote, "{log: [1, 1, 1]}", "no", raft.RV2b, "5.4.1", []string{"index 2, term 2", "index 3, term 1", "at least as up-to-date"}},
		{ae, "{term: 5}", "ok", raft.AE1, "5.1", []string{"term 3", "currentTerm 5"}},
		{ae, "{log: [1]}", "ok", raft.AE2, "5.3", []string{"node 2's log ends at index 1", "prevLogIndex 2"}},
		{ae, "{log: [1, 1]}", "ok", raft.AE2, "5.3", []string{"term 1 at index 2", "prevLogTerm 2"}},
		{ae, "{log: [1, 2]}", "no", raft.AE2, "5.3", []string{"term 2 at index 2", "prevLogIndex 2"}},
		{ae, "{log: [1, 2]}", "{success: true, term: 2}", raft.A2, "5.1", []string{"3"}},
	}
	for _, c := range cases {
		text := fmt.Sprintf(c.form, c.state, c.wrong)
		rep := checktest.Report(t, text)
		if n := rep.CountKind(finding.Response); n != 1 {
			t.Errorf("%d answers are found wrong, not one:\n%s", n, text)
			continue
		}
		for i := range rep.Findings {
			f := &rep.Findings[i]
			if f.Kind != finding.Response {
				continue
			}
			if f.Rule != c.rule || f.PaperSection() != c.section {
				t.Errorf("the answer is settled by %s, §%s; it should be %s, §%s\n%s", f.Rule, f.PaperSection(), c.rule, c.section, text)
			}
			for _, part := range c.says {
				if !strings.Contains(f.Message, part) {
					t.Errorf("the reason is %q; it should name %q\n%s", f.Message, part, text)
				}
			}
		}
	}
}

// Why a node does not answer.
func TestReasonsForSilence(t *testing.T) {
	checktest.Expect(t, checktest.Report(t, `nodes: 6
initial: {1: {term: 1, role: leader}}
steps:
- crash: 2
- id: cut
  partition: [[1, 2, 3, 4, 5]]
- appendEntries: {leaderId: 1}
  to: [2, 3, 4, 6]
  lost: [3]
  response: {2: ok, 3: ok, 4: ok, 5: ok, 6: no}`),
		"response 3 2 success: down since step 1",
		"response 3 3 success: lost",
		"response 3 5 success: node 5 is not sent this request",
		"response 3 6 success: cut off from node 1; partition of step cut")
}

// The cells of unknown nodes are neither right nor wrong, and are counted apart.
func TestUnknownAnswers(t *testing.T) {
	rep := checktest.Report(t, `nodes: 5
raftId: 1
initial: {1: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  lost: [4]
  response: {1: ok, 2: ok, 3: no, 4: ok, 5: none}
  state: {1: {role: candidate}}`)
	checktest.Expect(t, rep, "untold 1 2 voteGranted: taken as given", "untold 1 3 voteGranted: taken as given",
		"untold 1 4 voteGranted: lost", "untold 1 5 voteGranted: taken as given")
	if d := cmp.Diff(check.Tally{Steps: 1, Untold: 4}, rep.Tally); d != "" {
		t.Errorf("the answers of unknown nodes are counted wrongly (-should be +is):\n%s", d)
	}
	if rep.Result() != check.Agrees {
		t.Error("a trace in which nothing is known to be wrong is said to diverge")
	}
}

// What an unknown node is said to answer reaches the sender as written.
func TestUnknownAnswersReachTheSender(t *testing.T) {
	const leader = `nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [2:a]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [2:a]}
  response: `
	cases := []struct{ why, row, want string }{
		{"a success counts", "{2: ok}", "{commitIndex: 1, matchIndex: {2: 1, 3: 0}}"},
		{"an answer without a term carries the request's", "{2: no, 3: no}", "{term: 2, role: leader, nextIndex: {2: 1, 3: 1}}"},
		{"a higher term is taken in", "{2: {success: false, term: 5}}", "{term: 5, role: follower, votedFor: none}"},
		{"a higher term alone is taken in", "{2: {term: 5}}", "{term: 5, role: follower, votedFor: none}"},
		{"a term alone that is no higher tells nothing", "{2: {term: 2}}", "{term: 2, role: leader, matchIndex: {2: 0}, nextIndex: {2: 2}}"},
		{"none does not", "{2: none}", "{role: leader, commitIndex: 0, nextIndex: {2: 2}}"},
		{"a blank does not", "{2: }", "{role: leader, commitIndex: 0, nextIndex: {2: 2}}"},
		{"others speaks for it", "{others: ok}", "{commitIndex: 1, matchIndex: {2: 1, 3: 1}}"},
	}
	for _, c := range cases {
		text := leader + c.row + "\n  state: {1: " + c.want + "}"
		if got := checktest.Lines(checktest.Report(t, text), finding.State, finding.Response); len(got) > 0 {
			t.Errorf("%s: after %s, node 1 should be %s, but\n\t%s", c.why, c.row, c.want, strings.Join(got, "\n\t"))
		}
	}
}

// answers = agree + diverge + blank, and those that cannot be told are apart.
func TestTallyOfExample(t *testing.T) {
	rep := checktest.Report(t, `nodes: 4
unknown: [4]
initial: {1: {term: 1, role: leader}}
steps:
- appendEntries: {leaderId: 1}
  response: {2: ok, 3: no, 4: ok}
- appendEntries: {leaderId: 1}
  response: {2: , 3: {success: true, term: }, 4: ok}
- appendEntries: {leaderId: 1}
  response: {2: {success: false, term: 7}, 3: ok, 4: none}
  state: {1: {term: 9, role: follower}}`)
	want := check.Tally{Steps: 3, Answers: 6, Agree: 2, Diverge: 2, Blank: 2, Untold: 3, States: 2}
	if d := cmp.Diff(want, rep.Tally); d != "" {
		t.Errorf("the tally is wrong (-should be +is):\n%s", d)
	}
	if n := rep.CountKind(finding.Response); n != 3 {
		t.Errorf("an answer with a wrong outcome and a wrong term makes two findings, the other one makes one; there are %d", n)
	}
}

// A small file cannot ask for a report without end. What is found past a bound is
// counted, the trace diverges all the same, and of the steps past it nothing is
// claimed. Notes take no place from errors.
func TestFindingsAreBounded(t *testing.T) {
	text := "nodes: 3\nsteps:\n- state: &b {1: {term: }}\n" + strings.Repeat("- state: *b\n", 60_000) +
		"- state: &s {1: {term: 9}}\n" + strings.Repeat("- state: *s\n", 60_000)
	rep := checktest.Report(t, text)
	if n := rep.CountKind(finding.State); n != 50_000 || rep.More != 10_001+10_001 || rep.Tally.States != 60_001 || rep.Result() != check.Diverges {
		t.Errorf("%d tables differ, %d more findings, %d fields differ, %s", n, rep.More, rep.Tally.States, rep.Result())
	}
	if at := rep.CutAt(); at != 60_001+50_000 {
		t.Errorf("the report is cut at step %d", at)
	}
	rep.Mode.Complete = true
	if at := rep.CutAt(); at != 50_000 {
		t.Errorf("with blanks as divergences the report is cut at step %d", at)
	}
}

// matchIndex in an answer: of a success where the request ends, of a refusal
// nothing.
func TestMatchIndexOfAnswers(t *testing.T) {
	const game = `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a, 1:b, 1:c], nextIndex: {2: 2, 3: 4}}, 2: {term: 1, log: [1:a]}, 3: {term: 1, log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, entries: auto}
  response: {`
	const end = `}
`
	runScenes(t, []scene{
		{"prevLogIndex and the number of entries", game + "2: {success: true, matchIndex: 3}" + ", 3: no" + end, nil},
		{"another", game + "2: {success: true, matchIndex: 2}, 3: no" + end,
			[]string{"response 1 2 matchIndex: the request ends at index 3, which is prevLogIndex 1 and 2 entries; confirms its log up to there"}},
		{"alone", game + "2: {matchIndex: 1}, 3: no" + end, []string{"response 1 2 matchIndex: ends at index 3"}},
		{"0 of a refusal asserts nothing", game + "2: ok, 3: {success: false, matchIndex: 0}" + end, nil},
		{"a higher one does", game + "2: ok, 3: {success: false, matchIndex: 1}" + end,
			[]string{"response 1 3 matchIndex: a refusal confirms nothing: node 3's log ends at index 1; prevLogIndex 3"}},
		{"of a success that was none, it is wrong with it", game + "2: ok, 3: {success: true, matchIndex: 3}" + end,
			[]string{"response 1 3 success: prevLogIndex 3", "response 1 3 matchIndex: a refusal confirms nothing"}},
		{"a refusal that should be a success says nothing of it", game + "2: {success: false, matchIndex: 0}, 3: no" + end, []string{"response 1 2 success:"}},
		{"left blank", game + "2: {success: true, matchIndex: }, 3: no" + end, []string{"blank 1 2 success: node 2's answer is blank in part"}},
		{"left blank, of a refusal", game + "2: ok, 3: {success: false, matchIndex: }" + end, nil},
		{"all left blank", game + "2: {success: , term: , matchIndex: }, 3: {success: , matchIndex: }" + end,
			[]string{"blank 1 2 success: is left blank", "blank 1 3 success: is left blank"}},
		{"no answer, so no matchIndex", `
nodes: 2
initial: {1: {term: 1, role: leader}}
steps:
- {appendEntries: {leaderId: 1}, lost: [2], response: {2: {success: true, matchIndex: 0}}}`, []string{"response 1 2 success: never reaches node 2"}},
	})
}
