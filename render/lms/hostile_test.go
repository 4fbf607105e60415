package lms

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

// This file has what a hostile submission and a full disk do to the reports.

// Whatever is written in a submission, each report reads back as what it is, and
// shows nothing that hides, moves a cursor, or is a command or a formula.
func TestGradesHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		for _, malformed := range []bool{false, true} {
			c := bookHostile(t, text, malformed)
			s := &c.Submissions[0]
			if (s.Outcome == grade.Malformed) != malformed {
				t.Fatalf("%q: %s %s", text, s.Outcome, s.Why)
			}
			for _, format := range allFormats() {
				out := bookGrades(t, format, c, true)
				rendertest.NoneHidden(t, out)
				for line := range strings.Lines(out) {
					if strings.HasPrefix(strings.TrimLeft(line, ` "`), "::") || strings.Contains(line, "##[") {
						t.Errorf("%s, %q: a workflow takes %q for a command", format, text, line)
					}
				}
			}
			clean := doc.Clean(text)
			g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", c, true))
			if want := "Step " + clean + ": clientRequest"; malformed != (len(g.Tests) == 0) || !malformed && g.Tests[0].Name != want {
				t.Errorf("%q: gradescope's tests %+v", text, g.Tests)
			}
			if p := readStrictly[prairieRead](t, bookGrades(t, "prairielearn", c, true)); p.Gradable == malformed {
				t.Errorf("%q: prairielearn %+v", text, p)
			}
			if a := autolabScores(t, bookGrades(t, "autolab", c, true)); len(a) != 1 || a[text] == "" {
				t.Errorf("%q: autolab's scores %v", text, a)
			}
			j := readStrictly[gradesRead](t, bookGrades(t, "json", c, true))
			if sub := j.Submissions[0]; sub.Student.Name != text || sub.File != text || j.Key.Title != text || j.Key.Steps[0].Step != text {
				t.Errorf("%q: json %+v", text, sub)
			}
			rows := readCSV(t, bookGrades(t, "csv", c, true))
			if len(rows) != 2 || !strings.HasSuffix(rows[1][0], doc.Line(text)) || rows[1][4] != rows[1][0] || strings.ContainsAny(rows[1][0][:1], "=+-@\t\r\n") {
				t.Errorf("%q: csv %q", text, rows)
			}
		}
	}
}

// What is printed for Autolab stands in a log too: an error that has no place
// before it begins no command.
func TestAutolabCommand(t *testing.T) {
	c := bookClass(t, bookDee())
	c.Submissions[0].Errors = trace.Errors{{Msg: "::error::x"}}
	if got := bookGrades(t, "autolab", c, false); strings.Contains(got, "\n::") || !strings.Contains(got, `\x3a:error::x`) {
		t.Errorf("%s", got)
	}
}

// A full disk is no report.
func TestGradesWriteErrors(t *testing.T) {
	c := bookClass(t, bookBob())
	for _, format := range allFormats() {
		whole := len(bookGrades(t, format, c, true))
		for _, room := range []int{0, whole - 1} {
			if err := allGrades(&rendertest.BrokenPipe{Room: room}, format, c, true); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%s, room for %d of %d bytes: error %v", format, room, whole, err)
			}
		}
	}
}

// Reports of the same class are the same bytes twice: nothing of a map's order
// or of the clock is in them.
func TestGradesTwice(t *testing.T) {
	for _, format := range allFormats() {
		var a, b bytes.Buffer
		for _, w := range []*bytes.Buffer{&a, &b} {
			if err := allGrades(w, format, bookClass(t, bookBob()), false); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs", format)
		}
	}
}
