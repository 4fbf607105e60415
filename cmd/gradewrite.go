package cmd

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/lms"
	"raftsheet/render/report"
)

// This file writes what grade is asked for: marks, reports, feedback, and the
// LMS's export.

// writeGrades writes everything, and what goes to standard output last.
func (a *app) writeGrades(g *gradeCommand, reports []gradeReport, class *grade.Class) error {
	if err := a.writeFeedback(g, class); err != nil {
		return err
	}
	if err := a.fillExport(g, class); err != nil {
		return err
	}
	toStdout := slices.ContainsFunc(reports, gradeReport.toStdout)
	if !toStdout && !a.quiet {
		if err := a.print("text", render.Marks(class)); err != nil {
			return err
		}
	}
	for _, last := range []bool{false, true} { // Autolab reads the last line of the output
		for _, r := range reports {
			if r.toStdout() != last {
				continue
			}
			if err := a.writeReport(g, r, class); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeReport writes one report to its file.
func (a *app) writeReport(g *gradeCommand, r gradeReport, class *grade.Class) error {
	var out bytes.Buffer
	var err error
	switch format := classFormat(r.file); {
	case r.format == "json":
		err = report.Grades(&out, class, g.reveal)
	case r.format != classReport:
		err = lms.Grades(&out, r.format, class, g.reveal)
	case format == "json":
		err = report.Class(&out, class)
	default:
		err = doc.Write(&out, format, render.Class(class), doc.Options{})
	}
	if err != nil {
		return err
	}
	if r.toStdout() {
		_, err := a.stdout.Write(out.Bytes())
		return err
	}
	return writeFile(r.file, out.Bytes())
}

// classFormat is the format that a file name asks for: its extension, or text.
func classFormat(file string) string {
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	switch ext {
	case "htm", "html":
		return "html"
	case "md", "markdown":
		return "markdown"
	case "json":
		return ext
	}
	return "text"
}

// writeFeedback writes a file for each submission into the folder of --feedback,
// which it makes.
func (a *app) writeFeedback(g *gradeCommand, class *grade.Class) error {
	if g.feedback == "" {
		return nil
	}
	if err := makeFolder(g.feedback); err != nil {
		return err
	}
	names := newFileNames()
	for i := range class.Submissions {
		s := &class.Submissions[i]
		var out bytes.Buffer
		if err := doc.Write(&out, g.format, render.Feedback(s, class.Key, g.reveal), doc.Options{}); err != nil {
			return err
		}
		ext := map[string]string{"text": ".txt", "markdown": ".md", "html": ".html"}[g.format]
		if err := placeFile(filepath.Join(g.feedback, names.of(s)+ext), out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// fillExport fills the scores into the LMS's own export, the file of --into.
func (a *app) fillExport(g *gradeCommand, class *grade.Class) error {
	if g.into == "" {
		return nil
	}
	if err := replaceable("--into", g.into); err != nil {
		return err
	}
	export, err := readAtMost(g.into, a.maxBytes)
	if err != nil {
		return err
	}
	filled, report, err := lms.FillGradebook(export, class, g.column)
	if err != nil {
		return fmt.Errorf("%s: %w", g.into, err)
	}
	for _, r := range report.Remarks {
		a.tell("%s: %s", g.into, r)
	}
	if !a.quiet {
		a.tell("%s: %s, column %s: %d filled in, %d left as they were",
			g.into, report.System, report.Column, report.Filled, report.Left)
	}
	if bytes.Equal(filled, export) {
		return nil
	}
	return writeBack(g.into, export, filled)
}
