package trace

import (
	"os"
	"strings"
	"testing"

	"raftsheet/raft"
)

func readScheme(text string) (*Scheme, error) {
	s, _, err := ReadScheme("s.yaml", strings.NewReader(text), DefaultLimits())
	return s, err
}

// A scheme says what it says. If this fails, sheets are marked otherwise than their
// instructor wrote.
func TestReadScheme(t *testing.T) {
	data, err := os.ReadFile("../examples/grading/own/scheme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := readScheme(string(data))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case s.Title != "A story of your own", len(s.Names) != 5, s.Cells.Points.Value != "60", s.Cells.Least != 20, s.Cells.State.Value != "0.5", s.Cells.Answer.Given(),
		s.Cost.Costs.Value != "2", s.Cost.Most.Value != "10", s.Late.Value != "10%", s.Follow.Given(), len(s.Must) != 5:
		t.Errorf("the scheme is read as %+v", s)
	}
	first, rule := s.Must[0], s.Must[2]
	if first.Of != Elections || first.Times != 2 || first.Points.Value != "6" {
		t.Errorf("the first criterion is read as %+v", first)
	}
	if rule.Of != RuleDecides || rule.Times != 1 || rule.Rule != raft.AE2 || rule.Outcome != raft.Refused || rule.Says != "an entry refused for want of the one before" {
		t.Errorf("the criterion of a rule is read as %+v", rule)
	}
}

// How a rule decides where a scheme does not say it: a check refuses, any other
// rule acts.
func TestSchemeOutcomes(t *testing.T) {
	for rule, want := range map[string]raft.Outcome{"AE1": raft.Refused, "AE2": raft.Refused, "RV1": raft.Refused, "RV2a": raft.Refused, "RV2b": raft.Refused,
		"IS1": raft.Refused, "AE3": raft.Acted, "L4": raft.Acted, "C3": raft.Acted, "AE2, outcome: passed": raft.Passed, "outcome: ignored, rule: C2": raft.Ignored} {
		text := "rule: " + rule
		if strings.Contains(rule, "rule:") {
			text = rule
		}
		s, err := readScheme("must: [{" + text + ", points: 1}]")
		if err != nil {
			t.Fatal(err)
		}
		if s.Must[0].Outcome != want {
			t.Errorf("%s counts where it has %v; it should be %v", text, s.Must[0].Outcome, want)
		}
	}
}

