package cmd

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
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

// generateAll makes the worksheets of a class that are not there yet, or one, with their
// keys, and writes all of them or none.
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
	there, err := a.earlier(g)
	if err != nil {
		return err
	}
	seats, err := a.seats(g, there)
	if err != nil {
		return err
	}
	class, err := a.makeAll(g, there, len(seats))
	if err != nil {
		return err
	}
	if err := writeAll(func(o *outputs) error { return a.writeClass(o, g, there, seats, class) }); err != nil {
		return err
	}
	return a.tellClass(g, there, class)
}

// tellClass says what was made, and what is not quite as it should be.
func (a *app) tellClass(g *generateCommand, there *earlier, class *generate.Class) error {
	if uneven := class.Uneven(); len(uneven) > 0 {
		names := make([]string, len(uneven))
		for i, rule := range uneven {
			names[i] = ruleName(rule)
		}
		text := "raftsheet: note: these worksheets are not quite equally hard (see %s)"
		if len(there.variants) == 0 {
			text += "; another seed may do better"
		}
		a.tell(text, strings.Join(names, ", "))
	}
	a.tellAlike(g, class)
	if a.quiet {
		return nil
	}
	if old := len(there.variants); old > 0 {
		a.tell("raftsheet: note: %d of these were there, and are kept; %d are new", old, len(class.Sheets)-old)
	}
	_, err := fmt.Fprint(a.stdout, spread(class, g.out))
	return err
}

// ruleName names what decides a cell.
func ruleName(rule raft.Rule) string { return cmp.Or(rule.String(), "none") }

// makeAll makes n worksheets besides those that are there.
func (a *app) makeAll(g *generateCommand, there *earlier, n int) (*generate.Class, error) {
	if len(there.variants) > 0 {
		return generate.Join(g.wish, g.seed, there.traces(), n)
	}
	if n > 1 || g.roster != "" {
		return generate.NewClass(g.wish, g.seed, n)
	}
	sheet, err := a.makeOne(g)
	if err != nil {
		return nil, err
	}
	return &generate.Class{Sheets: []*generate.Sheet{sheet}, AtStake: g.wish.AtStake}, nil
}

// seats gives whose worksheets are made: the students of the roster, or numbers, but for
// those whose worksheets are there.
func (a *app) seats(g *generateCommand, there *earlier) ([]seat, error) {
	if g.variants < 0 || g.variants > mostVariants {
		return nil, fmt.Errorf("--variants %d: it takes 1 to %d", g.variants, mostVariants)
	}
	names := newFileNames()
	for _, variant := range there.variants {
		names.unique(variant)
	}
	if g.roster == "" {
		n := max(1, g.variants)
		var seats []seat
		for i := len(there.variants); i < n; i++ {
			seats = append(seats, seat{variant: names.unique(fmt.Sprintf("%0*d", len(strconv.Itoa(n)), i+1))})
		}
		return seats, nil
	}
	return a.seatsOf(g, there, names)
}

// seatsOf gives the students of the roster who have no worksheet yet.
func (a *app) seatsOf(g *generateCommand, there *earlier, names fileNames) ([]seat, error) {
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
	var seats []seat
	absent := slices.Clone(there.variants)
	for _, s := range roster.Students {
		if variant, ok := there.of(s); ok {
			absent = slices.DeleteFunc(absent, func(v string) bool { return v == variant })
			continue
		}
		seats = append(seats, seat{names.unique(portable(cmp.Or(s.SIS, s.ID, s.Login, s.Email, s.Name))), s})
	}
	if len(absent) > 0 {
		a.tell("raftsheet: note: nobody in %s has these worksheets, which are kept: %s", g.roster, strings.Join(absent, ", "))
	}
	return seats, nil
}

// writeClass adds the worksheets of a class and their keys to what is written. Of those
// that are there, it adds what this format lacks.
func (a *app) writeClass(o *outputs, g *generateCommand, there *earlier, seats []seat, class *generate.Class) error {
	keys := filepath.Join(g.out, "keys")
	for _, folder := range []string{keys, filepath.Join(g.out, "sheets")} {
		if err := o.folder(folder); err != nil {
			return err
		}
	}
	for i, key := range there.keys {
		if err := a.writeSheet(o, g, there.variants[i], key); err != nil {
			return err
		}
	}
	for i, s := range seats {
		if err := a.writeNew(o, g, s.variant, class.Sheets[len(there.keys)+i].Trace); err != nil {
			return err
		}
	}
	if len(seats) == 0 {
		return nil
	}
	if err := o.page(filepath.Join(keys, "README.md"), atHand([]byte(g.about(class)))); err != nil {
		return err
	}
	list, err := there.listWith(seats)
	if err != nil {
		return fmt.Errorf("%s: %w", keys, err)
	}
	return o.page(filepath.Join(keys, "variants.csv"), atHand(list))
}

// writeNew adds a worksheet and its key.
func (a *app) writeNew(o *outputs, g *generateCommand, variant string, t *trace.Trace) error {
	t.Variant = variant
	key, data, err := a.keyOfSheet(g, t)
	if err != nil {
		return err
	}
	if err := o.missing(filepath.Join(g.out, "keys", variant+".yaml"), atHand(data)); err != nil {
		return err
	}
	return a.writeSheet(o, g, variant, key)
}

// writeSheet adds the worksheet of a key.
func (a *app) writeSheet(o *outputs, g *generateCommand, name string, key *grade.Key) error {
	to := func(folder, format, ext string) error {
		file := filepath.Join(g.out, folder, name+ext)
		if _, err := os.Lstat(file); err == nil {
			return nil // it may be handed out
		}
		var b bytes.Buffer
		on := *a
		on.stdout = &b
		if err := on.handOut(name, []*grade.Key{key}, format); err != nil {
			return err
		}
		return o.missing(file, atHand(b.Bytes()))
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
