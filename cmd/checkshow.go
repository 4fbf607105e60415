package cmd

import (
	"os"
	"slices"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/report"
	"raftsheet/trace/mend"
)

// checked shows what checking files comes to, as they are done. It keeps none of
// them.
type checked struct {
	a       *app
	opt     render.CheckOptions
	sum     check.Summary
	stream  *doc.Stream     // in a document's format; nil for a report's
	report  report.Checking // in a report's; nil for a document's
	errors  *doc.Document   // what is malformed, for standard error at the end; nil where the output has it
	summary *doc.Document   // for the page of a workflow's run; nil for none
}

// showChecked begins the output of check.
func (a *app) showChecked(how checkFlags) (*checked, error) {
	c := &checked{a: a, opt: render.CheckOptions{Notes: how.notes, Quiet: a.quiet, Malformed: how.format != "text", ReadOnly: how.syntax}}
	title := &doc.Document{Title: render.CheckTitle}
	var err error
	if slices.Contains(doc.Formats(), how.format) {
		c.stream, err = doc.NewStream(a.stdout, how.format, title, a.textOptions(a.stdout))
	} else {
		c.report, err = report.NewCheck(a.stdout, how.format)
	}
	if how.format == "text" {
		c.errors = &doc.Document{}
	}
	if how.format == "github" && os.Getenv(summaryVariable) != "" {
		c.summary = title
	}
	return c, err
}

// add shows one file more.
func (c *checked) add(f *check.File) error {
	c.a.worse(verdict(f))
	c.sum.Add(f)
	opt := c.opt
	opt.Mends = mends(f)
	if c.errors != nil {
		c.errors.Add(malformed(f, opt.Mends[f])...)
	}
	if c.summary != nil {
		c.summary.Add(render.CheckFile(f, opt)...)
	}
	if c.stream != nil {
		return c.stream.Add(render.CheckFile(f, opt)...)
	}
	return c.report.Add(f, report.CheckOptions{Notes: opt.Notes, Quiet: opt.Quiet, Diagnoses: opt.Diagnoses, Mends: opt.Mends})
}

// end shows what all of them come to.
func (c *checked) end() error {
	totals := render.CheckTotals(c.sum, c.opt)
	if c.stream != nil {
		if err := c.stream.Add(totals...); err != nil {
			return err
		}
		if err := c.stream.Close(); err != nil || c.errors == nil {
			return err
		}
		return c.a.printTo(c.a.stderr, "text", c.errors)
	}
	if c.summary != nil {
		c.summary.Add(totals...)
		c.a.summarize(c.summary)
	}
	return c.report.Close(report.CheckOptions{Notes: c.opt.Notes, Quiet: c.opt.Quiet})
}

// mends are the slips that keep a file from being read, set right: suggestions.
func mends(f *check.File) map[*check.File][]mend.Change {
	if f.Source == nil || len(f.Errors) == 0 {
		return nil
	}
	return map[*check.File][]mend.Change{f: mend.Mend(f.Name, f.Source.Bytes()).Changes}
}

// malformed is what keeps a file, or documents of it, from being replayed.
func malformed(f *check.File, mends []mend.Change) []doc.Block {
	return append(render.Errors(f.Source, f.Stopped()).Blocks, render.Mends(f.Name, mends)...)
}

// showErrors shows what is malformed on standard error; the other formats have
// a place for it in the report.
func (a *app) showErrors(files []*check.File) error {
	var all doc.Document
	for _, f := range files {
		all.Add(malformed(f, nil)...)
	}
	return a.printTo(a.stderr, "text", &all)
}
