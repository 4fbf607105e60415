package quiz

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/raft/wide"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// What a reader finds, see testdata/read.py.
type (
	foundQuestion struct {
		Name, Text, Kind, Points, Why string
		Cells                         []foundCell
	}
	foundCell struct {
		Label, Points string
		Typed         bool
		Options       []foundOption
	}
	foundOption struct {
		Text, Why string
		Right     bool
	}
)

// quizzes are the questions of all examples, and of keys whose texts try to leave their
// place.
func quizzes(t *testing.T) (names []string, all []*Quiz) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", "*.yaml"))
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	add := func(name, text string) {
		for _, tr := range rendertest.Traces(t, text) {
			k, err := grade.NewKey(tr)
			if err != nil {
				continue // it asks for nothing
			}
			z, err := New(k)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			names, all = append(names, name), append(all, z)
		}
	}
	for _, file := range append(files, filepath.Join("..", "..", "..", "examples", "grading", "key.yaml")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		add(file, string(text))
	}
	add("the quiz of the tests", rendertest.QuizKey)
	for _, text := range slices.Concat(rendertest.Lines, hostile) {
		names, all = append(names, fmt.Sprintf("%q", text)), append(all, hostileQuiz(t, text))
	}
	return names, all
}

// hostile are texts that mean something to one of the systems.
var hostile = []string{"{1:SHORTANSWER:=mine}", "{#1}", "a~b#c}d", `a\~b\#c\}d\\`, "[c1]", "[c1", "=%100%x", "a->b", "*", `a\*b*`, "&amp;#39;&", "@@PLUGINFILE@@/x",
	"::x:: {T}", "// a\n// b", "\n\n", "$CATEGORY: x", "%50%", "[html]<b>x</b>", "####", "]]>", "&#126;", "x&", "1:a, 2:b", "' '"}

