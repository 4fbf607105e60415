package diagram_test

import (
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/render/diagram"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// pictures are the SVG pictures of a file: its life lines and its logs.
func pictures(t *testing.T, reports []*check.Report) map[string]string {
	t.Helper()
	var all []*diagram.Lifelines
	var moments []diagram.Panels
	for _, r := range reports {
		all = append(all, life(r))
		moments = append(moments, panels(t, r))
	}
	var life, logs strings.Builder
	if err := diagram.Write(&life, "svg", all); err != nil {
		t.Fatal(err)
	}
	if err := diagram.WritePanels(&logs, moments); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"life lines": life.String(), "logs": logs.String()}
}

// allowed is what a picture is made of: nothing that runs, loads, links or is
// named, so that several can stand on one page.
var allowed = map[string][]string{
	"svg": {"xmlns", "width", "height", "viewBox", "role"}, "title": nil, "desc": nil, "style": nil, "g": {"class"},
	"rect": {"x", "y", "width", "height", "rx", "class"}, "line": {"x1", "y1", "x2", "y2", "class"},
	"path": {"d", "class"}, "text": {"x", "y", "class"},
}

// textOf parses a picture, holds its elements against the allowed ones, and gives
// the text of each.
func textOf(t *testing.T, name, picture string) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Errorf("%s is not XML: %v", name, err)
			return texts
		}
		switch e := token.(type) {
		case xml.StartElement:
			attrs, known := allowed[e.Name.Local]
			if !known {
				t.Errorf("%s has an element <%s>", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if !slices.Contains(attrs, a.Name.Local) {
					t.Errorf("%s: <%s> has an attribute %s", name, e.Name.Local, a.Name.Local)
				}
			}
		case xml.CharData:
			texts = append(texts, string(e))
		case xml.Comment, xml.ProcInst, xml.Directive:
			t.Errorf("%s has a %T", name, e)
		}
	}
}

// Every example has its pictures, which stand alone and are the same each time.
// If this fails, a browser shows nothing, or a picture changes from run to run.
func TestSVG(t *testing.T) {
	for _, pattern := range []string{"*.yaml", "deviations/*.yaml", "grading/*.yaml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "examples", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no examples %s: %v", pattern, err)
		}
		for _, file := range files {
			name := filepath.ToSlash(strings.TrimPrefix(file, filepath.Join("..", "..", "examples")+string(filepath.Separator)))
			first, again := pictures(t, example(t, name)), pictures(t, example(t, name))
			for kind, picture := range first {
				textOf(t, name+", "+kind, picture)
				if picture != again[kind] {
					t.Errorf("%s, %s: another picture the second time", name, kind)
				}
				if regexp.MustCompile(`(?i)url\(|@import|NaN|Inf|%!`).MatchString(picture) {
					t.Errorf("%s, %s: it refers to something, or a number is none", name, kind)
				}
			}
		}
	}
}

// A text that tries to leave its place shows as itself. If this fails, a trace can
// run a script on the page that shows its picture.
func TestHostileSVG(t *testing.T) {
	for _, text := range rendertest.Texts {
		f := rendertest.HostileFile(text)
		if len(f.Reports) == 0 {
			t.Errorf("%q: %v", text, f.Errors)
			continue
		}
		for kind, picture := range pictures(t, f.Reports) {
			texts := textOf(t, kind, picture)
			if want := clean(text); strings.TrimSpace(text) != "" && !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, want) }) {
				t.Errorf("%s of %q: nothing says %q", kind, text, want)
			}
		}
	}
}

// clean is text as a picture says it.
func clean(s string) string { return doc.Clean(s) }
