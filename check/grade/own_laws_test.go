package grade

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace/edit"
)

// This file has the laws of sheets that are marked by their own messages.

// What cannot be read is never a mark: whatever value of a sheet is made illegible,
// the sheet as it was meant lies in the range that is left to an instructor.
func TestIllegibleIsARange(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 60, state: 0.5}\nmust: [{elections: 2, points: 6}, {refusedVotes: 1, points: 4}, {truncations: 1, points: 4}, {lostMessages: 6, points: 2}]\nimpossible: {costs: 2}")
	sheets := map[string]string{"story": story}
	for _, name := range []string{"grading/own/ada.yaml", "grading/own/ben.yaml"} {
		data, err := os.ReadFile(examples + name)
		if err != nil {
			t.Fatal(err)
		}
		sheets[name] = strings.Replace(string(data), "maybe", "ok", 1)
	}
	value := regexp.MustCompile(`[:,\[] *([a-z0-9]+)[,}\]]`)
	for name, sheet := range sheets {
		meant := sheetOf(t, sc, sheet)
		for _, at := range value.FindAllStringSubmatchIndex(sheet, -1) {
			if strings.HasSuffix(sheet[:at[0]], " value") {
				continue // a command may be anything
			}
			s := ownOf(sc, sheet[:at[2]]+"§"+sheet[at[3]:])
			r, marked := s.Counts()
			if !marked && s.Errors == nil {
				t.Errorf("%s: with %q illegible the sheet is %s: %s", name, sheet[at[2]:at[3]], s.Outcome, s.Why)
			}
			if marked && (r.Least.Cmp(meant.Counted) > 0 || r.Most.Cmp(meant.Counted) < 0) {
				line := strings.Count(sheet[:at[0]], "\n") + 1
				t.Errorf("%s: with %q of line %d illegible the sheet comes to %v; as it was meant to %v\n%v", name, sheet[at[2]:at[3]], line, r, meant.Counted, s.Sheet.Reviews)
			}
		}
	}
}

// No sheet of which something is illegible ends in anything but marks, or errors that
// say what cannot be read.
func TestIllegibleRandomSheets(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 60, least: 10}\nimpossible: {costs: 2}\nmust: [{elections: 1, points: 3}, {splitVotes: 1, points: 1}, {rule: AE3, points: 2}]")
	word := regexp.MustCompile(`[a-zA-Z0-9]+`)
	checktest.OnTraces(t, func(t *rapid.T, _ *replay.Run, text string) {
		words := word.FindAllStringIndex(text, -1)
		for range 3 {
			at := words[rapid.IntRange(0, len(words)-1).Draw(t, "word")]
			s := ownOf(sc, text[:at[0]]+"§"+text[at[1]:])
			r, marked := s.Counts()
			if !marked && s.Errors == nil || marked && (r.Least.Cmp(r.Most) > 0 || r.Most.Cmp(sc.Max) > 0 || r.Least.Sign() < 0) {
				t.Fatalf("with %q illegible the sheet is %s, %s, and comes to %v\n%s", text[at[0]:at[1]], s.Outcome, s.Why, r, text)
			}
		}
	})
}

// Who writes the truth has all points of the cells; and one answer that is wrong then
// costs its share, and no other cell's.
func TestLawsOfOwnSheets(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 60, state: 0.5}\nimpossible: {costs: 2, most: 7}\nmust: [{elections: 1, points: 3}]")
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		s := sheetOf(t, sc, text)
		_, through, most := s.CellPoints()
		off, _ := s.Deducted()
		if through.Cmp(Whole(60)) > 0 || most.Cmp(Whole(60)) > 0 || off.Cmp(Whole(7)) > 0 || s.Counted.Sign() < 0 {
			t.Fatalf("the cells come to %v to %v of 60, and %v is taken off\n%s", through, most, off, text)
		}
		_, sheet := checktest.MustParse(t, rightly(t, text))
		k, err := sc.keyOf(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if len(k.Cells) == 0 {
			return
		}
		right := k.markOwn(&reading{trace: k.Trace}, false)
		if strict, _, _ := right.CellPoints(); strict.Cmp(Whole(60)) != 0 {
			t.Fatalf("who writes the truth has %v of 60: %s\n%s", strict, verdicts(right), text)
		}
		i := rapid.IntRange(0, len(k.Cells)-1).Draw(t, "cell")
		c := &k.Cells[i]
		said := k.Trace.Steps[c.Step-1].Response
		if c.Field != item.Outcome || said.Cell(c.Node) == nil || said.Cell(c.Node) == said.Others || !said.Cell(c.Node).OK.Given() {
			return
		}
		cell := said.Cell(c.Node)
		cell.OK.Value = !cell.OK.Value
		wrong := k.markOwn(&reading{trace: k.Trace}, false)
		strict, _, _ := wrong.CellPoints()
		if cost := Whole(60).Minus(strict); cost.Cmp(c.Points) != 0 {
			t.Fatalf("one wrong answer, of %v points, costs %v\n%s", c.Points, cost, text)
		}
	})
}

// rightly gives a sheet with Figure 2's answers in all of its cells.
func rightly(t *rapid.T, text string) string {
	f, tr := checktest.MustParse(t, text)
	run, err := check.Replay(tr, checktest.MustReplay(t, text).Rules)
	if err != nil {
		t.Fatal(err)
	}
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{Correct: true}); err != nil {
		t.Fatal(err)
	}
	data, err := ed.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
