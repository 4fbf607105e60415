package cmd

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/lms/quiz"
	"raftsheet/render/page"
	"raftsheet/trace"
)

func (a *app) blankCommand() *cobra.Command {
	var b render.BlankSheet
	var format, roster string
	var entry bool
	c := &cobra.Command{
		Use:   "blank [flags] [KEY]",
		Short: "Print an empty worksheet, or the questions of a key",
		Long: `blank prints an empty worksheet: a page for a node's terms and log, and message
forms, each with a response row. --format pdf and latex print it to be written
on: each page has lines for a name, and no form is torn. --format yaml prints
the forms as a trace to type into, and --format html as a page to fill in,
offline: Save there gives that trace.

Of a KEY, or of any trace, blank prints what is handed out: its messages as they
are written, and an empty cell for each answer and each field of a table that it
asks for. Answers, comments and the marking scheme are left out; notes are kept.
What a message leaves out stays out: it is for the student to work out. A cell
keeps its form: one in which the key gives a term is asked for its term.

--format moodle-xml, gift and qti write the questions of a KEY for an LMS to
import and mark: Moodle (Cloze), Moodle and others (GIFT), Canvas (QTI 1.2, a
zip). There is a question for each step, with a reason for each cell as
feedback. Each repeats the messages before it, so that they can be shuffled, or
drawn from a bank. An LMS marks cell by cell: what follows from an earlier
mistake is wrong there.

--entry makes a page for those who mark sheets on paper, and not for students:
it holds the right answers, and only what differs is typed in, sheet after
sheet. What it saves goes to grade --entered. KEY may be a folder of keys, one
for each variant of the worksheet: each student is shown the form of theirs.`,
		Example: `  raftsheet blank --nodes 8 --append-entries 12 --request-votes 6
  raftsheet blank --format pdf --paper letter > blank.pdf
  raftsheet blank key.yaml --format pdf > handout.pdf
  raftsheet blank key.yaml --format yaml > worksheet.yaml
  raftsheet blank key.yaml --format html > form.html
  raftsheet blank key.yaml --format moodle-xml > quiz.xml
  raftsheet blank key.yaml --format qti > quiz.zip
  raftsheet blank key.yaml --entry --roster class.csv --format html > entry.html
  raftsheet blank variants --entry --roster class.csv --format html > entry.html`,
		Args:              between("one KEY or none", 0, 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.knownFormat(format, blankFormats()); err != nil {
				return err
			}
			if err := entryFlags(entry, roster, format, len(args)); err != nil {
				return err
			}
			if len(args) == 0 && !slices.Contains(quiz.Formats(), format) {
				return a.blank(b, format)
			}
			if len(args) == 0 {
				return fmt.Errorf("--format %s is for the questions of a KEY; an empty worksheet asks nothing that an LMS could mark", format)
			}
			for _, flag := range []string{"nodes", "append-entries", "request-votes", "rows"} {
				if c.Flags().Changed(flag) {
					return fmt.Errorf("--%s is for an empty worksheet; the questions of %s are as many as it has", flag, args[0])
				}
			}
			if entry {
				return a.entryPage(args[0], roster)
			}
			return a.questions(args[0], format)
		},
	}
	f := c.Flags()
	f.IntVar(&b.Nodes, "nodes", 8, "the number of nodes in the cluster")
	f.IntVar(&b.AppendEntries, "append-entries", 12, "the number of AppendEntries forms")
	f.IntVar(&b.RequestVotes, "request-votes", 6, "the number of RequestVote forms")
	f.IntVar(&b.Rows, "rows", render.DefaultRows, "the number of rows for the terms, and of those for the log")
	f.StringVar(&format, "format", "table", "the output's format: "+formats(blankFormats()))
	f.BoolVar(&entry, "entry", false, "print the page on which a marker types in sheets on paper; it holds the right answers")
	f.StringVar(&roster, "roster", "", "with --entry, the class, as a CSV `file` that lists its students by id, login, e-mail or name")
	completeWords(c, "format", blankFormats())
	completeFlag(c, "roster", filesOf(".csv"))
	a.paperFlag(c)
	return c
}

