package check_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/raft"
)

// Under its own rules a replay comes out as it was, whoever fills in its messages:
// otherwise what a diagnosis takes for a deviation would be the replay's own doing.
func TestUnderTheSameRules(t *testing.T) {
	onTraces(t, func(t *rapid.T, run *check.Run, text string) {
		for _, as := range []check.Wording{check.AsSent, check.AsFilled} {
			again, err := run.Under(run.Rules, as)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			for step := range len(run.Steps) + 1 {
				if a, b := fmt.Sprint(states(run, step)), fmt.Sprint(states(again, step)); a != b {
					t.Fatalf("after step %d the states were\n%s\nand are\n%s\n%s", step, a, b, text)
				}
			}
			sameAnswers(t, run, again, text)
		}
	})
}

func sameAnswers(t *rapid.T, run, again *check.Run, text string) {
	for i, c := range check.Cells(run.Trace) {
		if a, b := run.Gives(&c), again.Gives(&c); a != b {
			t.Fatalf("cell %d was %v, and is %v\n%s", i, a, b, text)
		}
	}
}

// As sent, every node gets under other rules what it got at first, message by
// message; a sheet's messages are not the reader's to change.
func TestUnderOtherRulesAsSent(t *testing.T) {
	onTraces(t, func(t *rapid.T, run *check.Run, text string) {
		other, err := run.Under(run.Rules.With(aDeviation(t)), check.AsSent)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for i := range run.Steps {
			for j := range run.Steps[i].Deliveries {
				if a, b := message(&run.Steps[i].Deliveries[j]), message(&other.Steps[i].Deliveries[j]); a != b {
					t.Fatalf("in step %d %s was sent, and under other rules %s\n%s", i+1, a, b, text)
				}
			}
		}
	})
}

func aDeviation(t *rapid.T) raft.Deviation {
	all := raft.Deviations()
	return all[rapid.IntRange(0, len(all)-1).Draw(t, "deviation")]
}

func message(d *check.Delivery) string {
	if d.Vote != nil {
		return fmt.Sprint(d.To, *d.Vote)
	}
	m := d.Append
	return fmt.Sprint(d.To, m.LeaderID, m.Term, m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice(), m.LeaderCommit)
}

// What a predictor says of a deviation is what a replay under it gives, cell by
// cell: it names the cells that come out otherwise, and no other, and gives equal
// numbers for equal answers.
func TestPredictor(t *testing.T) {
	onTraces(t, func(t *rapid.T, run *check.Run, text string) {
		cells := check.Cells(run.Trace)
		p := check.NewPredictor(run, cells)
		for _, as := range []check.Wording{check.AsSent, check.AsFilled} {
			sets := [][]raft.Deviation{{aDeviation(t)}, {aDeviation(t), aDeviation(t)}}
			numbers := make(map[string]uint16)
			for i, says := range p.Predict(sets, as) {
				other, err := run.Under(run.Rules.With(sets[i]...), as)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				for j, c := range cells {
					right, given := run.Gives(&c), other.Gives(&c)
					if len(says) == 0 || says[0].Cell != j {
						if right != given {
							t.Fatalf("cell %d is %v and under %s %v, which is not predicted\n%s", j, right, other.Rules.Name, given, text)
						}
						continue
					}
					value := fmt.Sprint(j, given)
					if n, known := numbers[value]; right == given || known && n != says[0].Value {
						t.Fatalf("cell %d is %v and under %s %v, and %d is predicted (once %d)\n%s", j, right, other.Rules.Name, given, says[0].Value, n, text)
					}
					numbers[value] = says[0].Value
					says = says[1:]
				}
			}
		}
	})
}
