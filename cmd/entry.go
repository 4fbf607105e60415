package cmd

import (
	"errors"
	"fmt"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/render/page"
)

// This file has blank's page for those who mark sheets on paper.

// entryFlags refuses flags that do not go together.
func entryFlags(entry bool, roster, format string, keys int) error {
	switch {
	case !entry && roster != "":
		return errors.New("--roster goes with --entry, the page on which sheets on paper are typed in")
	case entry && keys == 0:
		return errors.New("--entry needs a KEY, whose right answers stand on the page")
	case entry && format != pageFormat:
		return fmt.Errorf("--entry makes a page; add --format %s", pageFormat)
	}
	return nil
}

// entryPage prints the page on which the sheets of a class are typed in.
func (a *app) entryPage(name, rosterName string) error {
	if err := a.asksByKey(); err != nil {
		return err
	}
	var roster *intake.Roster
	if rosterName != "" {
		var err error
		if roster, err = readRoster(rosterName, a.maxBytes); err != nil {
			return err
		}
	}
	_, keys, err := a.keysOf(name)
	if err != nil {
		return err
	}
	a.tellUnassigned(name, keys, roster)
	if err := page.WriteEntry(a.stdout, keys, roster); err != nil {
		return fmt.Errorf("--entry %s: %w", name, err)
	}
	return nil
}

// tellUnassigned says of how many students nobody knows the variant.
func (a *app) tellUnassigned(name string, keys *grade.Keys, roster *intake.Roster) {
	if roster == nil {
		return
	}
	n := 0
	for _, s := range roster.Students {
		if keys.OfStudent(s, roster) == nil {
			n++
		}
	}
	if n > 0 {
		a.tell("raftsheet: note: %d of the %d students in the roster have no variant among the keys of %s; the page asks for it, sheet by sheet. A roster with a column variant says it, such as the variants.csv that generate writes", n, len(roster.Students), shownName(name))
	}
}
