package raft

import (
	"slices"
	"strings"
	"testing"
)

// An implementationRow is a case in which one deviation of etcd or hashicorp
// alone, on top of Figure 2, comes to something else than Figure 2. What it
// comes to is read in the implementation's source; package oracle asks the
// implementation itself.
type implementationRow struct {
	set, name string
	size      int
	was       string
	events    []string
	figure2   string // what the last event comes to by Figure 2, and the state that it leaves
	deviates  string
}

var implementationRows = []implementationRow{
	{"etcd", "lower-term-unanswered", 3, "t3 follower vote=- [1] commit=0",
		[]string{"AE t2 from 2 prev=1/1 [2] commit=0"},
		"AE1 refused: t3 false; t3 follower vote=- [1] commit=0",
		"AE1 ignored: no answer; t3 follower vote=- [1] commit=0"},
	{"etcd", "lower-term-unanswered", 3, "t3 follower vote=- [1] commit=0",
		[]string{"RV t2 from 2 last=1/1"},
		"RV1 refused: t3 denied; t3 follower vote=- [1] commit=0",
		"RV1 ignored: t3 denied; t3 follower vote=- [1] commit=0"},
	{"etcd", "lower-term-unanswered", 3, "t3 follower vote=- [1] commit=0",
		[]string{"IS t2 from 2 last=1/1"},
		"IS1 refused: t3; t3 follower vote=- [1] commit=0",
		"IS1 ignored: no answer; t3 follower vote=- [1] commit=0"},
	{"etcd", "prev-zero-term-checked", 3, "t1 follower vote=- [] commit=0",
		[]string{"AE t1 from 2 prev=0/1 [1] commit=0"},
		"AE2 passed: t1 true; t1 follower vote=- [1] commit=0",
		"AE2 refused: t1 false; t1 follower vote=- [] commit=0"},
	{"etcd", "append-below-commit-skipped", 3, "t2 follower vote=- [1 1] commit=2",
		[]string{"AE t2 from 2 prev=1/1 [1 2] commit=3"},
		"AE2 passed: t2 true; t2 follower vote=- [1 1 2] commit=3",
		"AE2 passed: t2 true; t2 follower vote=- [1 1] commit=2"},
	{"etcd", "append-below-commit-skipped", 3, "t2 follower vote=- [1 1] commit=2",
		[]string{"AE t2 from 2 prev=1/2 [] commit=3"},
		"AE2 refused: t2 false; t2 follower vote=- [1 1] commit=2",
		"AE2 passed: t2 true; t2 follower vote=- [1 1] commit=2"},
	{"etcd", "vote-withheld-under-leader", 3, "t2 follower vote=- [1] commit=0",
		[]string{"AE t2 from 2 prev=1/1 [] commit=0", "RV t2 from 3 last=1/1"},
		"RV2b passed: t2 granted; t2 follower vote=3 [1] commit=0",
		"RV2a refused: t2 denied; t2 follower vote=- [1] commit=0"},
	{"etcd", "first-answer-stands", 3, "t2 candidate vote=1 [] commit=0 votes=1",
		[]string{"vote from 2 asked t2 says t2 denied", "vote from 2 asked t2 says t2 granted"},
		"C2 acted; t2 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0",
		"C2 idle; t2 candidate vote=1 [] commit=0 votes=1"},
	{"etcd", "refused-candidate-steps-down", 3, "t2 candidate vote=1 [] commit=0 votes=1",
		[]string{"vote from 2 asked t2 says t2 denied", "vote from 3 asked t2 says t2 denied"},
		"C2 idle; t2 candidate vote=1 [] commit=0 votes=1",
		"C2 idle; t2 follower vote=1 [] commit=0"},
	{"etcd-unstored", "own-vote-when-stored", 1, "t1 follower vote=- [1] commit=0",
		[]string{"timeout"},
		"C1 acted; t2 leader vote=1 [1] commit=0 next=2 match=0",
		"C1 acted; t2 candidate vote=1 [1] commit=0"},
	{"etcd", "new-leader-appends", 3, "t2 candidate vote=1 [1] commit=0 votes=1",
		[]string{"vote from 2 asked t2 says t2 granted"},
		"C2 acted; t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0",
		"C2 acted; t2 leader vote=1 [1 2] commit=0 next=2,2,2 match=0,0,0"},
	{"etcd", "new-leader-appends", 1, "t0 follower vote=- [] commit=0",
		[]string{"timeout"},
		"C1 acted; t1 leader vote=1 [] commit=0 next=1 match=0",
		"C1 acted; t1 leader vote=1 [1] commit=1 next=1 match=0"},
	{"etcd", "commit-kept-on-restart", 3, "t3 follower vote=- [1 2] commit=2",
		[]string{"restart"},
		"; t3 follower vote=- [1 2] commit=0",
		"; t3 follower vote=- [1 2] commit=2"},
	{"hashicorp", "commit-to-log-end", 3, "t3 follower vote=- [1 2] commit=0",
		[]string{"AE t3 from 2 prev=1/1 [] commit=2"},
		"AE2 passed: t3 true; t3 follower vote=- [1 2] commit=1",
		"AE2 passed: t3 true; t3 follower vote=- [1 2] commit=2"},
	{"hashicorp", "commit-falls-with-log", 3, "t3 follower vote=- [1 1 1] commit=3",
		[]string{"AE t3 from 2 prev=1/1 [3] commit=4"},
		"AE2 passed: t3 true; t3 follower vote=- [1 3] commit=3",
		"AE2 passed: t3 true; t3 follower vote=- [1 3] commit=2 applied=3"},
	{"hashicorp", "repeated-vote-unchecked", 3, "t2 follower vote=2 [1 1] commit=0",
		[]string{"RV t2 from 2 last=1/1"},
		"RV2b refused: t2 denied; t2 follower vote=2 [1 1] commit=0",
		"RV2b passed: t2 granted; t2 follower vote=2 [1 1] commit=0"},
	{"hashicorp", "rivals-refused-under-leader", 3, "t2 follower vote=- [1] commit=0",
		[]string{"AE t2 from 2 prev=1/1 [] commit=0", "RV t3 from 3 last=1/1"},
		"RV2b passed: t3 granted; t3 follower vote=3 [1] commit=0",
		"RV1 refused: t2 denied; t2 follower vote=- [1] commit=0"},
	{"hashicorp", "rivals-refused-under-leader", 3, "t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,1,0",
		[]string{"RV t5 from 3 last=9/4"},
		"RV2b passed: t5 granted; t5 follower vote=3 [1] commit=0",
		"RV1 refused: t2 denied; t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,1,0"},
	{"hashicorp", "heartbeat-term-unread", 3, "t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0",
		[]string{"ack from 2 asked t2 says t3 refused"}, // an answer to no entries
		"A2 acted; t3 follower vote=- [1] commit=0",
		"L3 ignored; t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0"},
	{"hashicorp", "step-down-keeps-term", 3, "t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0",
		[]string{"ack from 2 asked t2 says t3 refused"},
		"A2 acted; t3 follower vote=- [1] commit=0",
		"A2 acted; t2 follower vote=1 [1] commit=0"},
	{"hashicorp", "step-down-keeps-term", 3, "t2 follower vote=1 [1] commit=0", // a late answer, once it leads no more
		[]string{"ack from 2 asked t2 says t3 refused"},
		"A2 acted; t3 follower vote=- [1] commit=0",
		"L3 ignored; t2 follower vote=1 [1] commit=0"},
	{"hashicorp", "step-down-keeps-term", 3, "t4 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0", // once it leads again
		[]string{"ack from 2 asked t2 says t5 refused"},
		"A2 acted; t5 follower vote=- [1] commit=0",
		"L3 ignored; t4 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0"},
	{"hashicorp", "late-vote-term-unread", 3, "t4 candidate vote=1 [1] commit=0 votes=1", // once it stands again
		[]string{"vote from 3 asked t2 says t5 denied"},
		"A2 acted; t5 follower vote=- [1] commit=0",
		"C2 ignored; t4 candidate vote=1 [1] commit=0 votes=1"},
	{"hashicorp", "late-vote-term-unread", 3, "t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0",
		[]string{"vote from 3 asked t2 says t3 denied"},
		"A2 acted; t3 follower vote=- [1] commit=0",
		"C2 ignored; t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0"},
	{"hashicorp", "new-leader-appends", 3, "t2 candidate vote=1 [1] commit=0 votes=1",
		[]string{"vote from 2 asked t2 says t2 granted"},
		"C2 acted; t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0",
		"C2 acted; t2 leader vote=1 [1 2] commit=0 next=2,2,2 match=0,0,0"},
}

