package render

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"raftsheet/check"
	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

// This file puts every hostile text wherever a trace, a submission, a key or a
// file's name takes one, and reads every view in every format back.

// views are all views of things that hold a text. One that is missing here is
// one whose texts nobody has looked at.
var views = map[string]func(t *testing.T, text string) []*doc.Document{
	"check": func(_ *testing.T, text string) []*doc.Document {
		files := []*check.File{rendertest.HostileFile(text), rendertest.MalformedFile(text)}
		read := check.ReadFile(text, strings.NewReader(string(files[0].Source.Bytes())), trace.DefaultLimits())
		says := make(map[*check.Report]*grade.Diagnosis)
		for _, r := range files[0].Reports {
			says[r] = &grade.Diagnosis{Verdict: grade.Tie, Apart: text, Explanations: []grade.Explanation{{Deviations: raft.Deviations()[:2]}}}
		}
		return []*doc.Document{Check(files, CheckOptions{Notes: true, Malformed: true, Diagnoses: says}),
			Check([]*check.File{read}, CheckOptions{Malformed: true, ReadOnly: true}), Errors(files[1].Source, files[1].Errors)}
	},
	"show": func(t *testing.T, text string) []*doc.Document {
		run := hostileRun(t, text)
		return []*doc.Document{Show(run, ShowOptions{}), Show(run, ShowOptions{Blank: true})}
	},
	"blank": func(*testing.T, string) []*doc.Document {
		return []*doc.Document{Blank(BlankSheet{Nodes: 12, AppendEntries: 1, RequestVotes: 1})}
	},
	"questions": func(t *testing.T, text string) []*doc.Document {
		key := rendertest.HostileClass(t, text).Key
		return []*doc.Document{Questions(key), Answers(key, DefaultRows)}
	},
	"explain": func(t *testing.T, text string) []*doc.Document {
		run := hostileRun(t, text)
		return []*doc.Document{Explain(Explanations(run, 1, []raft.NodeID{1, 2}), run, 1), Explain(nil, run, 1)}
	},
	"compare": func(t *testing.T, text string) []*doc.Document {
		rules, err := raft.RulesNamed("always-truncate")
		if err != nil {
			t.Fatal(err)
		}
		c := variant.NewDiff(rendertest.HostileTrace(t, text), raft.Figure2(), rules)
		return []*doc.Document{Compare([]*variant.Diff{c, c}, false), Compare([]*variant.Diff{c}, true)}
	},
	"coverage": func(t *testing.T, text string) []*doc.Document {
		tr := rendertest.HostileTrace(t, text)
		one, _ := variant.Cover([]*trace.Trace{tr})
		two, _ := variant.Cover([]*trace.Trace{tr, tr})
		return []*doc.Document{Coverage(one, CoverageOptions{}), Coverage(two, CoverageOptions{Files: []*check.File{rendertest.MalformedFile(text)}})}
	},
	"rules": func(_ *testing.T, text string) []*doc.Document {
		m := Misbelief{Deviation: raft.Deviations()[0], File: text, Trace: []byte(text + "\n"), Checked: rendertest.HostileFile(text), Alike: []string{text}}
		docs := []*doc.Document{ExplainDeviation(m)}
		if text == "plain" { // these hold no text of a file
			docs = append(docs, Rules(Catalogue{Rules: raft.Rulebook(), Deviations: raft.Deviations(), Sets: raft.Sets()}), Rules(Catalogue{Rules: raft.Rulebook()[:1]}))
			for _, s := range raft.Sets() {
				docs = append(docs, ExplainSet(s))
			}
		}
		return docs
	},
	"marks": func(t *testing.T, text string) []*doc.Document {
		return []*doc.Document{Marks(rendertest.HostileClass(t, text)), Marks(rendertest.HostileVariants(t, text))}
	},
	"class": func(t *testing.T, text string) []*doc.Document {
		return []*doc.Document{Class(rendertest.HostileClass(t, text)), Class(rendertest.HostileVariants(t, text))}
	},
	"own": func(t *testing.T, text string) []*doc.Document {
		c := rendertest.OwnClass(t, text)
		docs := []*doc.Document{Marks(c), Class(c)}
		for i := range c.Submissions {
			docs = append(docs, Feedback(&c.Submissions[i], c.KeyOf(&c.Submissions[i]), false), Feedback(&c.Submissions[i], c.KeyOf(&c.Submissions[i]), true))
		}
		return docs
	},
	"copies": func(t *testing.T, text string) []*doc.Document {
		return []*doc.Document{Copies(copies.Find(rendertest.HostileClass(t, text))), Copies(hostileCopies(t, text))}
	},
	"feedback": func(t *testing.T, text string) []*doc.Document {
		c := rendertest.HostileClass(t, text)
		var docs []*doc.Document
		for i := range c.Submissions {
			docs = append(docs, Feedback(&c.Submissions[i], c.Key, false), Feedback(&c.Submissions[i], c.Key, true))
		}
		return docs
	},
}

