package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/fatih/color"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

// A palette is the colours of one stream: each is a value of its own, switched
// on or off by what was decided for that stream.
type palette struct {
	bad, note, good, faint, strong *color.Color
}

func newPalette(on bool) palette {
	p := palette{
		bad: color.New(color.FgRed, color.Bold), note: color.New(color.FgCyan), good: color.New(color.FgGreen),
		faint: color.New(color.Faint), strong: color.New(color.Bold),
	}
	for _, c := range []*color.Color{p.bad, p.note, p.good, p.faint, p.strong} {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

// checkText writes each finding with its line and a caret under the place, and
// a line of counts for each trace. What is malformed is not in it: that goes to
// standard error, by Errors.
func checkText(w io.Writer, files []*check.File, opt Options) error {
	out := bufio.NewWriter(w)
	t := text{out, newPalette(opt.Color), opt}
	for _, f := range files {
		for _, r := range f.Reports {
			t.report(f, r)
		}
	}
	if s := check.Summarize(files); !opt.Quiet && s.Traces+s.Malformed > 1 {
		t.total(s)
	}
	return out.Flush()
}

type text struct {
	w   *bufio.Writer
	p   palette
	opt Options
}

func (t text) report(f *check.File, r *check.Report) {
	for i := range r.Findings {
		fd := &r.Findings[i]
		severity := r.Mode.Severity(fd)
		if severity == finding.Note && !t.opt.Notes {
			continue
		}
		head := t.p.strong.Sprint(location(r.Run.Trace, fd.Pos)+":") + " "
		mark := t.p.bad
		if severity == finding.Note {
			head += t.p.note.Sprint("note:") + " "
			mark = t.p.note
		}
		fmt.Fprintf(t.w, "%s%s\n", head, headline(fd))
		t.snippet(f.Source, fd.Pos, mark, reasonOf(fd))
	}
	if !t.opt.Quiet {
		t.summary(r)
	}
	if d := t.opt.Diagnoses[r]; d != nil {
		diagnosisText(t.w, t.p, d)
	}
}

// counted is what was compared in a trace, and what was found.
func counted(r *check.Report) string {
	line := tally(r.Tally)
	if n := r.CountKind(finding.State); n > 0 {
		line += "; " + count(n, "table field differs", "table fields differ")
	}
	if n := r.CountKind(finding.Message); n > 0 {
		line += "; " + count(n, "message is impossible", "messages are impossible")
	}
	if n := r.CountKind(finding.Safety); n > 0 {
		line += "; " + count(n, "safety property broke", "safety properties broke")
	}
	if r.More > 0 {
		line += fmt.Sprintf("; %d more than are listed", r.More)
	}
	return line
}

// summary is the line of counts of a trace.
func (t text) summary(r *check.Report) {
	line := traceName(r.Run.Trace) + ": " + counted(r)
	if r.Mode.Strict {
		if n := r.CountImplied(); n > 0 {
			line += fmt.Sprintf("; %d implied", n)
		}
	}
	if r.Result() == check.Diverges {
		line = t.p.bad.Sprint(line)
	} else {
		line = t.p.good.Sprint(line)
	}
	fmt.Fprintln(t.w, line)
}

func (t text) total(s check.Summary) {
	fmt.Fprintf(t.w, "\n%s, %s: %s, %s, %d malformed\n", count(s.Files, "file", "files"), count(s.Traces+s.Malformed, "trace", "traces"),
		count(s.Traces-s.Diverged, "agrees", "agree"), count(s.Diverged, "diverges", "diverge"), s.Malformed)
	if s.Blank > 0 {
		fmt.Fprintf(t.w, "%s left blank; --complete makes each a divergence\n", count(s.Blank, "answer is", "answers are"))
	}
}

// Errors writes what is wrong with a file, each error with its line and a caret
// under the place. The source may be nil.
func Errors(w io.Writer, src *trace.File, errs trace.Errors, opt Options) error {
	out := bufio.NewWriter(w)
	for _, e := range errs {
		writeError(out, newPalette(opt.Color), src, e)
	}
	return out.Flush()
}

func writeError(w *bufio.Writer, p palette, src *trace.File, e *trace.Error) {
	if !e.Pos.IsValid() {
		fmt.Fprintf(w, "%s %s\n", p.strong.Sprint(cleanLine(e.File)+":"), Clean(e.Msg))
		return
	}
	fmt.Fprintf(w, "%s %s\n", p.strong.Sprint(cleanLine(e.File)+":"+e.Pos.String()+":"), Clean(e.Msg))
	text{w, p, Options{}}.snippet(src, e.Pos, p.bad, "")
}

// snippet shows the line of a place, a caret under it, and what there is to say.
func (t text) snippet(src *trace.File, at trace.Pos, mark *color.Color, say string) {
	number := fmt.Sprint(at.Line)
	gutter := strings.Repeat(" ", len(number)+2)
	if src != nil && len(src.Bytes()) > 0 {
		before, under, rest := excerpt(src.Excerpt(at))
		fmt.Fprintf(t.w, "%s\n", t.p.faint.Sprint(gutter+"|"))
		fmt.Fprintf(t.w, "%s%s\n", t.p.faint.Sprint(" "+number+" | "), before+mark.Sprint(under)+rest)
		fmt.Fprintf(t.w, "%s%s\n", t.p.faint.Sprint(gutter+"| "), strings.Repeat(" ", width(before))+mark.Sprint(strings.Repeat("^", max(1, width(under)))))
	}
	if say != "" {
		fmt.Fprintf(t.w, "%s %s\n", t.p.faint.Sprint(gutter+"="), say)
	}
	fmt.Fprintln(t.w)
}

// excerpt cleans what is shown of a line. Of a long line, only what is near the
// place is kept.
func excerpt(e trace.Excerpt) (before, under, rest string) {
	before, under, rest = Clean(e.Before), Clean(e.Word), Clean(e.After)
	if e.More[0] {
		before = "..." + before
	}
	if e.More[1] {
		rest += "..."
	}
	return before, under, rest
}

func width(s string) int { return displaywidth.String(s) }
