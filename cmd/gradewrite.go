package cmd

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/lms"
	"raftsheet/render/report"
)

// This file writes what grade is asked for: marks, reports, feedback, and the
// LMS's export.

// A gradeFile is a file that grade writes.
type gradeFile struct {
	name string
	page bool   // of the feedback: in its folder, whatever is there
	was  []byte // what was read of it, and must still be there; nil if that does not matter
	from content
}

// A graded is a class that was marked, and what has moved since an earlier run.
type graded struct {
	class *grade.Class
	moves *grade.Moves // nil where nobody asks
}

// writeGrades writes everything, all of it or none, and what goes to standard
// output last.
func (a *app) writeGrades(g *gradeCommand, in *gradeInputs, reports []gradeReport, out *graded) error {
	class := out.class
	files, err := a.feedbackPages(g, class)
	if err != nil {
		return err
	}
	shown := class // to the marker
	if g.nameless {
		shown = class.Anonymous()
	}
	var toStdout bytes.Buffer // Autolab reads the last line of the output
	for _, r := range reports {
		from := func(w io.Writer) error { return r.render(w, g, &graded{shown, out.moves}, a.pageOptions()) }
		if !r.toStdout() {
			files = append(files, gradeFile{name: r.file, from: from})
		} else if err := from(&toStdout); err != nil {
			return err
		}
	}
	filled, told, err := a.fillExport(g, in, class)
	if err != nil {
		return err
	}
	list, waits := a.reviewFile(g, in, shown)
	files, told = append(files, list...), append(told, waits...)
	if err := in.apart(g, files); err != nil {
		return err
	}
	for _, name := range in.changed(g) {
		a.tell("%s: the file has changed since it was read; the marks are by what was read", name)
	}
	if err := in.write(g, files, filled); err != nil {
		return err
	}
	for _, line := range told {
		a.tell("%s", line)
	}
	a.tellCopies(g, reports)
	if !slices.ContainsFunc(reports, gradeReport.toStdout) {
		if err := a.printMarks(g, &graded{shown, out.moves}); err != nil {
			return err
		}
	}
	_, err = a.stdout.Write(toStdout.Bytes())
	return err
}

// printMarks prints a line for each student, and then what has moved; with --quiet only
// those who have no mark.
func (a *app) printMarks(g *gradeCommand, out *graded) error {
	if a.quiet {
		if d := render.Unmarked(out.class); d != nil {
			return a.print("text", d)
		}
		return nil
	}
	if err := a.print("text", render.Marks(out.class)); err != nil || out.moves == nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	return a.print("text", render.Moves(out.moves, g.against, movesShown))
}

// movesShown is how many cells of a sheet a terminal is shown.
const movesShown = 4

// write puts all files in their places, and the filled export, if it is not nil.
func (in *gradeInputs) write(g *gradeCommand, files []gradeFile, filled []byte) error {
	return writeAll(func(o *outputs) error {
		if g.feedback != "" {
			if err := o.folder(g.feedback); err != nil {
				return err
			}
		}
		for _, f := range files {
			add := o.file
			switch {
			case f.page:
				add = o.page
			case f.was != nil:
				add = func(name string, from content) error { return o.back(name, f.was, from) }
			}
			if err := add(f.name, f.from); err != nil {
				return err
			}
		}
		if filled == nil {
			return nil
		}
		return o.back(g.into, in.export, atHand(filled))
	})
}

// render writes a report.
func (r gradeReport) render(w io.Writer, g *gradeCommand, of *graded, opt doc.Options) error {
	class := of.class
	switch format := formatOf(r.file); {
	case r.format == "json":
		return report.Grades(w, class, version(), g.reveal)
	case r.format == againstReport && format == "json":
		return report.Moves(w, of.moves)
	case r.format == againstReport:
		return doc.Write(w, format, render.Moves(of.moves, g.against, math.MaxInt), opt)
	case r.format == copiesReport && format == "json":
		return report.Copies(w, g.copies(class))
	case r.format == copiesReport:
		return doc.Write(w, format, render.Copies(g.copies(class)), opt)
	case r.format != classReport:
		return lms.Grades(w, r.format, class, lms.Options{Reveal: g.reveal, Seconds: time.Since(g.started).Seconds(), At: time.Now(), Env: os.Getenv})
	case format == "json":
		return report.Class(w, class)
	default:
		return doc.Write(w, format, render.Class(class), opt)
	}
}