// blankFormats are those of a worksheet, two to type into, and those of an LMS.
func blankFormats() []string {
	return append(sheetFormats("yaml", pageFormat), quiz.Formats()...)
}

// mostForms bounds an empty worksheet at a stack of paper.
const mostForms = 1000

func (a *app) blank(b render.BlankSheet, format string) error {
	if b.Nodes < 1 || b.Nodes > raft.MaxNodes {
		return fmt.Errorf("--nodes %d: a cluster has 1 to %d nodes", b.Nodes, raft.MaxNodes)
	}
	if err := formsIn("append-entries", b.AppendEntries); err != nil {
		return err
	}
	if err := formsIn("request-votes", b.RequestVotes); err != nil {
		return err
	}
	if err := rowsIn(b.Rows); err != nil {
		return err
	}
	switch format {
	case "yaml":
		return a.printForm(b.Trace())
	case pageFormat:
		return page.WriteBlankForm(a.stdout, b)
	}
	return a.print(format, render.Blank(b))
}

// rowsIn refuses a number of rows that no worksheet has.
func rowsIn(n int) error {
	if n < 1 || n > mostForms {
		return fmt.Errorf("--rows %d: the terms and the log have 1 to %d rows", n, mostForms)
	}
	return nil
}

// questions prints what a key asks, or each of the traces in a file.
func (a *app) questions(name, format string) error {
	if err := a.asksByKey(); err != nil {
		return err
	}
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	keys := make([]*grade.Key, len(src.Traces)) // all of them, before anything is printed
	for i, t := range src.Traces {
		if keys[i], err = a.keyOf(t); err != nil {
			return a.fail(src, err)
		}
	}
	return a.handOut(name, keys, format)
}

// handOut prints what the keys of a file ask.
func (a *app) handOut(name string, keys []*grade.Key, format string) error {
	if format == pageFormat {
		if len(keys) > 1 {
			return fmt.Errorf("a page holds one form, and %s has %d documents; give each a file of its own", name, len(keys))
		}
		return page.WriteForm(a.stdout, keys[0])
	}
	if slices.Contains(quiz.Formats(), format) {
		return a.quiz(format, keys)
	}
	if format != "yaml" {
		sheets := make([]*doc.Document, len(keys))
		for i, key := range keys {
			sheets[i] = render.Questions(key)
		}
		return a.printAll(format, sheets)
	}
	for i, key := range keys {
		write := a.printForm
		if i > 0 {
			fmt.Fprintln(a.stdout, "---")
			write = func(t *trace.Trace) error { return trace.WriteForm(a.stdout, t) }
		}
		if err := write(render.QuestionsForm(key)); err != nil {
			return err
		}
	}
	return nil
}

// asksByKey refuses rules that are not the key's.
func (a *app) asksByKey() error {
	if a.rules != nil {
		return errors.New("blank asks by the rules of its key; write rules: in it")
	}
	return nil
}

// quiz prints the questions of keys for an LMS.
func (a *app) quiz(format string, keys []*grade.Key) error {
	if quiz.IsBinary(format) && isTerminal(a.stdout) {
		return fmt.Errorf("%s is a zip archive, which cannot be shown on a terminal; write it to a file: > quiz.zip", format)
	}
	all := make([]*quiz.Quiz, len(keys))
	for i, key := range keys {
		var err error
		if all[i], err = quiz.New(key); err != nil {
			return err
		}
	}
	return quiz.Write(a.stdout, format, all, func(what string) { a.tell("raftsheet: note: %s", what) })
}

// printForm prints a trace for people to type into, below the line that names its
// schema.
func (a *app) printForm(t *trace.Trace) error {
	if _, err := fmt.Fprintln(a.stdout, trace.SchemaLine); err != nil {
		return err
	}
	return trace.WriteForm(a.stdout, t)
}

// formsIn refuses a number of forms that no worksheet has.
func formsIn(flag string, n int) error {
	if n < 0 || n > mostForms {
		return fmt.Errorf("--%s %d: a worksheet has 0 to %d of these forms", flag, n, mostForms)
	}
	return nil
}
