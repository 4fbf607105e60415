package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
)

// escapeMarkdown makes text stand for itself in a line of Markdown: no markup,
// no link, no mention, no cell of a table.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range Clean(s) {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>()#|!~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '@':
			b.WriteString("&#64;")
		case r == '&':
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("://", "&#58;//", "www.", "www&#46;").Replace(b.String())
}

// checkMarkdown writes a table of findings for each trace.
func checkMarkdown(w io.Writer, files []*check.File, opt Options) error {
	out := bufio.NewWriter(w)
	for _, f := range files {
		for _, r := range f.Reports {
			markdownReport(out, r, opt)
		}
		markdownErrors(out, f)
	}
	return out.Flush()
}

// markdownErrors lists what is malformed in a file, if anything is.
func markdownErrors(w io.Writer, f *check.File) {
	if len(f.Errors) == 0 {
		return
	}
	fmt.Fprintf(w, "## %s\n\nMalformed:\n\n", escapeMarkdown(f.Name))
	for _, e := range f.Errors {
		fmt.Fprintf(w, "- %s: %s\n", e.Pos, escapeMarkdown(e.Msg))
	}
	fmt.Fprintln(w)
}

func markdownReport(w io.Writer, r *check.Report, opt Options) {
	fmt.Fprintf(w, "## %s\n\n%s.\n\n", escapeMarkdown(titled(r.Run.Trace)), escapeMarkdown(counted(r)))
	var rows [][]string
	for i := range r.Findings {
		f := &r.Findings[i]
		severity := r.Mode.Severity(f)
		if severity == finding.Note && !opt.Notes {
			continue
		}
		rows = append(rows, []string{f.Pos.String(), f.Kind.String(), headline(f), reasonOf(f)})
	}
	if len(rows) > 0 {
		markdownTable(w, []string{"Place", "Kind", "What", "Why"}, rows)
		fmt.Fprintln(w)
	}
	if d := opt.Diagnoses[r]; d != nil {
		diagnosisMarkdown(w, d)
	}
}

// markdownTable writes a table, its cells escaped.
func markdownTable(w io.Writer, header []string, rows [][]string) {
	line := func(cells []string) {
		for _, c := range cells {
			fmt.Fprintf(w, "| %s ", escapeMarkdown(c))
		}
		fmt.Fprintln(w, "|")
	}
	line(header)
	fmt.Fprintln(w, strings.Repeat("| --- ", len(header))+"|")
	for _, row := range rows {
		line(row)
	}
}
