package raft

import (
	"slices"
	"strings"
	"testing"
)

// The lines of the notes make the deviations of the set, and no others: one that
// no line makes would be of nobody's making.
func TestNotesLines(t *testing.T) {
	notes, ok := SetNamed("notes")
	if !ok {
		t.Fatal("there are no rules named notes")
	}
	var made []string
	for _, l := range notes.Lines {
		if l.Departs != "" {
			made = append(made, strings.Split(l.Departs, ",")...)
		}
	}
	var set []string
	for _, d := range notes.Deviations {
		set = append(set, d.Name)
		if !slices.Contains(made, d.Name) {
			t.Errorf("%s (%s): no line of the notes makes it", d.Name, d.Rule)
		}
	}
	for _, name := range made {
		if !slices.Contains(set, name) {
			t.Errorf("%s: a line of the notes makes it, and the set does not have it", name)
		}
	}
}

// Every member of a set can be named alone, and is listed once among the names:
// otherwise nobody could declare an implementation that has some of them.
func TestMembersNamedAlone(t *testing.T) {
	names := RulesNames()
	for _, s := range Sets() {
		for _, d := range s.Deviations {
			rules, err := RulesNamed(d.Name)
			if err != nil || rules.Name != d.Name {
				t.Errorf("%s of %s cannot be named alone: %v", d.Name, s.Name, err)
			}
			if n := count(names, d.Name); n != 1 {
				t.Errorf("%s of %s is %d times among the names", d.Name, s.Name, n)
			}
			if named, ok := DeviationNamed(d.Name); !ok || named.Rule != d.Rule {
				t.Errorf("%s of %s: by its name it is %+v", d.Name, s.Name, named)
			}
		}
	}
}

func count(names []string, name string) (n int) {
	for _, other := range names {
		if other == name {
			n++
		}
	}
	return n
}

// Every deviation has its words, its rule is one of the figure's, and no two
// share a name.
func TestCatalogueRows(t *testing.T) {
	seen := make(map[string]bool)
	for _, d := range Deviations() {
		if seen[d.Name] {
			t.Errorf("%s: two rows have this name", d.Name)
		}
		seen[d.Name] = true
		if d.Believed == "" || d.Wrong == "" || !strings.HasPrefix(d.Section, "5.") || d.apply == nil {
			t.Errorf("%s (%s): something of its row is missing: %+v", d.Name, d.Rule, d)
		}
		for _, rule := range strings.Fields(d.Rule) {
			if _, ok := RuleNamed(rule); !ok && !slices.Contains([]string{"persistent", "volatile"}, rule) {
				t.Errorf("%s: there is no rule %s", d.Name, rule)
			}
		}
	}
}
