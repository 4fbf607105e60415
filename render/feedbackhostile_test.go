package render

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// This file puts every hostile text wherever a submission or a key takes one,
// and reads the feedback and the class's figures back.

// TestHostileQuizzes makes sure that what the tests below read is what they think.
func TestHostileQuizzes(t *testing.T) {
	for _, text := range append(slices.Clone(rendertest.Lines), "plain") {
		c := rendertest.HostileClass(t, text)
		var got [4]int
		for i := range c.Submissions {
			got[c.Submissions[i].Outcome]++
		}
		if want := [4]int{grade.Marked: 1, grade.Malformed: 1, grade.Refused: 2, grade.Superseded: 1}; got != want {
			t.Errorf("%q: outcomes %v, want %v", text, got, want)
			continue
		}
		for i := range c.Submissions {
			if s := c.Submissions[i].Sheet; s != nil && (s.Count(grade.Wrong) != 3 || s.Count(grade.Blank) != 1 || len(s.Remarks) != 1) {
				t.Errorf("%q: %d wrong, %d blank, remarks %v", text, s.Count(grade.Wrong), s.Count(grade.Blank), s.Remarks)
			}
		}
	}
}

// reports is the class's figures and everybody's feedback in a format.
func reports(t *testing.T, format string, c *grade.Class) []string {
	t.Helper()
	var out []string
	out = append(out, classIn(t, format, c))
	for i := range c.Submissions {
		for _, reveal := range []bool{false, true} {
			out = append(out, feedbackIn(t, format, &c.Submissions[i], c.Key, reveal))
		}
	}
	return out
}

// On a terminal and in a log nothing is hidden, and no line begins a command.
func TestHostileText(t *testing.T) {
	for _, text := range rendertest.Lines {
		c := rendertest.HostileClass(t, text)
		for _, format := range doc.Formats() {
			for _, output := range reports(t, format, c) {
				rendertest.NoneHidden(t, output)
				for line := range strings.Lines(output) {
					if strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
						t.Errorf("%q, %s: the line %q is a command", text, format, line)
					}
				}
			}
		}
	}
}

// In a page no element, attribute or script comes out of a text: the page of a
// hostile class has the tags of a harmless one's, byte by byte, and its text
// reads as the text that was put in. The lists of tags and attributes are those
// of the templates.
func TestHostileHTML(t *testing.T) {
	var harmless [][]string
	for _, output := range reports(t, "html", rendertest.HostileClass(t, "plain")) {
		tags, _ := readHTML(t, output)
		harmless = append(harmless, tags)
	}
	for _, hostile := range rendertest.Lines {
		c := rendertest.HostileClass(t, hostile)
		for i, output := range reports(t, "html", c) {
			tags, text := readHTML(t, output)
			if !slices.Equal(tags, harmless[i]) {
				t.Errorf("%q: page %d has other tags than that of a harmless class:\n%s", hostile, i, output)
			}
			if !strings.Contains(text, doc.Clean(hostile)) {
				t.Errorf("%q: page %d does not have it as text:\n%s", hostile, i, text)
			}
		}
	}
}

// What a file that cannot be read has in the line that is shown is text as well.
func TestHostileExcerpts(t *testing.T) {
	key := rendertest.Key(t, rendertest.QuizKey)
	for _, hostile := range rendertest.Lines {
		in := rendertest.HandedIn("Kim", "kim.yaml", "nodes: 3\nsteps:\n  - "+hostile+": 1\n  - \"x"+hostile+"\n")
		s := rendertest.Marked(key, in)
		if s.Outcome != grade.Malformed {
			t.Errorf("%q: %s", hostile, s.Outcome)
		}
		readHTML(t, feedbackIn(t, "html", s, key, false))
		for _, format := range []string{"text", "markdown"} {
			output := feedbackIn(t, format, s, key, false)
			rendertest.NoneHidden(t, output)
			if format == "markdown" {
				readMarkdown(t, output)
			}
		}
	}
}

