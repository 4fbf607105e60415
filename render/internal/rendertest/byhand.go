package rendertest

import (
	"testing"

	"raftsheet/check/grade"
	"raftsheet/trace/review"
)

// ByHand is a class of which an instructor has decided what waited, with a note: Ann's
// answer is given all, Ben's is read as ok, Cem's is given half a point, and Dan's
// sheet, which cannot be marked, 2 points.
func ByHand(t *testing.T, note string) *grade.Class {
	t.Helper()
	const text = "nodes: 3\nsteps:\n  - {id: a, requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}, response: {2: %, 3: ok}}\n" +
		"  - {id: b, requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}, response: {2: ok, 3: ok}}\n"
	sheet := func(answer string) string {
		out := ""
		for _, r := range text {
			if r == '%' {
				out += answer
			} else {
				out += string(r)
			}
		}
		return out
	}
	key := Key(t, sheet(""))
	inputs := func() []grade.Input {
		return []grade.Input{HandedIn("Ann", "ann.yaml", sheet("yes!")), HandedIn("Ben", "ben.yaml", sheet("o.k.")),
			HandedIn("Cem", "cem.yaml", sheet("maybe")), HandedIn("Dan", "dan.yaml", "steps: {{{")}
	}
	l := grade.MarkAll(key, inputs(), grade.Settings{}).Review()
	for i := range l.Decisions {
		d := &l.Decisions[i]
		d.Note.Text = note
		switch d.Sheets[0].Student {
		case "Ann":
			d.Give.Text = "right"
		case "Ben":
			d.Read.Text = "ok"
		case "Cem":
			d.Give.Text = "0.5"
		default:
			d.Give.Text = "2"
		}
	}
	l, errs := review.Read("review.yaml", review.Write(l))
	if errs != nil {
		t.Fatal(errs)
	}
	decided, errs := grade.NewDecisions(grade.OneKey(key), []*review.List{l})
	if errs != nil {
		t.Fatal(errs)
	}
	return grade.MarkAll(key, inputs(), grade.Settings{Decided: decided})
}
