package report

import (
	"bufio"
	"cmp"
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

// checkGitHub writes the annotations of a GitHub workflow, which the web page
// shows at their lines: ten errors of a job's step and ten notices, so that the
// errors of all files come first. The lines of counts follow, for the log.
func checkGitHub(w io.Writer, files []*check.File, opt CheckOptions) error {
	var all []problem
	for _, f := range files {
		all = append(all, problems(f, opt)...)
	}
	slices.SortStableFunc(all, func(a, b problem) int { return cmp.Compare(a.severity, b.severity) })
	out := bufio.NewWriter(w)
	for _, p := range all {
		fmt.Fprintln(out, annotation(p))
	}
	if !opt.Quiet {
		fmt.Fprint(out, counts(files))
		if opt.Run != nil {
			fmt.Fprintln(out, doc.Line(render.RunSummary(opt.Run)))
		}
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

// counts says of each trace what was compared.
func counts(files []*check.File) string {
	var b strings.Builder
	for _, f := range files {
		for _, r := range f.Reports {
			b.WriteString(doc.Line(render.Summary(r)) + "\n")
		}
	}
	return b.String()
}