var (
	tagPattern  = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(/?)>`)
	attrPattern = regexp.MustCompile(` ([a-zA-Z0-9-]+)="([^"<>]*)"`)
	unescaped   = regexp.MustCompile(`&(?:[^a-z#]|$)|[>"]`)
	voidTags    = []string{"meta", "br"}
	// pageTags are the elements of the pages, and the attributes that each may have.
	pageTags = map[string]string{
		"html": "lang", "head": "", "meta": "charset http-equiv content name", "title": "", "style": "", "body": "", "br": "",
		"main": "class", "section": "class", "article": "class", "h1": "", "h2": "", "h3": "", "h4": "", "p": "class",
		"bdi": "", "code": "", "pre": "", "span": "class", "mark": "", "strong": "", "div": "class role aria-label tabindex",
		"table": "class", "caption": "class", "thead": "", "tbody": "", "tr": "", "th": "scope class", "td": "class",
		"dl": "class", "dt": "", "dd": "", "ul": "", "li": "", "details": "", "summary": "", "figure": "", "figcaption": "",
		"svg": "viewBox role aria-label class preserveAspectRatio aria-hidden", "line": "class x1 y1 x2 y2",
		"rect": "class x y width height", "text": "x y text-anchor",
	}
)

// readHTML reads a page as a strict reader does, who takes every < for a tag and
// every & for a character reference, and gives its tags and its text. It fails
// for a tag or an attribute that the templates do not have, for one that is left
// open, and for a style that the page's policy does not allow.
func readHTML(t *testing.T, page string) (tags []string, text string) {
	t.Helper()
	rest, ok := strings.CutPrefix(page, "<!DOCTYPE html>\n")
	if !ok {
		t.Fatalf("the page has no doctype:\n%s", page)
	}
	var open []string
	var b strings.Builder
	for rest != "" {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			at = len(rest)
		}
		if at > 0 {
			b.WriteString(readText(t, rest[:at]))
			rest = rest[at:]
			continue
		}
		m := tagPattern.FindStringSubmatch(rest)
		if m == nil {
			t.Fatalf("no tag: %.60q", rest)
		}
		rest = rest[len(m[0]):]
		tags = append(tags, readTag(t, m))
		switch name := m[2]; {
		case m[1] == "/":
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		case name == "style":
			style, after, _ := strings.Cut(rest, "</style>")
			rest = after
			sum := sha256.Sum256([]byte(style))
			if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(html.UnescapeString(page), "default-src 'none'; style-src 'sha256-"+hash+"'") {
				t.Errorf("the policy does not allow the style, %s", hash)
			}
		case m[4] == "" && !slices.Contains(voidTags, name):
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v are left open", open)
	}
	return tags, b.String()
}

// readText gives a text between tags. Each & in it begins a reference.
func readText(t *testing.T, s string) string {
	t.Helper()
	if bad := unescaped.FindString(s); bad != "" {
		t.Errorf("%q is not escaped in %q", bad, s)
	}
	return html.UnescapeString(s)
}

// readTag gives a tag without the text of its attributes.
func readTag(t *testing.T, m []string) string {
	t.Helper()
	allowed, ok := pageTags[m[2]]
	if !ok {
		t.Errorf("the templates have no element %s", m[0])
	}
	tag := m[1] + m[2]
	for _, a := range attrPattern.FindAllStringSubmatch(m[3], -1) {
		if !slices.Contains(strings.Fields(allowed), a[1]) {
			t.Errorf("the templates have no attribute %s in %s", a[1], m[0])
		}
		tag += " " + a[1]
		if a[1] == "class" {
			tag += "=" + a[2]
		}
	}
	return tag
}

