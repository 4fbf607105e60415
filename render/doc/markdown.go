package doc

import (
	"bufio"
	"fmt"
	"strings"
)

// A markdownWriter writes a document as Markdown, as GitHub reads it.
type markdownWriter struct{ w *bufio.Writer }

func newMarkdown(w *bufio.Writer, _ *Document, _ Options) writer { return markdownWriter{w} }

func (m markdownWriter) end() error { return nil }

func (m markdownWriter) blocks(bs []Block) error {
	for _, b := range bs {
		m.block(b)
	}
	return nil
}

func (m markdownWriter) block(b Block) {
	switch b := b.(type) {
	case Heading:
		fmt.Fprintf(m.w, "%s %s\n\n", strings.Repeat("#", b.Level), markdown(b.Text))
	case Paragraph:
		m.paragraph(b.Lines...)
	case Fields:
		for _, f := range b.Rows {
			fmt.Fprintln(m.w, strings.TrimRight("- *"+escapeMarkdown(f.Name)+"*: "+markdown(f.Value), " "))
		}
		fmt.Fprintln(m.w)
	case List:
		for _, item := range b {
			fmt.Fprintf(m.w, "- %s\n", markdownLine(markdown(item)))
		}
		fmt.Fprintln(m.w)
	case Table:
		m.table(b)
	case Code:
		m.fenced(b.Language, b.Text)
	case Excerpt:
		m.excerpt(b)
	case Places:
		m.places(b)
	case Group:
		if b.Head != nil {
			m.paragraph(b.Head.under(Strong))
		}
		m.blocks(b.Blocks)
	case Detail:
		m.paragraph(b.Summary)
	case Bars:
		m.bars(b)
	}
}

// paragraph writes lines, each but the last with a break after it.
func (m markdownWriter) paragraph(lines ...Inline) {
	for i, l := range lines {
		end := "\\\n"
		if i == len(lines)-1 {
			end = "\n\n"
		}
		fmt.Fprint(m.w, markdownLine(markdown(l)), end)
	}
}

// table writes a table, its caption over it.
func (m markdownWriter) table(t Table) {
	if t.Caption != "" {
		m.paragraph(Marked(Strong, t.Caption))
	}
	head, rule := "|", "|"
	for _, c := range t.Columns {
		head += " " + escapeMarkdown(c.Name) + " |"
		if c.Right {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	fmt.Fprintln(m.w, head)
	fmt.Fprintln(m.w, rule)
	for _, row := range t.Rows {
		line := "|"
		for _, c := range row {
			line += " " + markdown(c.Text.without(Literal)) + " |" // a bar in a span of code would end the cell
		}
		fmt.Fprintln(m.w, line)
	}
	fmt.Fprintln(m.w)
}

// fenced writes lines between fences that none of them can close.
func (m markdownWriter) fenced(language, text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(m.w, "%s%s\n", fence, language)
	for line := range strings.Lines(text) {
		fmt.Fprintln(m.w, Line(strings.TrimRight(line, "\n")))
	}
	fmt.Fprintf(m.w, "%s\n\n", fence)
}

// excerpt shows a line of a file, with a caret under the place.
func (m markdownWriter) excerpt(e Excerpt) {
	head := fmt.Sprintf("%d | ", e.Line)
	before, word, after := window(e, screen-len(head))
	m.fenced("", strings.TrimRight(head+before+word+after, " ")+"\n"+strings.Repeat(" ", len(head)+width(before))+carets(word)+"\n")
	if e.Say != nil {
		m.paragraph(e.Say)
	}
}

// places is a table of them.
func (m markdownWriter) places(ps Places) {
	if len(ps) == 0 {
		return
	}
	m.table(ps.table())
}

// table is the places as a page shows them.
func (ps Places) table() Table {
	t := Table{Columns: Columns("Place", "Kind", "What", "Why")}
	for _, p := range ps {
		at := p.At
		if at == "" {
			at = p.File
		}
		t.Rows = append(t.Rows, Cells(at, p.Kind, p.What, p.Why))
	}
	return t
}

func (m markdownWriter) bars(b Bars) {
	t := Table{Caption: b.Caption, Columns: []Column{{Name: "from, to"}, {Name: "count", Right: true}}}
	for _, r := range b.Rows {
		t.Rows = append(t.Rows, Cells(r.Name, fmt.Sprint(r.Count)))
	}
	m.table(t)
}

// markdown is text within a line, with its marks where Markdown has any.
func markdown(in Inline) string {
	out := ""
	add := func(piece string) {
		if strings.HasSuffix(out, "`") && strings.HasPrefix(piece, "`") {
			out += " " // two spans of code would become one
		}
		out += piece
	}
	for i := 0; i < len(in); {
		if in[i].Mark == Literal {
			add(codeSpan(Clean(in[i].Text)))
			i++
			continue
		}
		bold, text := isBold(in[i].Mark), ""
		for ; i < len(in) && in[i].Mark != Literal && isBold(in[i].Mark) == bold; i++ {
			text += in[i].Text
		}
		inside := strings.Trim(text, " ")
		if !bold || inside == "" {
			add(escapeMarkdown(text))
			continue
		}
		lead, rest, _ := strings.Cut(text, inside)
		add(lead + "**" + escapeMarkdown(inside) + "**" + rest)
	}
	return out
}

func isBold(m Mark) bool { return m == Strong || m == Wrong || m == Right || m == Noted }

// escapeMarkdown makes text stand for itself in a line of Markdown: no markup,
// no link, no mention, no cell of a table.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range Clean(s) {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>()#|!~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
	}
	return mentions().ReplaceAllString(addresses.Replace(b.String()), "`$0`")
}

// addresses keeps GitHub from making links of them.
var addresses = strings.NewReplacer("://", "&#58;//", "www.", "www&#46;")

// mentions are put in code: GitHub looks for them in the finished page, where an
// escaped @ is one like any other.
var mentions = lazily(`@+`)

// markdownLine is escaped text with which a line may begin: no list, no heading,
// no rule, no block of code, and no command of a workflow.
func markdownLine(s string) string {
	s = Line(strings.TrimLeft(s, " "))
	rest := strings.TrimLeft(s, "0123456789")
	at := len(s) - len(rest)
	if at > 0 && strings.HasPrefix(rest, ".") || at == 0 && strings.IndexAny(s, "+-=") == 0 {
		return s[:at] + `\` + rest
	}
	return s
}

// codeSpan is text as it would be typed, in a fence that it cannot close.
func codeSpan(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.Contains(s, "`") || strings.TrimSpace(s) == "" {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}