// hostileQuiz has a text as title, step id, note and value, asked for in a log.
func hostileQuiz(t *testing.T, text string) *Quiz {
	t.Helper()
	z, err := New(rendertest.HostileClass(t, text).Key)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// read writes each quiz as a file, and has a program read them.
func read(t *testing.T, format string, all []*Quiz, program ...string) [][]foundQuestion {
	t.Helper()
	dir := t.TempDir()
	for i, z := range all {
		var b bytes.Buffer
		if err := Write(&b, format, []*Quiz{z}, func(string) {}); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		program = append(program, name)
	}
	var said bytes.Buffer
	c := exec.Command(program[0], program[1:]...)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	var found [][]foundQuestion
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	if len(found) != len(all) {
		t.Fatalf("%d files were read, and %d were written", len(found), len(all))
	}
	return found
}

// lines is the text of blocks, a line for each paragraph and entry.
func lines(bs []Block, cell func(n int) string) string {
	var out strings.Builder
	add := func(s string) { out.WriteString(doc.Clean(s) + "\n") }
	for _, b := range bs {
		if b.Head != "" {
			add(b.Head)
		}
		if b.Text != "" {
			add(b.Text)
		}
		if len(b.Rows) > 0 {
			for _, c := range b.Columns {
				add(c)
			}
		}
		for _, row := range b.Rows {
			for _, e := range row {
				if e.Cell > 0 {
					e.Text = cell(e.Cell)
				}
				add(e.Text)
			}
		}
	}
	return out.String()
}

// reasonLines is the text of the reasons of cells.
func reasonLines(cells []Cell) (out string) {
	for _, c := range cells {
		out += doc.Clean(c.Label+": "+c.Right[0]) + "\n" + doc.Clean(c.Why) + "\n"
	}
	return out
}

// same holds what was found in each file against what is wanted.
func same(t *testing.T, names []string, found [][]foundQuestion, all []*Quiz, want func(*Quiz) []foundQuestion) {
	t.Helper()
	for i, z := range all {
		wanted := want(z)
		if len(wanted) != len(found[i]) {
			t.Errorf("%s: %d questions were read, and %d were written", names[i], len(found[i]), len(wanted))
			continue
		}
		for n := range wanted {
			if d := cmp.Diff(wanted[n], found[i][n]); d != "" {
				t.Errorf("%s: read back it is otherwise (-want +got):\n%.1500s", names[i], d)
			}
		}
	}
}

func category(z *Quiz) foundQuestion {
	return foundQuestion{Name: "$course$/top/" + strings.ReplaceAll(oneLine(z.called()), "/", "//"), Cells: []foundCell{}}
}

// options are what a cell may be given.
func options(c *Cell, why string) (out []foundOption) {
	for _, choice := range c.Choices {
		out = append(out, foundOption{Text: doc.Clean(choice), Why: why, Right: choice == c.Right[0]})
	}
	if c.Choices == nil {
		for _, right := range c.Right {
			out = append(out, foundOption{Text: right, Why: why, Right: true})
		}
	}
	return out
}

// Cloze comes out of Moodle's XML as it went in. If this fails, a class is asked
// something else, or marked by a cut answer.
func TestMoodleReads(t *testing.T) {
	names, all := quizzes(t)
	found := read(t, "moodle-xml", all, wide.Tool(t, "python3"), filepath.Join("testdata", "read.py"), "moodle-xml")
	same(t, names, found, all, func(z *Quiz) []foundQuestion {
		out := []foundQuestion{category(z)}
		points := z.inUnits(func(string) {})
		for i := range z.Steps {
			s := &z.Steps[i]
			q := foundQuestion{Name: oneLine(z.name(s)), Text: lines(slices.Concat(s.Text, s.Form), func(n int) string { return fmt.Sprintf("((%d))", n) })}
			for j := range s.Cells {
				c := &s.Cells[j]
				why := doc.Clean(c.Why)
				cell := foundCell{Points: points[j], Typed: c.Choices == nil, Options: options(c, why)}
				for n := range cell.Options {
					if cell.Typed {
						cell.Options[n].Text = unstarred(cell.Options[n].Text)
					}
				}
				if cell.Typed {
					cell.Options = append(cell.Options, foundOption{Text: "*", Why: why})
				}
				q.Cells = append(q.Cells, cell)
			}
			points = points[len(s.Cells):]
			out = append(out, q)
		}
		return out
	})
}

// The package for Canvas has each step's questions, with all of a cell's answers. If
// this fails, Canvas refuses the file, or marks by another answer.
func TestCanvasReads(t *testing.T) {
	names, all := quizzes(t)
	found := read(t, "qti", all, wide.Tool(t, "python3"), filepath.Join("testdata", "read.py"), "qti")
	same(t, names, found, all, func(z *Quiz) (out []foundQuestion) {
		for i := range z.Steps {
			s := &z.Steps[i]
			parts := partsOf(s)
			for n, places := range parts {
				q := foundQuestion{Name: oneLine(z.name(s))}
				if len(parts) > 1 {
					q.Name += fmt.Sprintf(", part %d of %d", n+1, len(parts))
				}
				q.Text = lines(slices.Concat(s.Text, s.Form), func(n int) string {
					if at := slices.Index(places, n); at >= 0 {
						return fmt.Sprintf("((%d))", at+1)
					}
					return "…"
				})
				var cells []Cell
				for _, p := range places {
					c := &s.Cells[p-1]
					cells = append(cells, *c)
					cell := foundCell{Typed: c.Choices == nil, Options: options(c, "")}
					for n := range cell.Options {
						cell.Options[n].Text = doc.Clean(cell.Options[n].Text)
					}
					q.Cells = append(q.Cells, cell)
				}
				q.Points, q.Why = points(cells).String(), reasonLines(cells)
				out = append(out, q)
			}
		}
		return out
	})
}

// A parser of GIFT finds each question. If this fails, Moodle leaves some out, or cuts
// them where a value has a sign of GIFT.
func TestGIFTReads(t *testing.T) {
	names, all := quizzes(t)
	parser := npmFolder(t, "gift-pegjs")
	found := read(t, "gift", all, wide.Tool(t, "node"), filepath.Join("testdata", "read.js"), parser)
	same(t, names, found, all, func(z *Quiz) []foundQuestion {
		out := []foundQuestion{category(z)}
		for i := range z.Steps {
			s := &z.Steps[i]
			text := lines(s.Text, nil)
			answers := slices.DeleteFunc(slices.Clone(s.Cells), func(c Cell) bool { return !c.Answer })
			if len(answers) > 1 {
				q := foundQuestion{Name: oneLine(z.name(s) + ": answers"), Text: text + "Which node answers what?\n", Kind: "Matching", Why: reasonLines(answers)}
				given := make(map[string]bool)
				for _, c := range answers {
					q.Cells = append(q.Cells, foundCell{Label: c.Label, Options: []foundOption{{Text: c.Right[0], Right: true}}})
					given[c.Right[0]] = true
				}
				for _, choice := range []string{"ok", "no", "none"} {
					if !given[choice] {
						q.Cells = append(q.Cells, foundCell{Options: []foundOption{{Text: choice, Right: true}}})
					}
				}
				out = append(out, q)
			}
			for j := range s.Cells {
				c := &s.Cells[j]
				if c.Answer && len(answers) > 1 {
					continue
				}
				q := foundQuestion{Name: oneLine(z.name(s) + ": " + c.Label), Text: text + doc.Clean("Asked: "+c.Label+".") + "\n", Kind: "MC",
					Why: reasonLines(s.Cells[j : j+1]), Cells: []foundCell{{Options: options(c, "")}}}
				for n := range q.Cells[0].Options {
					if c.Choices == nil {
						q.Kind = "Short"
						q.Cells[0].Options[n].Text = strings.ReplaceAll(unstarred(q.Cells[0].Options[n].Text), "->", "-*>")
					}
				}
				out = append(out, q)
			}
		}
		return out
	})
}

// npmFolder gives the folder of a package that npm has installed beside a folder of the
// path, node_modules/.bin.
func npmFolder(t *testing.T, name string) string {
	t.Helper()
	wide.Only(t)
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		found := filepath.Join(dir, "..", name)
		if _, err := os.Stat(found); err == nil {
			return found
		}
	}
	t.Fatalf("%s is not installed; .ci/run installs it", name)
	return ""
}
