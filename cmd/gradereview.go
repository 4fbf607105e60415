package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
	"raftsheet/trace/review"
)

// This file reads what instructors have typed in from paper, what they have decided and
// what an earlier run has come to, and writes what still waits.

func addEnteredFlag(c *cobra.Command, g *gradeCommand) {
	c.Flags().StringArrayVar(&g.entered, "entered", nil, "mark the sheets in this `file` too, which the page of blank --entry has saved; may be repeated")
	completeFlag(c, "entered", filesOf(".yaml", ".yml"))
}

// readEntered adds the sheets in the files of --entered to what was handed in.
func (a *app) readEntered(g *gradeCommand, in *gradeInputs) error {
	var all []grade.Entered
	files := make(map[string][]byte)
	for _, name := range g.entered {
		data, err := in.readMore("--entered", name, a.maxBytes)
		if err != nil {
			return err
		}
		files[name] = data
		all = append(all, grade.Entered{Name: name, Data: data})
	}
	return a.failEach(files, grade.Enter(in.handedIn, all, in.roster))
}

func addReviewFlags(c *cobra.Command, g *gradeCommand) {
	f := c.Flags()
	f.StringVar(&g.review, "review", "", "write what waits for an instructor into this `file`, to be filled in")
	f.StringArrayVar(&g.marks, "marks", nil, "use what an instructor has filled in in this `file` of --review; may be repeated")
	f.StringVar(&g.against, "against", "", "list whose mark has moved since this JSON `report`")
	completeFlag(c, "marks", filesOf(".yaml", ".yml"))
	completeFlag(c, "against", filesOf(".json"))
}

// A gradeInput is a file that grade reads beside the key and what was handed in.
type gradeInput struct {
	flag, name string
	info       fs.FileInfo
	data       []byte
}

// readMore reads a file of a flag.
func (in *gradeInputs) readMore(flag, name string, most int64) ([]byte, error) {
	data, err := readAtMost(name, most)
	if err != nil {
		return nil, err
	}
	info := fileInfo(name)
	if what := in.reads(info, true); what != "" {
		return nil, fmt.Errorf("%s %s: this is %s; name another file", flag, name, what)
	}
	in.more = append(in.more, gradeInput{flag, name, info, data})
	return data, nil
}

// readMarks reads the files of --marks, and holds them against the key.
func (a *app) readMarks(g *gradeCommand, in *gradeInputs, keys *grade.Keys) error {
	if len(g.marks) == 0 {
		return nil
	}
	var lists []*review.List
	files := make(map[string][]byte)
	for _, name := range g.marks {
		data, err := in.readMore("--marks", name, a.maxBytes)
		if err != nil {
			return err
		}
		files[name] = data
		l, errs := review.Read(name, data)
		if errs != nil {
			return a.failIn(data, errs)
		}
		lists = append(lists, l)
	}
	decided, errs := grade.NewDecisions(keys, lists)
	in.decided = decided
	return a.failEach(files, errs)
}

// failEach shows the errors of several files that are no traces: those of one file
// together, with its lines.
func (a *app) failEach(files map[string][]byte, errs trace.Errors) error {
	if len(errs) == 0 {
		return nil
	}
	for len(errs) > 0 {
		n := 1
		for n < len(errs) && errs[n].File == errs[0].File {
			n++
		}
		if err := a.failIn(files[errs[0].File], errs[:n]); !errors.As(err, new(reportedError)) {
			return err
		}
		errs = errs[n:]
	}
	return reportedError{exitError}
}

// failIn shows the errors of a file that is no trace, with its lines.
func (a *app) failIn(data []byte, errs trace.Errors) error {
	return a.fail(trace.Text(errs[0].File, data), errs)
}

// mostBefore bounds the report of an earlier run, in bytes: that of a class of a
// thousand has tens of millions.
const mostBefore = 512 << 20

// readBefore reads the file of --against.
func (a *app) readBefore(g *gradeCommand, in *gradeInputs) error {
	if g.against == "" {
		return nil
	}
	data, err := in.readMore("--against", g.against, max(a.maxBytes, mostBefore))
	if err != nil {
		return err
	}
	in.before, err = report.Before(g.against, data)
	var errs trace.Errors
	if errors.As(err, &errs) {
		return a.failIn(data, errs)
	}
	return err
}

// mayReview is an error if the file of --review holds what somebody has filled in, or
// is not a list at all.
func (a *app) mayReview(g *gradeCommand, in *gradeInputs) error {
	if g.review == "" {
		return nil
	}
	if g.review == "-" {
		return errors.New("--review -: name a file, to be filled in")
	}
	if info, err := os.Stat(g.review); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	var err error
	if in.review, err = readAtMost(g.review, a.maxBytes); err != nil {
		return err
	}
	l, errs := review.Read(g.review, in.review)
	switch n := l.Filled(); {
	case errs != nil:
		return fmt.Errorf("--review %s: this file is there, and cannot be read as a list of decisions, so that it is not written over; name another file (%v)", g.review, errs[0])
	case n > 0:
		return fmt.Errorf("--review %s: this file has been filled in (%s), and is not written over; give it back with --marks %s, and name another file for what still waits",
			g.review, render.Count(n, "decision", "decisions"), g.review)
	}
	return nil
}

// reviewFile gives the file of --review, and what is to be told when it is written;
// nil for none.
func (a *app) reviewFile(g *gradeCommand, in *gradeInputs, class *grade.Class) (files []gradeFile, told []string) {
	if g.review == "" {
		return nil, nil
	}
	l := class.Review()
	if !a.quiet && len(l.Decisions) > 0 {
		told = append(told, fmt.Sprintf("%s: %s; fill it in, and mark again with --marks %s",
			g.review, render.Count(len(l.Decisions), "decision waits", "decisions wait"), g.review))
	}
	return []gradeFile{{name: g.review, was: in.review, from: atHand(review.Write(l))}}, told
}
