package cmd

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"raftsheet/check/generate"
	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/raft"
	"raftsheet/render/lms/quiz"
	"raftsheet/trace"
)

// This file has generate write worksheets and keys to a folder.

// mostVariants bounds a class.
const mostVariants = 1000

// A seat is whose worksheet is made.
type seat struct {
	variant string // its name, and that of its files
	student intake.Student
}

// generateAll makes all worksheets of a class, or one, with their keys, and writes all of
// them or none.
func (a *app) generateAll(g *generateCommand) error {
	if err := known("format", g.format, blankFormats()); err != nil {
		return err
	}
	if err := a.knownPaper(g.format); err != nil {
		return err
	}
	if g.key != "" {
		return fmt.Errorf("with --out keys go to %s; leave --key out", filepath.Join(g.out, "keys"))
	}
	seats, err := a.seats(g)
	if err != nil {
		return err
	}
	if err := g.strangers(seats); err != nil {
		return err
	}
	class, err := a.makeAll(g, len(seats))
	if err != nil {
		return err
	}
	if err := writeAll(func(o *outputs) error { return a.writeClass(o, g, seats, class) }); err != nil {
		return err
	}
	if uneven := class.Uneven(); len(uneven) > 0 {
		names := make([]string, len(uneven))
		for i, rule := range uneven {
			names[i] = ruleName(rule)
		}
		a.tell("raftsheet: note: these worksheets are not quite equally hard (see %s); another seed may do better", strings.Join(names, ", "))
	}
	_, err = fmt.Fprint(a.stdout, spread(class, g.out))
	return err
}

// ruleName names what decides a cell.
func ruleName(rule raft.Rule) string { return cmp.Or(rule.String(), "none") }

// strangers refuses a folder with keys or worksheets of another run, which would be
// taken for those of this one.
func (g *generateCommand) strangers(seats []seat) error {
	for _, folder := range []string{"keys", "sheets"} {
		there, err := os.ReadDir(filepath.Join(g.out, folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: %s", filepath.Join(g.out, folder), systemText(err))
		}
		for _, f := range there {
			name, isTrace := strings.CutSuffix(f.Name(), ".yaml")
			if isTrace && !slices.ContainsFunc(seats, func(s seat) bool { return s.variant == name }) {
				return fmt.Errorf("%s is of another run; give --out a new folder", filepath.Join(g.out, folder, f.Name()))
			}
		}
	}
	return nil
}

// makeAll makes n worksheets.
func (a *app) makeAll(g *generateCommand, n int) (*generate.Class, error) {
	if n > 1 || g.roster != "" {
		return generate.NewClass(g.wish, g.seed, n)
	}
	sheet, err := a.makeOne(g)
	if err != nil {
		return nil, err
	}
	return &generate.Class{Sheets: []*generate.Sheet{sheet}, AtStake: g.wish.AtStake}, nil
}

// seats gives whose worksheets are made: the students of the roster, or numbers.
func (a *app) seats(g *generateCommand) ([]seat, error) {
	if g.variants < 0 || g.variants > mostVariants {
		return nil, fmt.Errorf("--variants %d: it takes 1 to %d", g.variants, mostVariants)
	}
	if g.roster == "" {
		n := max(1, g.variants)
		seats := make([]seat, n)
		for i := range seats {
			seats[i].variant = fmt.Sprintf("%0*d", len(strconv.Itoa(n)), i+1)
		}
		return seats, nil
	}
	roster, err := readRoster(g.roster, a.maxBytes)
	if err != nil {
		return nil, err
	}
	n := len(roster.Students)
	if g.variants != 0 && g.variants != n {
		return nil, fmt.Errorf("--variants %d: the roster lists %d students; leave --variants out", g.variants, n)
	}
	if n > mostVariants {
		return nil, fmt.Errorf("--roster %s: it lists %d students; the limit is %d", g.roster, n, mostVariants)
	}
	names := newFileNames()
	seats := make([]seat, n)
	for i, s := range roster.Students {
		seats[i] = seat{names.unique(portable(cmp.Or(s.SIS, s.ID, s.Login, s.Email, s.Name))), s}
	}
	return seats, nil
}

// writeClass adds the worksheets of a class and their keys to what is written.
func (a *app) writeClass(o *outputs, g *generateCommand, seats []seat, class *generate.Class) error {
	keys := filepath.Join(g.out, "keys")
	for _, folder := range []string{keys, filepath.Join(g.out, "sheets")} {
		if err := o.folder(folder); err != nil {
			return err
		}
	}
	for i, s := range seats {
		t := class.Sheets[i].Trace
		t.Variant = s.variant
		if err := a.writeSheet(o, g, s.variant, t); err != nil {
			return err
		}
	}
	if err := o.page(filepath.Join(keys, "README.md"), atHand([]byte(g.about(class)))); err != nil {
		return err
	}
	return o.page(filepath.Join(keys, "variants.csv"), atHand(seatList(seats)))
}

// writeSheet adds a worksheet and its key.
func (a *app) writeSheet(o *outputs, g *generateCommand, name string, t *trace.Trace) error {
	key, data, err := a.keyOfSheet(g, t)
	if err != nil {
		return err
	}
	if err := o.page(filepath.Join(g.out, "keys", name+".yaml"), atHand(data)); err != nil {
		return err
	}
	to := func(folder, format, ext string) error {
		var b bytes.Buffer
		on := *a
		on.stdout = &b
		if err := on.handOut(name, []*grade.Key{key}, format); err != nil {
			return err
		}
		return o.page(filepath.Join(g.out, folder, name+ext), atHand(b.Bytes()))
	}
	if err := to("sheets", "yaml", ".yaml"); err != nil || g.format == "yaml" {
		return err
	}
	folder := "sheets"
	if slices.Contains(quiz.Formats(), g.format) {
		folder = "keys" // an LMS is given the answers too
	}
	return to(folder, g.format, sheetExt(g.format))
}

// sheetExt is the extension of a worksheet's file in a format.
func sheetExt(format string) string {
	switch format {
	case "markdown":
		return ".md"
	case "latex":
		return ".tex"
	case "table", "gift":
		return ".txt"
	case "moodle-xml":
		return ".xml"
	case "qti":
		return ".zip"
	}
	return "." + format
}

// seatList is a roster with a column for the variants. Without students, their names are
// for an instructor to write in.
func seatList(seats []seat) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"variant", "name", "id", "SIS User ID", "login", "email"})
	for _, s := range seats {
		w.Write([]string{s.variant, s.student.Name, s.student.ID, s.student.SIS, s.student.Login, s.student.Email})
	}
	w.Flush()
	return b.Bytes()
}

// about is the page beside the keys: how they are made again, and how hard the
// worksheets are.
func (g *generateCommand) about(class *generate.Class) string {
	return fmt.Sprintf(`# Keys

Keep this folder to yourself: whoever has this page can make the keys again.

    %s

The seed is of format %d. variants.csv says who has which worksheet. With --key and this
folder, raftsheet grade marks each sheet against its own key.

%s`, g.again(), generate.Format, indented(spread(class, "")))
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
	fmt.Fprintf(&b, "answers that refuse: %s\n", extent(class, (*generate.Sheet).Refusals))
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