// copies compares the sheets of a class, once for all reports.
func (g *gradeCommand) copies(class *grade.Class) *copies.Report {
	if g.found == nil {
		g.found = copies.Find(class)
	}
	return g.found
}

// tellCopies says in a line what was found, where to read it.
func (a *app) tellCopies(g *gradeCommand, reports []gradeReport) {
	i := slices.IndexFunc(reports, func(r gradeReport) bool { return r.format == copiesReport && !r.toStdout() })
	if i >= 0 && len(g.found.Matches) > 0 && !a.quiet {
		a.tell("%s; see %s", render.CopiesFound(g.found), reports[i].file)
	}
}

// formatOf is the format that a file name asks for: its extension, or text.
func formatOf(file string) string {
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	switch ext {
	case "htm", "html":
		return "html"
	case "md", "markdown":
		return "markdown"
	case "tex", "latex":
		return "latex"
	case "json", "pdf":
		return ext
	}
	return "text"
}

// feedbackPages gives a page for each submission, in the folder of --feedback.
func (a *app) feedbackPages(g *gradeCommand, class *grade.Class) ([]gradeFile, error) {
	if g.feedback == "" {
		return nil, nil
	}
	names, opt := newFileNames(), a.pageOptions()
	told, tell := make(map[string]bool), opt.Tell
	opt.Tell = func(what string) { // once for all pages
		if !told[what] {
			told[what] = true
			tell(what)
		}
	}
	ext := map[string]string{"text": ".txt", "markdown": ".md", "html": ".html", "latex": ".tex", "pdf": ".pdf"}[g.format]
	var pages []gradeFile
	for i := range class.Submissions {
		s := &class.Submissions[i]
		var out bytes.Buffer
		if err := doc.Write(&out, g.format, render.Feedback(s, class.KeyOf(s), g.reveal), opt); err != nil {
			return nil, err
		}
		pages = append(pages, gradeFile{name: filepath.Join(g.feedback, names.of(s)+ext), page: true, from: atHand(out.Bytes())})
	}
	return pages, nil
}

// fillExport fills the scores into the LMS's own export, the file of --into. It
// gives nil where nothing changes, and what is to be told when all is written.
func (a *app) fillExport(g *gradeCommand, in *gradeInputs, class *grade.Class) (filled []byte, told []string, err error) {
	if g.into == "" {
		return nil, nil, nil
	}
	outOf, _ := grade.ParsePoints(g.outOf) // checked before; 0 for none
	filled, report, err := lms.FillGradebook(in.export, class, lms.Filling{Column: g.column, OutOf: outOf, ZeroUnread: g.unread == "zero", Overwrite: g.over})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", g.into, err)
	}
	for _, r := range report.Remarks {
		told = append(told, fmt.Sprintf("%s: %s", g.into, r))
	}
	if lateLosers(class) {
		told = append(told, fmt.Sprintf("%s: the key takes points off late sheets; if %s does so too, turn one of them off", g.into, report.System))
	}
	if !a.quiet {
		told = append(told, fmt.Sprintf("%s: %s, column %s: %d filled in, %d left as they were",
			g.into, report.System, report.Column, report.Filled, report.Left))
	}
	if bytes.Equal(filled, in.export) {
		return nil, told, nil
	}
	return filled, told, nil
}

// lateLosers reports whether anybody has lost points for being late.
func lateLosers(class *grade.Class) bool {
	return slices.ContainsFunc(class.Submissions, func(s grade.Submission) bool {
		_, marked := s.Counts()
		return marked && s.Sheet.Penalty.Sign() > 0
	})
}
