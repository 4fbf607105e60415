package variant_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// Under its own rules a replay comes out as it was, whoever fills in its messages:
// otherwise what a diagnosis takes for a deviation would be the replay's own doing.
func TestUnderTheSameRules(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		for _, as := range []replay.Wording{replay.AsSent, replay.AsFilled} {
			again := checktest.Under(t, run, run.Rules, as)
			for step := range len(run.Steps) + 1 {
				if a, b := fmt.Sprint(checktest.States(run, step)), fmt.Sprint(checktest.States(again, step)); a != b {
					t.Fatalf("after step %d the states were\n%s\nand are\n%s\n%s", step, a, b, text)
				}
			}
			sameAnswers(t, run, again, text)
		}
	})
}

func sameAnswers(t *rapid.T, run, again *replay.Run, text string) {
	for i, c := range item.Of(run.Trace) {
		if a, b := checktest.Given(run, &c), checktest.Given(again, &c); a != b {
			t.Fatalf("cell %d was %v, and is %v\n%s", i, a, b, text)
		}
	}
}

// As sent, every node gets under other rules what it got at first, message by
// message; a sheet's messages are not the reader's to change.
func TestUnderOtherRulesAsSent(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		other := checktest.Under(t, run, run.Rules.With(aDeviation(t)), replay.AsSent)
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

func message(d *replay.Delivery) string {
	if d.Vote != nil {
		return fmt.Sprint(d.To, *d.Vote)
	}
	if d.Install != nil {
		return fmt.Sprint(d.To, *d.Install)
	}
	m := d.Append
	return fmt.Sprint(d.To, m.LeaderID, m.Term, m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice(), m.LeaderCommit)
}

// What a predictor says of a deviation is what a replay under it gives, cell by
// cell: it names the cells that come out otherwise, and no other, and gives equal
// numbers for equal answers.
func TestPredictor(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		cells := item.Of(run.Trace)
		p := variant.NewMatrix(run, cells)
		for _, as := range []replay.Wording{replay.AsSent, replay.AsFilled} {
			sets := [][]raft.Deviation{{aDeviation(t)}, {aDeviation(t), aDeviation(t)}}
			numbers := make(map[string]uint16)
			for i, says := range p.Predict(sets, as) {
				other := checktest.Under(t, run, run.Rules.With(sets[i]...), as)
				for j, c := range cells {
					right, given := checktest.Given(run, &c), checktest.Given(other, &c)
					if len(says) == 0 || int(says[0].Item) != j {
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
