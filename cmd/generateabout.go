package cmd

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"raftsheet/check/generate"
	"raftsheet/raft"
)

// This file says of a class's worksheets how they are made again, how hard they are, and
// what their answers cannot tell.

// about is the page beside the keys.
func (g *generateCommand) about(class *generate.Class) string {
	var late string
	switch {
	case g.roster != "":
		late = "For students who come late, add them to the roster and run the command again"
	case g.variants > 1:
		late = "For students who come late, run the command again with more --variants"
	}
	if late != "" {
		late += `: whoever has a
worksheet keeps it, and the new ones are as hard. What is added depends on what is there,
so keep this folder: from nothing, the command makes other worksheets for the late ones.

`
	}
	var alike string
	if lines := alikeLines(class); len(lines) > 0 {
		alike = "\nWhat the answers cannot tell apart:\n\n- " + strings.Join(lines, "\n- ") + "\n"
	}
	return fmt.Sprintf(`# Keys

Keep this folder to yourself: whoever has this page can make the keys again.

    %s

The seed is of format %d. variants.csv says who has which worksheet. With --key and this
folder, raftsheet grade marks each sheet against its own key.

%s%s%s`, g.againAll(), generate.Format, late, indented(spread(class, "")), alike)
}

// tellAlike says which of the misunderstandings that the user has put at stake the answers
// do not tell from others.
func (a *app) tellAlike(g *generateCommand, class *generate.Class) {
	if len(g.wish.AtStake) == 0 {
		return
	}
	for _, line := range alikeLines(class) {
		a.tell("raftsheet: note: the answers cannot tell %s", line)
	}
}

// alikeLines has a line for each misunderstanding at stake that the answers of some
// worksheets do not tell from others.
func alikeLines(class *generate.Class) []string {
	var out []string
	for _, d := range class.AtStake {
		on := make(map[string]int)
		for _, s := range class.Sheets {
			for _, group := range s.Alike {
				for _, other := range others(group, d.Name) {
					on[other]++
				}
			}
		}
		var names []string
		for _, o := range raft.Deviations() {
			if n := on[o.Name]; n > 0 && n == len(class.Sheets) {
				names = append(names, o.Name)
			} else if n > 0 {
				names = append(names, fmt.Sprintf("%s (%d of %d worksheets)", o.Name, n, len(class.Sheets)))
			}
		}
		if len(names) > 0 {
			out = append(out, fmt.Sprintf("%s from %s", d.Name, strings.Join(names, ", ")))
		}
	}
	return out
}

// indented is text as it is, in Markdown.
func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}

// spread says how hard the worksheets of a class are, and how far apart; out is where
// they are, if that is said.
func spread(class *generate.Class, out string) string {
	var b strings.Builder
	if n := len(class.Sheets); n == 1 {
		fmt.Fprint(&b, "1 worksheet")
	} else {
		fmt.Fprint(&b, n, " worksheets")
	}
	if out != "" {
		fmt.Fprintf(&b, " in %s, keys in %s", filepath.Join(out, "sheets"), filepath.Join(out, "keys"))
	}
	fmt.Fprintf(&b, "\ncells to fill in: %s\n", extent(class, func(s *generate.Sheet) int { return s.Profile.Cells() }))
	fmt.Fprintf(&b, "answers that refuse: %s\n", extent(class, func(s *generate.Sheet) int { return s.Refusals }))
	fmt.Fprintf(&b, "misunderstandings revealed: %s of %d\n", extent(class, func(s *generate.Sheet) int { return len(s.Revealed) }), len(raft.Deviations()))
	if len(class.AtStake) > 0 {
		var names []string
		for _, d := range class.AtStake {
			names = append(names, d.Name)
		}
		fmt.Fprintf(&b, "at stake: %s\n", strings.Join(names, ", "))
	}
	fmt.Fprintln(&b, "cells by the rule that decides them:")
	for _, rule := range generate.Rules() {
		if n := extent(class, func(s *generate.Sheet) int { return s.Profile[rule] }); n != "0" {
			fmt.Fprintf(&b, "  %-5s %s\n", ruleName(rule), n)
		}
	}
	if class.Alike > 0 {
		fmt.Fprintf(&b, "pairs of worksheets with the same message at the same place: %d\n", class.Alike)
	}
	return b.String()
}

// extent gives a number of each worksheet of a class: one where they agree, or the
// least and the most.
func extent(class *generate.Class, of func(*generate.Sheet) int) string {
	lo, hi := of(class.Sheets[0]), of(class.Sheets[0])
	for _, s := range class.Sheets[1:] {
		lo, hi = min(lo, of(s)), max(hi, of(s))
	}
	if lo == hi {
		return strconv.Itoa(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}
