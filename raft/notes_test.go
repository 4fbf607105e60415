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
