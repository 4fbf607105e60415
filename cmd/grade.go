package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/check/grade/intake"
	"raftsheet/check/order"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/lms"
)

// A gradeCommand is the flags of grade.
type gradeCommand struct {
	markedBy
	roster   string
	entered  []string // files of sheets that were typed in
	reports  []string // FORMAT=FILE
	feedback string   // a folder
	format   string   // of the feedback
	into     string   // an export of the LMS
	column   string
	outOf    string
	unread   string   // what --into gives for what has no mark
	over     bool     // --overwrite
	nameless bool     // --anonymous
	review   string   // the list of what waits, to be written
	marks    []string // such lists, filled in
	against  string   // the JSON report of an earlier run
	reveal   bool
	guess    bool
	started  time.Time

	found *copies.Report // nil until a report asks for it
}

const gradeHelp = `grade marks submissions against a key: a trace whose cells are scored one by
one. The reference gives the right answers, so the key may leave its own blank.
Messages, initial states and points come from the key; from a submission grade
reads the answers, the tables and the student, and matches steps by their ids.

SUBMISSION is a file, a folder or a zip archive, as Canvas, Moodle or Gradescope
gives it out or with a folder for each student, whom --roster finds by login,
e-mail, number or name. A worksheet is known by its content. Every file has its
line: one that cannot be marked, such as a photo, is reported, with the reason.

A mistake costs its points once: what follows from it by the rules gets the
points that followThrough says, and both totals are shown.

Sheets on paper are typed in on the page of blank --entry; --entered takes them.

Where students have worksheets of their own, --key names the folder of their
keys: each sheet is marked against that of its variant.

Where students write the messages too, no key fits them all: --own SCHEME marks
each sheet by its own. --merge marks the sheets of one game that a group has
played, each student a node: an order of their messages stands for the key, as
merge finds it.

What cannot be read waits for an instructor: --review lists it, to be filled in,
and --marks uses what was filled in. --against says whose mark has moved.

raftsheet help grading explains the key, the marks and the reports.

The exit code is 0 if every file has its outcome, malformed sheets too, and 2 if
nothing could be marked: the key is wrong, or a file cannot be written.`

func (a *app) gradeCommand() *cobra.Command {
	var g gradeCommand
	c := &cobra.Command{
		Use:   "grade [flags] {--key KEY | --own SCHEME | --merge} SUBMISSION...",
		Short: "Mark a class's worksheets against a key",
		Long:  gradeHelp,
		Example: `  raftsheet grade --key key.yaml submissions.zip --report csv=grades.csv --feedback feedback
  raftsheet grade --key key.yaml submissions --into canvas-export.csv --column Worksheet
  raftsheet grade --key key.yaml sheet.yaml --report gradescope=results.json
  raftsheet grade --own scheme.yaml submissions.zip --report csv=grades.csv
  raftsheet grade --merge group-1 --feedback feedback`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: filesOf(".yaml", ".yml", ".zip"),
		RunE:              func(_ *cobra.Command, args []string) error { return a.grade(&g, args) },
	}
	f := c.Flags()
	f.StringVar(&g.key, "key", "", "the `trace` to mark against, or the folder of those of several variants")
	f.StringVar(&g.own, "own", "", "mark each sheet by its own messages, as this `scheme` says, in place of a key")
	f.BoolVar(&g.merge, "merge", false, "mark the sheets of one game, each its node's cells, by an order of their messages")
	f.IntVar(&g.states, "states", order.DefaultStates, "of --merge: look at so many states at the most")
	f.StringVar(&g.roster, "roster", "", "the class, as a CSV `file` that lists its students by id, login, e-mail or name")
	f.StringArrayVar(&g.reports, "report", nil, "write a report, as `FORMAT=FILE`, - for standard output; may be repeated: "+formats(gradeReports()))
	f.StringVar(&g.feedback, "feedback", "", "write a page for each student into this `folder`")
	f.StringVar(&g.format, "feedback-format", "html", "the pages' format: "+formats(doc.Formats()))
	f.StringVar(&g.into, "into", "", "fill the scores into this `export` of Canvas or Moodle, in place")
	f.StringVar(&g.column, "column", "", "the export's column: an assignment's `title` or id")
	f.StringVar(&g.outOf, "out-of", "", "scale the scores of --into to this many `points`, rounded to hundredths")
	f.StringVar(&g.unread, "unread", "leave", "what --into does where there is no mark yet: "+formats(unreadWays()))
	f.BoolVar(&g.over, "overwrite", false, "let --into replace scores and comments that differ")
	f.BoolVar(&g.nameless, "anonymous", false, "call the students student 1, student 2 and so on in all that a marker sees: the lines and the reports, but not --feedback and --into")
	addEnteredFlag(c, &g)
	addReviewFlags(c, &g)
	f.BoolVar(&g.reveal, "reveal", false, "show the right answers in the feedback and the reports")
	f.BoolVar(&g.guess, "diagnose", true, "name the misunderstandings behind the mistakes")
	a.paperFlag(c)
	completeGrade(c)
	return c
}