// What is wrong with a scheme is told with its place, and what would be right.
func TestSchemeErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "s.yaml:1:1: the file has no scheme"},
		{"title: x", "s.yaml:1:1: this scheme gives no points; write cells:, must:, or both"},
		{"cells: 60", "s.yaml:1:8: cells is \"60\" here; it takes keys, such as points: 60"},
		{"cells: {least: 3}", "s.yaml:1:8: cells needs its points"},
		{"cells: {points: }", "s.yaml:1:17: points is left blank"},
		{"must:\n- {elections: 2, points: }", "s.yaml:2:26: points is left blank"},
		{"cells: {points: -1}", "s.yaml:1:17: points: \"-1\" is not a number of points"},
		{"cells: {points: 1, least: 0}", "s.yaml:1:27: least: 0: write a number from 1 to 100000"},
		{"cells: {points: 1, answer: 0, term: 0.0, state: 0}", "s.yaml:1:28: answer, term and state all weigh 0"},
		{"cell: {points: 60}", "s.yaml:1:1: unknown key \"cell\"; did you mean \"cells\"?"},
		{"cells: {points: 1}\ncells: {points: 1}", "s.yaml:2:1: the key \"cells\" is repeated"},
		{"must: {elections: 2}", "s.yaml:1:7: must is a mapping here; it takes a list, such as [{elections: 2, points: 4}]"},
		{"must:\n- {election: 2, points: 4}", "s.yaml:2:4: unknown key \"election\"; did you mean \"elections\"?"},
		{"must:\n- {elections: 2}", "s.yaml:2:3: a criterion needs its points"},
		{"must:\n- {points: 2}", "s.yaml:2:3: this criterion does not say what a sheet must contain; write one of rule, elections, splitVotes"},
		{"must:\n- {elections: 0, points: 2}", "s.yaml:2:15: elections: 0: write a number from 1 to 100000"},
		{"must:\n- {elections: two, points: 2}", "s.yaml:2:15: elections: \"two\" is not a whole number"},
		{"must:\n- {elections: 1, crashes: 1, points: 2}", "s.yaml:2:18: crashes: this criterion counts elections already"},
		{"must:\n- {elections: 1, times: 1, points: 2}", "s.yaml:2:25: times goes with rule"},
		{"must:\n- {elections: 1, outcome: acted, points: 2}", "s.yaml:2:27: outcome goes with rule"},
		{"must:\n- {rule: AE9, points: 2}", "s.yaml:2:10: rule: \"AE9\" is not a rule of Figure 2 or 13; did you mean AE1?"},
		{"must:\n- {rule: AE2, outcome: no, points: 2}", "s.yaml:2:24: outcome: \"no\" is not a way in which AE2 decides; write passed, refused"},
		{"must:\n- {rule: AE3, outcome: refused, points: 2}", "s.yaml:2:24: outcome: \"refused\" is not a way in which AE3 decides; write acted, idle, ignored"},
		{"impossible: {most: 2}\ncells: {points: 1}", "s.yaml:1:13: impossible needs costs"},
		{"nodes: 99\ncells: {points: 1}", "s.yaml:1:8: nodes: 99: a cluster has 1 to 64 nodes"},
		{"cells: {points: 1}\nsteps: []", "s.yaml:2:1: a scheme has no steps: each sheet is marked by its own. To mark against this trace, name it with --key"},
		{"nodes: 3\nsteps: []", "s.yaml:2:1: a scheme has no steps"},
		{"cells: {points: 1}\n---\ncells: {points: 1}", "s.yaml:3:1: a scheme is one document, and here a second one begins"},
		{"cells: {points: 1", "s.yaml:1:"},
		{"cells: &a {points: 1}\nmust: [*a, *b]", "s.yaml:2:"},
	} {
		s, err := readScheme(c.text)
		if err == nil {
			t.Errorf("%q is read as %+v; it should not be: %s", c.text, s, c.want)
			continue
		}
		if !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n%v\nit should be\n%s", c.text, err, c.want)
		}
		if strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%q has more than one error:\n%v", c.text, err)
		}
	}
}

// Each feature has a name of its own, and words for one and for several.
func TestFeatures(t *testing.T) {
	seen := make(map[string]bool)
	for i, f := range Features() {
		if f.Feature != Feature(i) || f.Name == "" || f.Text == "" || seen[f.Name] || f.Feature != RuleDecides && (f.One == "" || f.Many == "") {
			t.Errorf("row %d is %+v", i, f)
		}
		seen[f.Name] = true
	}
}

// No text ends the program, and what is read has all that a scheme needs.
func FuzzReadScheme(f *testing.F) {
	data, err := os.ReadFile("../examples/grading/own/scheme.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("must: [{rule: AE2, times: 3, points: 1.5}]\nnodes: [A, B]\nfollowThrough: none")
	f.Add("cells: &a {points: *a}")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readScheme(text)
		if (s == nil) == (err == nil) {
			t.Fatalf("read as %v, with the errors %v", s, err)
		}
		if s == nil {
			return
		}
		for _, c := range s.Must {
			if c.Times < 1 || !c.Points.Given() || (c.Of == RuleDecides) != (c.Rule != raft.NoRule) {
				t.Errorf("a criterion is read as %+v", c)
			}
		}
	})
}

// A scheme in a folder of traces is no trace, though it has a title and nodes; named,
// it is an error that says what to do with it.
func TestSchemeIsForeign(t *testing.T) {
	for text, foreign := range map[string]bool{
		"title: A story\nnodes: 5\ncells: {points: 60}\nmust:\n  - {elections: 1, points: 1}\n": true,
		"title: A story\nnodes: 5\n":                                false,
		"nodes: 5\nsteps:\n  - {timeout: 1}\ncells: {points: 60}\n": false,
	} {
		if f, _ := Parse("s.yaml", []byte(text), DefaultLimits()); f.IsForeign() != foreign {
			t.Errorf("foreign is %v of\n%s", !foreign, text)
		}
	}
}