// hostileCopies is a report on two sheets whose names, files and answers are the text.
func hostileCopies(t *testing.T, text string) *copies.Report {
	c := rendertest.HostileClass(t, text)
	s := &c.Submissions[slices.IndexFunc(c.Submissions, func(s grade.Submission) bool { return s.Outcome == grade.Marked })]
	cell := s.Sheet.Marks[0].Cell
	return &copies.Report{Class: c, Compared: 2, Blind: true, Matches: []copies.Match{{
		Key:    c.Key,
		Sheets: []copies.Side{{Submission: s, Mistakes: 1, Same: []*grade.Submission{s}}, {Submission: s, Mistakes: 1}},
		Shared: []copies.Mistake{{Cell: cell, Written: text, Others: 1}}, Explained: 1, Differ: 1, Chance: .1}}}
}

// hostileRun is the replay of a trace that holds the text.
func hostileRun(t *testing.T, text string) *replay.Run {
	t.Helper()
	run, err := check.ReplayWith(rendertest.HostileTrace(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// shown are the documents of each view and text: making them takes longer than
// writing them.
var shown = make(map[string][]*doc.Document)

// pages are a view's documents in a format.
func pages(t *testing.T, view, format, text string, opt doc.Options) []string {
	t.Helper()
	key := view + ":" + text
	if shown[key] == nil {
		shown[key] = views[view](t, text)
	}
	var out []string
	for _, d := range shown[key] {
		var b strings.Builder
		if err := doc.Write(&b, format, d, opt); err != nil {
			t.Fatalf("%s as %s: %v", view, format, err)
		}
		out = append(out, b.String())
	}
	return out
}

// eachHostile goes through every view with every hostile text.
func eachHostile(t *testing.T, do func(t *testing.T, view, text string)) {
	for view := range views {
		t.Run(view, func(t *testing.T) {
			for _, text := range rendertest.Lines {
				do(t, view, text)
			}
		})
	}
}

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

// On a terminal and in a log nothing is hidden, and no line begins a command or
// holds one, in colour and without, however narrow.
func TestHostileText(t *testing.T) {
	eachHostile(t, func(t *testing.T, view, text string) {
		for _, opt := range []doc.Options{{}, {Color: true, Width: 30}} {
			for _, page := range pages(t, view, "text", text, opt) {
				page = sgr.ReplaceAllString(page, "")
				rendertest.NoneHidden(t, page)
				noCommand(t, text, page)
			}
		}
	})
}

// sgr is a colour that the text writer sets.
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// noCommand fails if a line of a log would be a command.
func noCommand(t *testing.T, text, page string) {
	t.Helper()
	for line := range strings.Lines(page) {
		if strings.HasPrefix(strings.TrimLeft(line, " "), "::") || strings.Contains(line, "##[") || strings.Contains(strings.ToLower(line), "##vso[") {
			t.Errorf("%q: the line %q is a command", text, line)
		}
	}
}

// In a page no element, attribute or script comes out of a text: the page of a
// hostile trace has the tags of a harmless one's, byte by byte, and its text
// reads as the text that was put in, to a strict reader and to a browser's.
func TestHostileHTML(t *testing.T) {
	harmless := make(map[string][][]string)
	for view := range views {
		for _, page := range pages(t, view, "html", "plain", doc.Options{}) {
			tags, _ := readHTML(t, page)
			harmless[view] = append(harmless[view], tags)
		}
	}
	eachHostile(t, func(t *testing.T, view, hostile string) {
		for i, page := range pages(t, view, "html", hostile, doc.Options{}) {
			rendertest.NoneHidden(t, page)
			noCommand(t, hostile, page)
			tags, text := readHTML(t, page)
			if !slices.Equal(tags, harmless[view][i]) {
				t.Errorf("%q: page %d has other tags than that of a harmless trace:\n%s", hostile, i, page)
			}
			if parsed := parseHTML(t, page); view != "blank" && (!strings.Contains(text, doc.Clean(hostile)) || !strings.Contains(parsed, doc.Clean(hostile))) {
				t.Errorf("%q: page %d does not have it as text:\n%s", hostile, i, text)
			}
		}
	})
}

// parseHTML reads a page as browsers do, and gives its text. It fails for an
// element that could run or load something.
func parseHTML(t *testing.T, page string) string {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case nethtml.TextNode:
			b.WriteString(n.Data)
		case nethtml.ElementNode:
			if slices.Contains([]string{"script", "img", "iframe", "object", "link", "a", "form", "base"}, n.Data) {
				t.Errorf("a browser finds the element %s", n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" || a.Key == "src" || a.Key == "style" {
					t.Errorf("a browser finds the attribute %s", a.Key)
				}
			}
		case nethtml.CommentNode:
			t.Errorf("a browser finds the comment %q", n.Data)
		}
	}
	return b.String()
}

// What a file that cannot be read has in the line that is shown is text as well.
func TestHostileExcerpts(t *testing.T) {
	key := rendertest.Key(t, rendertest.QuizKey)
	for _, hostile := range rendertest.Lines {
		in := rendertest.HandedIn("Kim", "kim.yaml", "nodes: 3\nsteps:\n  - "+hostile+": 1\n  - \"x"+hostile+"\n")
		s := rendertest.Marked(key, in)
		if s.Outcome == grade.Marked || len(s.Errors) == 0 {
			t.Errorf("%q: %s, %d errors", hostile, s.Outcome, len(s.Errors))
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
	for view := range views {
		for _, page := range append(pages(t, view, "html", "plain", doc.Options{}), classIn(t, "html", rendertest.QuizClass(t))) {
			tags, _ := readHTML(t, page)
			level, tables := 0, 0
			for i, tag := range tags {
				if len(tag) == 2 && tag[0] == 'h' {
					if now := int(tag[1] - '0'); now > level+1 {
						t.Errorf("%s: a heading of level %d comes after one of level %d", view, now, level)
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

// Markdown keeps its lines: those of a hostile trace begin as those of a
// harmless one, blocks of code apart, and nothing in them is markup, a link, a
// mention or a cell.
func TestHostileMarkdown(t *testing.T) {
	harmless := make(map[string][][]string)
	for view := range views {
		for _, page := range pages(t, view, "markdown", "plain", doc.Options{}) {
			harmless[view] = append(harmless[view], readMarkdown(t, page))
		}
	}
	eachHostile(t, func(t *testing.T, view, hostile string) {
		for i, page := range pages(t, view, "markdown", hostile, doc.Options{}) {
			rendertest.NoneHidden(t, page)
			noCommand(t, hostile, page)
			if got := readMarkdown(t, page); !slices.Equal(got, harmless[view][i]) {
				t.Errorf("%q: page %d has other lines than that of a harmless trace:\n%s", hostile, i, page)
			}
		}
	})
}