// Every heading, table and figure is there for a reader who does not see the
// page: headings come in order, tables have captions and their heads a scope.
func TestPagesAreAccessible(t *testing.T) {
	for _, format := range []string{"plain", "</script><img src=x onerror=1>"} {
		pages := append(reports(t, "html", rendertest.HostileClass(t, format)), classIn(t, "html", rendertest.QuizClass(t)))
		for _, page := range pages {
			tags, _ := readHTML(t, page)
			level, tables := 0, 0
			for i, tag := range tags {
				if len(tag) == 2 && tag[0] == 'h' {
					if now := int(tag[1] - '0'); now > level+1 {
						t.Errorf("a heading of level %d comes after one of level %d", now, level)
					} else {
						level = now
					}
				}
				if strings.HasPrefix(tag, "table") {
					tables++
					if !strings.HasPrefix(tags[i+1], "caption") {
						t.Errorf("a table begins with %s, and has no caption", tags[i+1])
					}
				}
				if strings.HasPrefix(tag, "th") && tag != "thead" && !strings.HasPrefix(tag, "th scope") {
					t.Errorf("%s has no scope", tag)
				}
			}
			for _, once := range []string{"main", "main class=wide", "h1"} {
				if n := len(slices.DeleteFunc(slices.Clone(tags), func(s string) bool { return s != once })); n > 1 {
					t.Errorf("%d of %s", n, once)
				}
			}
		}
	}
}

// Markdown keeps its lines: those of a hostile class begin as those of a
// harmless one, blocks of code apart, and nothing in them is markup, a link, a
// mention or a cell.
func TestHostileMarkdown(t *testing.T) {
	var harmless [][]string
	for _, output := range reports(t, "markdown", rendertest.HostileClass(t, "plain")) {
		harmless = append(harmless, readMarkdown(t, output))
	}
	for _, hostile := range rendertest.Lines {
		for i, output := range reports(t, "markdown", rendertest.HostileClass(t, hostile)) {
			if got := readMarkdown(t, output); !slices.Equal(got, harmless[i]) {
				t.Errorf("%q: page %d has other lines than that of a harmless class:\n%s", hostile, i, output)
			}
		}
	}
}

var (
	lineStart = regexp.MustCompile("^(#{1,3} |- (?:\\*[^*]*\\*: )?|\\| |\\*\\*[^*]*\\*\\*|`{3,}$|[0-9]+\\.|[+=-]|$)")
	cellEnds  = regexp.MustCompile(` \| |\|$`)
	escapes   = regexp.MustCompile(`\\\\|&(?:#64|#58|#46|amp);`)
	fences    = regexp.MustCompile("`+")
	markup    = regexp.MustCompile("(?:^|[^\\\\])[<>*_\\[\\]()~@!#|{}`]|://|www\\.")
)

// readMarkdown gives how each line begins. It fails where a text is not escaped.
func readMarkdown(t *testing.T, text string) []string {
	t.Helper()
	var starts []string
	fence := ""
	for _, line := range strings.Split(text, "\n") {
		if fence != "" {
			if line == fence {
				fence = ""
			}
			continue
		}
		start := lineStart.FindString(line)
		rest := withoutCode(line[len(start):])
		if strings.HasPrefix(start, "```") {
			fence, start = line, "```"
		}
		starts = append(starts, strings.TrimRight(start, "0123456789"))
		switch {
		case start == "| ":
			rest = cellEnds.ReplaceAllString(rest, "")
		case strings.HasPrefix(start, "**"):
			rest = strings.Trim(rest, " ()")
		}
		rest = escapes.ReplaceAllString(rest, "")
		if bad := markup.FindString(rest); bad != "" {
			t.Errorf("%q is not escaped in %q", bad, line)
		}
	}
	if fence != "" {
		t.Errorf("a block of code is left open:\n%s", text)
	}
	return starts
}

// withoutCode gives a line without its spans of code: each ends with as many
// backticks as it begins with.
func withoutCode(s string) string {
	out := ""
	for {
		at := fences.FindStringIndex(s)
		if at == nil {
			return out + s
		}
		before, fence, rest := s[:at[0]], s[at[0]:at[1]], s[at[1]:]
		if escaped := strings.HasSuffix(before, `\`); escaped {
			out, s = out+before+fence, rest
			continue
		}
		end := slices.IndexFunc(fences.FindAllStringIndex(rest, -1), func(in []int) bool { return in[1]-in[0] == len(fence) })
		if end < 0 {
			out, s = out+before+fence, rest
			continue
		}
		out, s = out+before, rest[fences.FindAllStringIndex(rest, -1)[end][1]:]
	}
}
