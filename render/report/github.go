package report

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// A checkGitHub writes the annotations of a GitHub workflow, which the web page
// shows at their lines: ten errors of a job's step and ten notices, so that the
// errors of all files come first. The lines of counts follow, for the log.
type checkGitHub struct {
	w      io.Writer
	lines  [finding.Note + 1][]string // by severity
	counts []string
}

func newCheckGitHub(w io.Writer) Checking { return &checkGitHub{w: w} }

func (g *checkGitHub) Add(f *check.File, opt CheckOptions) error {
	for _, p := range problems(f, opt) {
		g.lines[p.severity] = append(g.lines[p.severity], annotation(p))
	}
	if opt.Quiet {
		return nil
	}
	for _, r := range f.Reports { // what was compared in each trace
		g.counts = append(g.counts, doc.Line(render.Summary(r)))
	}
	return nil
}

func (g *checkGitHub) Close(opt CheckOptions) error {
	if opt.Run != nil && !opt.Quiet {
		g.counts = append(g.counts, doc.Line(render.RunSummary(opt.Run)))
	}
	out := bufio.NewWriter(g.w)
	for _, line := range slices.Concat(slices.Concat(g.lines[:]...), g.counts) {
		fmt.Fprintln(out, line)
	}
	return out.Flush()
}

// annotation is the workflow command that makes one. Its end column is that of
// the last character, as its end line is the last line.
func annotation(p problem) string {
	command := "error"
	if p.severity == finding.Note {
		command = "notice"
	}
	file := doc.Clean(filepath.ToSlash(filepath.Clean(p.file)))
	title := "raftsheet: " + p.kind
	if p.rule != "" {
		title += ", " + p.rule
	}
	place, where := "", file
	if p.pos.IsValid() {
		line, col := p.pos.Line, p.pos.Column
		place = fmt.Sprintf(",line=%d,endLine=%d,col=%d,endColumn=%d", line, line, col, int(col)+p.length-1)
		where += ":" + p.pos.String()
	}
	return fmt.Sprintf("::%s file=%s%s,title=%s::%s", command,
		propertyEscapes.Replace(file), place, propertyEscapes.Replace(title), dataEscapes.Replace(where+": "+p.message))
}

// What the runner reads back. The text is clean: it holds no command of old.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
