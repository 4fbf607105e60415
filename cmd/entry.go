package cmd

import (
	"errors"
	"fmt"

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
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	key, err := a.gradeKey(src)
	if err != nil {
		return a.fail(src, err)
	}
	if err := page.WriteEntry(a.stdout, key, roster); err != nil {
		return fmt.Errorf("--entry %s: %w", name, err)
	}
	return nil
}