// comesTo plays the events by those rules.
func (r implementationRow) comesTo(rules *Rules) string {
	n := nodeIn(r.size, r.was)
	n.Rules = rules
	var says string
	for _, e := range r.events {
		says = perform(n, e)
	}
	return says + "; " + show(n.State)
}

// Each deviation of the sets does by itself what its row says. If one does not,
// it is no deviation, or it leans on another of its set.
func TestImplementationsDeviate(t *testing.T) {
	for _, r := range implementationRows {
		set, _ := SetNamed(r.set)
		i := slices.IndexFunc(set.Deviations, func(d Deviation) bool { return d.Name == r.name })
		if i < 0 {
			t.Errorf("the set %s has no %s", r.set, r.name)
			continue
		}
		if got := r.comesTo(Figure2()); got != r.figure2 {
			t.Errorf("%s, %s, by Figure 2:\n  got  %s\n  want %s", r.set, r.name, got, r.figure2)
		}
		if got := r.comesTo(Figure2().With(set.Deviations[i])); got != r.deviates {
			t.Errorf("%s, %s:\n  got  %s\n  want %s", r.set, r.name, got, r.deviates)
		}
	}
}

// Every deviation of the sets has a case. If one has none, nothing shows that
// it changes anything.
func TestImplementationsAreShown(t *testing.T) {
	for _, name := range []string{"etcd", "hashicorp"} {
		set, ok := SetNamed(name)
		if !ok || len(set.Deviations) == 0 {
			t.Fatalf("there is no set %s", name)
		}
		if own, _ := SetNamed("etcd-unstored"); name == "etcd" {
			set.Deviations = append(set.Deviations, own.Deviations[len(set.Deviations):]...)
		}
		for _, d := range set.Deviations {
			if !slices.ContainsFunc(implementationRows, func(r implementationRow) bool {
				return strings.HasPrefix(r.set, name) && r.name == d.Name
			}) {
				t.Errorf("the set %s: no case shows %s", name, d.Name)
			}
		}
	}
}