// completeGrade completes what the flags of grade take.
func completeGrade(c *cobra.Command) {
	completeWords(c, "feedback-format", doc.Formats())
	completeWords(c, "unread", unreadWays())
	completeFlag(c, "key", traceFiles)
	completeFlag(c, "own", traceFiles)
	completeFlag(c, "into", filesOf(".csv"))
	completeFlag(c, "roster", filesOf(".csv"))
	completeFlag(c, "feedback", folders)
	completeFlag(c, "report", completeReport)
}

// unreadWays are what --into does with the row of a student without a mark.
func unreadWays() []string { return []string{"leave", "zero"} }

// Reports of their own, in the format of their file's name.
const (
	classReport   = "class"   // on the questions
	copiesReport  = "copies"  // on sheets that share mistakes
	againstReport = "against" // on whose mark has moved
)

// gradeReports gives the names that --report takes.
func gradeReports() []string {
	return append(lms.Formats(), "json", classReport, copiesReport, againstReport)
}

// completeReport completes FORMAT=, and then any file.
func completeReport(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.Contains(typed, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var all []cobra.Completion
	for _, format := range gradeReports() {
		all = append(all, format+"=")
	}
	return all, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

func (a *app) grade(g *gradeCommand, args []string) error {
	g.started = time.Now()
	reports, err := a.gradeFlags(g, args)
	if err != nil {
		return err
	}
	by, keys, mark, err := a.marking(&g.markedBy)
	if err != nil {
		return err
	}
	in := &gradeInputs{by: by, what: g.what()}
	if err := a.readInputs(g, in, keys, args, reports); err != nil {
		return err
	}
	class := mark(in.handedIn.Inputs, grade.Settings{Diagnose: g.guess, Roster: in.roster, Decided: in.decided, Apart: tellingTraces(), Progress: a.progress()})
	if g := class.Game; g != nil && !a.quiet {
		a.tell("%s", render.MergeLine(g.Result))
	}
	out := &graded{class: class}
	if in.before != nil {
		out.moves = class.Results(version()).Since(in.before)
	}
	if err := a.writeGrades(g, in, reports, out); err != nil {
		return err
	}
	for _, why := range class.Unused {
		a.tell("%s", why)
	}
	if g.nameless { // files have students' names
		return nil
	}
	class.Settle(in.handedIn)
	return a.tellHandedIn(in.handedIn)
}

// readInputs reads all that grade reads beside the key, and refuses outputs that
// would write over any of it. The keys are nil where a scheme marks.
func (a *app) readInputs(g *gradeCommand, in *gradeInputs, keys *grade.Keys, args []string, reports []gradeReport) error {
	if err := in.readRoster(g, a.maxBytes); err != nil {
		return err
	}
	if err := in.readVariants(g, a.maxBytes); err != nil {
		return err
	}
	if err := in.collect(args, reports); err != nil {
		return err
	}
	if err := a.readEntered(g, in); err != nil {
		return err
	}
	if err := in.readExport(g, a.maxBytes); err != nil {
		return err
	}
	if err := a.readMarks(g, in, keys); err != nil {
		return err
	}
	if err := a.readBefore(g, in); err != nil {
		return err
	}
	if err := in.apart(g, reportFiles(g, reports)); err != nil {
		return err
	}
	if err := a.mayReview(g, in); err != nil {
		return err
	}
	return oneStudent(g, reports, in.handedIn.Inputs)
}

// gradeFlags checks what can be checked before anything is read.
func (a *app) gradeFlags(g *gradeCommand, args []string) ([]gradeReport, error) {
	if err := g.onlyOne(g.review != "" || len(g.marks) > 0); err != nil {
		return nil, err
	}
	switch {
	case a.rules != nil && g.own != "":
		return nil, errors.New("grade --own marks by Figure 2; leave --rules out")
	case a.rules != nil && g.merge:
		return nil, errors.New("grade --merge marks by Figure 2; leave --rules out")
	case a.rules != nil:
		return nil, errors.New("grade marks by the rules of its key; write rules: in it")
	case a.maxBytes < 1:
		return nil, a.checkRules()
	case len(args) == 0 && len(g.entered) == 0:
		return nil, errors.New("grade needs what was handed in: files, folders or zip archives")
	case g.nameless && g.against != "":
		return nil, errors.New("--against names students; leave --anonymous out")
	case g.into == "" && (g.column != "" || g.outOf != "" || g.unread != "leave" || g.over):
		return nil, errors.New("--column, --out-of, --unread and --overwrite go with --into")
	}
	if err := known("unread", g.unread, unreadWays()); err != nil {
		return nil, err
	}
	if p, err := grade.ParsePoints(g.outOf); g.outOf != "" && (err != nil || p.Sign() <= 0) {
		return nil, fmt.Errorf("--out-of %s: write the points that full marks come to, such as 10", g.outOf)
	}
	if err := known("feedback-format", g.format, doc.Formats()); err != nil {
		return nil, err
	}
	if err := known("paper", cmp.Or(a.paper, doc.Papers()[0]), doc.Papers()); err != nil {
		return nil, err
	}
	var reports []gradeReport
	for _, r := range g.reports {
		format, file, ok := strings.Cut(r, "=")
		if err := known("report", format, gradeReports()); err != nil {
			return nil, err
		}
		if !ok || file == "" {
			return nil, fmt.Errorf("--report %s: where to? Write %s=FILE, or %s=- for standard output", format, format, format)
		}
		if format == againstReport && g.against == "" {
			return nil, fmt.Errorf("--report %s goes with --against FILE", format)
		}
		if format == copiesReport && g.key == "" {
			return nil, fmt.Errorf("--report %s compares the answers to a key's messages; leave it out with --own and --merge", format)
		}
		reports = append(reports, gradeReport{format, file})
	}
	return reports, nil
}

// A gradeReport is one --report.
type gradeReport struct{ format, file string }

func (r gradeReport) toStdout() bool { return r.file == "-" }

// reportFiles gives the files of reports, and of --review, without what will be in
// them.
func reportFiles(g *gradeCommand, reports []gradeReport) []gradeFile {
	var files []gradeFile
	if g.review != "" {
		files = append(files, gradeFile{name: g.review})
	}
	for _, r := range reports {
		if !r.toStdout() {
			files = append(files, gradeFile{name: r.file})
		}
	}
	return files
}

// ofOneStudent reports whether a report is an autograder's: about what one
// student handed in.
func (r gradeReport) ofOneStudent() bool {
	return slices.Contains(lms.Autograders(), r.format)
}

// oneStudent makes every file one student's if an autograder's report is asked
// for, and refuses files that cannot be.
func oneStudent(g *gradeCommand, reports []gradeReport, inputs []intake.Input) error {
	i := slices.IndexFunc(reports, gradeReport.ofOneStudent)
	if i < 0 {
		if len(inputs) == 0 {
			return errors.New("nothing was handed in: no file to mark")
		}
		return nil
	}
	if len(inputs) < 2 {
		return nil
	}
	ofClass := g.into != "" || slices.ContainsFunc(reports, func(r gradeReport) bool { return !r.ofOneStudent() })
	for _, in := range inputs[1:] {
		if ofClass || (in.Student.Known() || inputs[0].Student.Known()) && in.Student.Identity() != inputs[0].Student.Identity() {
			return fmt.Errorf("--report %s is about one student's submission, and these are %d files; leave it out for a class", reports[i].format, len(inputs))
		}
	}
	for i := range inputs { // whatever the files are called
		inputs[i].Student = intake.Student{Name: "submission"}
	}
	return nil
}
