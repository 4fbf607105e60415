package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"raftsheet/check"
	"raftsheet/check/grade"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/lms"
	"raftsheet/render/report"
	"raftsheet/trace"
)

// A gradeCommand is the flags of grade.
type gradeCommand struct {
	key      string
	reports  []string // FORMAT=FILE
	feedback string   // a folder
	format   string   // of the feedback
	into     string   // an export of the LMS
	column   string
	reveal   bool
	guess    bool
}

func (a *app) gradeCommand() *cobra.Command {
	var g gradeCommand
	c := &cobra.Command{
		Use:   "grade --key KEY SUBMISSION...",
		Short: "Mark a class's worksheets against a key",
		Long: `grade marks submissions against a key: a trace whose cells are scored one by one.
The reference gives the right answers, so that the key's own may be left blank.
Messages, initial states and points come from the key alone; of a submission the
answers, the tables and the student are read, step by step, by the steps' ids.

SUBMISSION is a file, a folder or a zip archive, as Canvas and Moodle give them
out. No file is passed over in silence: what cannot be marked is in the reports,
with the reason.

Who makes a mistake is marked down for it once: what follows from it by the rules
is given as such (followThrough in the key's grading; both totals are shown).

--report writes FORMAT=FILE, as often as it is given: ` + formats(gradeReports()) + `.
class says how well the questions worked: class.html, .md, .json or .txt.
- as the FILE is standard output. --into fills the LMS's own export in place.

The exit code is 0 where everything has its outcome, malformed sheets too, and 2
where nothing could be marked: the key is wrong, or a file cannot be written.`,
		Example: `  raftsheet grade --key key.yaml submissions.zip --report csv=grades.csv --feedback feedback
  raftsheet grade --key key.yaml submissions --into canvas-export.csv --column Worksheet
  raftsheet grade --key key.yaml sheet.yaml --report gradescope=results.json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return a.grade(&g, args) },
	}
	f := c.Flags()
	f.StringVar(&g.key, "key", "", "the trace to mark against")
	f.StringArrayVar(&g.reports, "report", nil, "FORMAT=FILE, as often as wanted: "+formats(gradeReports()))
	f.StringVar(&g.feedback, "feedback", "", "a folder for what each student is told, a file for each")
	f.StringVar(&g.format, "feedback-format", "html", "one of "+formats(doc.Formats()))
	f.StringVar(&g.into, "into", "", "an export of Canvas or Moodle to fill the scores into")
	f.StringVar(&g.column, "column", "", "the export's column: an assignment's title or id")
	f.BoolVar(&g.reveal, "reveal", false, "show the right answers in the feedback and the reports")
	f.BoolVar(&g.guess, "diagnose", true, "name the misunderstandings behind the mistakes")
	completeWords(c, "feedback-format", doc.Formats())
	return c
}

// gradeReports gives the names that --report takes.
func gradeReports() []string { return append(lms.Formats(), "json", classReport) }

const classReport = "class" // the report on the questions, in the format of its file's name

func (a *app) grade(g *gradeCommand, args []string) error {
	reports, err := a.gradeFlags(g, args)
	if err != nil {
		return err
	}
	src, err := a.read(g.key)
	if err != nil {
		return a.fail(src, err)
	}
	key, err := a.gradeKey(src)
	if err != nil {
		return a.fail(src, err)
	}
	intake, err := grade.Collect(args, fileInfo(g.key))
	if err != nil {
		return err
	}
	if err := oneStudent(g, reports, intake.Inputs); err != nil {
		return err
	}
	class := grade.MarkAll(key, intake.Inputs, grade.Settings{Diagnose: g.guess, Apart: tellingTraces(), Progress: a.progress()})
	if err := a.writeGrades(g, reports, class); err != nil {
		return err
	}
	for _, p := range intake.Passed {
		fmt.Fprintf(a.stderr, "%s: passed over: %s\n", doc.Clean(p.Name), doc.Clean(p.Why))
	}
	return nil
}

// A gradeReport is one --report.
type gradeReport struct{ format, file string }

// ofOneStudent reports whether a report is an autograder's: of what one student
// has handed in.
func ofOneStudent(r gradeReport) bool {
	return slices.Contains(lms.Autograders(), r.format)
}

// oneStudent makes all that was handed in one student's where that is what an
// autograder's report is of, and refuses it where it cannot be.
func oneStudent(g *gradeCommand, reports []gradeReport, inputs []grade.Input) error {
	i := slices.IndexFunc(reports, ofOneStudent)
	if i < 0 {
		if len(inputs) == 0 {
			return errors.New("nothing was handed in: there is no file to mark")
		}
		return nil
	}
	if len(inputs) < 2 {
		return nil
	}
	ofClass := g.into != "" || slices.ContainsFunc(reports, func(r gradeReport) bool { return !ofOneStudent(r) })
	for _, in := range inputs[1:] {
		if ofClass || in.Student.ID != inputs[0].Student.ID {
			return fmt.Errorf("--report %s is of what one student has handed in, and here are %d files; leave it out for a class", reports[i].format, len(inputs))
		}
	}
	for i := range inputs { // whatever the files are called
		inputs[i].Student = grade.Student{Name: "submission"}
	}
	return nil
}

// gradeFlags checks what can be checked before anything is read.
func (a *app) gradeFlags(g *gradeCommand, args []string) ([]gradeReport, error) {
	switch {
	case a.rules != nil:
		return nil, errors.New("grade marks by the rules of its key; write rules: in it")
	case a.maxBytes < 1:
		return nil, a.checkRules()
	case g.key == "":
		return nil, errors.New("grade needs a key: --key KEY")
	case len(args) == 0:
		return nil, errors.New("grade needs what was handed in: files, folders or zip archives")
	case g.column != "" && g.into == "":
		return nil, errors.New("--column goes with --into")
	}
	if err := known("feedback-format", g.format, doc.Formats()); err != nil {
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
		reports = append(reports, gradeReport{format, file})
	}
	return reports, nil
}

// gradeKey makes a key of a file of one trace, and says where its own answers
// are wrong.
func (a *app) gradeKey(src *trace.File) (*grade.Key, error) {
	if n := len(src.Traces); n > 1 {
		return nil, trace.Errors{{File: src.Name, Pos: src.Traces[1].Pos, Msg: fmt.Sprintf("a key is one trace, and this file holds %d", n)}}
	}
	key, err := grade.NewKey(src.Traces[0])
	if err != nil {
		return nil, err
	}
	a.warnKey(key)
	return key, nil
}

// warnKey says where a key is wrong itself.
func (a *app) warnKey(key *grade.Key) {
	name := doc.Clean(key.Trace.File)
	warn := func(n int, what string) {
		if n > 0 {
			fmt.Fprintf(a.stderr, "%s: %s (%d); see raftsheet check %s\n", name, what, n, name)
		}
	}
	own := key.Own
	warn(own.CountKind(check.Response)+own.CountKind(check.State), "some of the key's own answers differ from the reference's, by which the sheets are marked")
	warn(own.CountKind(check.Message), "some messages of the key could not have been sent")
	warn(own.CountKind(check.Safety), "in the key the cluster does not stay safe")
}

// tellingTraces gives the smallest traces of the deviations, by which a tie
// between two of them may be told apart.
func tellingTraces() []*trace.Trace {
	var out []*trace.Trace
	for _, d := range raft.Deviations() {
		text, _ := examples.Deviation(d.Name)
		f, err := trace.Parse(deviationFile(d.Name), text, trace.DefaultLimits())
		if err == nil {
			out = append(out, f.Traces...)
		}
	}
	return out
}

func fileInfo(name string) fs.FileInfo {
	info, err := os.Stat(name)
	if err != nil {
		return nil
	}
	return info
}

// progress shows how far the marking has come, where somebody looks on and it
// takes long.
func (a *app) progress() func(done, of int) {
	f, ok := a.stderr.(*os.File)
	if !ok || a.quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	start := time.Now()
	var shown time.Time
	return func(done, of int) {
		now := time.Now()
		if now.Sub(start) < time.Second || now.Sub(shown) < time.Second/10 && done < of {
			return
		}
		shown = now
		const wide = 30
		bar := strings.Repeat("#", wide*done/of) + strings.Repeat(".", wide-wide*done/of)
		fmt.Fprintf(f, "\r[%s] %d of %d", bar, done, of)
		if done == of {
			fmt.Fprintln(f)
		}
	}
}

// writeGrades writes all that was asked for: what goes to standard output last.
func (a *app) writeGrades(g *gradeCommand, reports []gradeReport, class *grade.Class) error {
	if g.feedback != "" {
		if err := a.writeFeedback(g, class); err != nil {
			return err
		}
	}
	if g.into != "" {
		if err := a.fillExport(g, class); err != nil {
			return err
		}
	}
	toStdout := false
	for _, r := range reports {
		toStdout = toStdout || r.file == "-"
	}
	if !toStdout && !a.quiet {
		if err := a.print("text", render.Marks(class)); err != nil {
			return err
		}
	}
	slices.SortStableFunc(reports, func(x, y gradeReport) int { // autolab's line is the last
		return last(x) - last(y)
	})
	for _, r := range reports {
		if err := a.writeReport(g, r, class); err != nil {
			return err
		}
	}
	return nil
}

func last(r gradeReport) int {
	if r.file == "-" {
		return 1
	}
	return 0
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
	if r.file == "-" {
		_, err := a.stdout.Write(out.Bytes())
		return err
	}
	return writeFile(r.file, out.Bytes())
}

// classFormat is the format that a file's name asks for.
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

// writeFeedback writes a file for each submission into a folder, which it makes.
func (a *app) writeFeedback(g *gradeCommand, class *grade.Class) error {
	if err := os.MkdirAll(g.feedback, 0o755); err != nil {
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

// fileNames gives each submission a file name of its own, of characters that no
// system minds.
type fileNames struct{ next map[string]int } // by name in lower case: the next number to try

func newFileNames() *fileNames { return &fileNames{make(map[string]int)} }

func (f *fileNames) of(s *grade.Submission) string {
	base := strings.TrimSuffix(filepath.Base(filepath.ToSlash(s.Name)), filepath.Ext(s.Name))
	if s.By.ID != "" && !strings.Contains(base, s.By.ID) || base == "" {
		base = s.By.Name + "_" + s.By.ID + "_" + base
	}
	const most = 80
	var b strings.Builder
	for _, r := range base {
		switch {
		case b.Len() >= most:
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '-' && b.Len() > 0:
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	name := b.String()
	if name == "" {
		name = "submission"
	}
	low := strings.ToLower(name)
	for {
		n := f.next[low] + 1
		f.next[low] = n
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		if n == 1 || f.next[strings.ToLower(free)] == 0 {
			if n > 1 {
				f.next[strings.ToLower(free)] = 1
			}
			return free
		}
	}
}

// fillExport fills the LMS's own export in place.
func (a *app) fillExport(g *gradeCommand, class *grade.Class) error {
	if err := replaceable(g.into); err != nil {
		return fmt.Errorf("%s: %w", g.into, err)
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
		fmt.Fprintf(a.stderr, "%s: %s\n", doc.Clean(g.into), doc.Clean(r))
	}
	if !a.quiet {
		fmt.Fprintf(a.stderr, "%s: %s, column %s: %d filled in, %d left as they were\n",
			doc.Clean(g.into), report.System, report.Column, report.Filled, report.Left)
	}
	if bytes.Equal(filled, export) {
		return nil
	}
	return replaceFile(g.into, filled)
}

func readAtMost(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: the file is larger than %d bytes", name, most)
	}
	return data, err
}

// writeFile writes a file at once: one that is there already is replaced whole.
func writeFile(name string, data []byte) error {
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, data, 0o644) // a device, /dev/stdout
		}
		return replaceFile(name, data)
	}
	return placeFile(name, data)
}

// placeFile puts a file in its place at once, whatever stands there: a link is
// replaced, and not followed.
func placeFile(name string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".raftsheet-*")
	if err != nil {
		return fmt.Errorf("%s: %s", name, systemText(err))
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("%s: it could not be written: %w", name, systemCause(err))
	}
	return nil
}

// systemCause is an error without the temporary name that it may carry.
func systemCause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
