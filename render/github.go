package render

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
)

// checkGitHub writes the annotations of a GitHub workflow, which the web page
// shows at their lines: ten errors of a job's step and ten notices, so that the
// errors of all files come first. The lines of counts follow, for the log.
func checkGitHub(w io.Writer, files []*check.File, opt Options) error {
	var all []problem
	for _, f := range files {
		for _, p := range problems(f) {
			if p.severity == finding.Error || opt.Notes {
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b problem) int { return cmp.Compare(a.severity, b.severity) })
	out := bufio.NewWriter(w)
	for _, p := range all {
		fmt.Fprintln(out, annotation(p))
	}
	if !opt.Quiet {
		fmt.Fprint(out, plainLog(counts(files, opt)))
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
	file := Clean(filepath.ToSlash(filepath.Clean(p.file)))
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

// What the runner reads back, and the ##[ that begins the commands of old
// wherever in a line it stands.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", "##[", `#\x23[`)
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C", "##[", `#\x23[`)
)

// plainLog keeps the runner from taking lines for commands.
func plainLog(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "##[", `#\x23[`), "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
			lines[i] = strings.Replace(line, "::", `\x3a:`, 1)
		}
	}
	return strings.Join(lines, "\n")
}

// counts is what checkText says after the findings.
func counts(files []*check.File, opt Options) string {
	var b strings.Builder
	t := text{bufio.NewWriter(&b), newPalette(false), opt}
	for _, f := range files {
		for _, r := range f.Reports {
			t.summary(r)
		}
	}
	t.w.Flush()
	return b.String()
}
