package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"raftsheet/trace"
)

// Law: what is written is read back as it was, whatever students and files are
// called and whatever stands on the sheets. If this fails, a decision is lost, or is
// used on another's sheet.
func TestWriteRead(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"ok", "no", "null", "~", "1:x", "[1:a, 2:b]", "give: right", "- x", "#", "a\nb", "\u2028", "...", "---", "{", "\x00", "&a", "*a", "!!int 3", "'", `"`}))
	some := rapid.StringN(1, 20, -1)
	cell := rapid.Custom(func(t *rapid.T) Cell {
		return Cell{some.Draw(t, "step"), some.Draw(t, "node"), some.Draw(t, "field"), text.Draw(t, "written"), text.Draw(t, "right")}
	})
	sheet := rapid.Custom(func(t *rapid.T) Sheet {
		return Sheet{File: some.Draw(t, "file"), Student: text.Draw(t, "student"), ID: text.Draw(t, "id"), Digest: text.Draw(t, "digest")}
	})
	rapid.Check(t, func(t *rapid.T) {
		l := &List{File: "l.yaml", Key: text.Draw(t, "key")}
		for range rapid.IntRange(0, 4).Draw(t, "decisions") {
			d := Decision{Cells: rapid.SliceOfN(cell, 0, 3).Draw(t, "cells"), Why: text.Draw(t, "why"), Worth: "1", Key: rapid.SampledFrom([]string{"", "0a1b"}).Draw(t, "its key"),
				Sheets: rapid.SliceOfN(sheet, 1, 3).Draw(t, "sheets")}
			switch d.Unread = len(d.Cells) == 1; {
			case len(d.Cells) == 0 && rapid.Bool().Draw(t, "as another"):
				d.Variant.Text = rapid.SampledFrom([]string{"1006", "B", "a b", "null"}).Draw(t, "variant")
			case d.Unread && rapid.Bool().Draw(t, "read"):
				d.Read.Text = rapid.SampledFrom([]string{"ok", "[1:a, 2:b]", "'x'", "3"}).Draw(t, "meant")
			default:
				d.Give.Text = rapid.SampledFrom([]string{"", "right", "wrong", "0.5"}).Draw(t, "given")
			}
			d.Note.Text = strings.TrimSpace(text.Draw(t, "note"))
			l.Decisions = append(l.Decisions, d)
		}
		data := Write(l)
		got, errs := Read("l.yaml", data)
		if errs != nil {
			t.Fatalf("%v\n%s", errs, data)
		}
		opts := cmp.Options{cmpopts.IgnoreTypes(trace.Pos{}), cmpopts.IgnoreFields(Decision{}, "Unread"), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(l, got, opts); diff != "" {
			t.Fatalf("-written +read:\n%s\n%s", diff, data)
		}
	})
}

// What cannot be a list is an error at its place, with what would be right; an
// instructor's file is never half used.
func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "l.yaml:1:1: this is not a list of decisions"},
		{"steps: []\n", "l.yaml:1:1: this is not a list"},
		{"- a\n", "l.yaml:1:1: this is not a list"},
		{"decisions: [\n", "l.yaml:"},
		{"decisions: 3\n", "l.yaml:1:12: decisions is a list, not "},
		{"decisions: [3]\n", "l.yaml:1:13: a decision is a mapping, not "},
		{"decisions:\n- stepp: a\n", `l.yaml:2:3: unknown key "stepp"; did you mean "step"?`},
		{"decisions:\n- {step: a, node: 1, give: right, sheets: [{file: f}]}\n", "l.yaml:2:3: a cell has a step, a node and a field"},
		{"decisions:\n- {step: a, node: 1, field: x, give: right}\n", "l.yaml:2:3: this decision lists no sheets"},
		{"decisions:\n- {step: a, node: 1, field: x, give: right, read: ok, sheets: [{file: f}]}\n", "l.yaml:2:51: fill in give or read, not both"},
		{"decisions:\n- {give: 1, variant: B, sheets: [{file: f}]}\n", "l.yaml:2:22: fill in variant or give, not both"},
		{"decisions:\n- {step: a, node: 1, field: x, variant: B, sheets: [{file: f}]}\n", "l.yaml:2:41: variant is of whole sheets"},
		{"decisions:\n- {read: ok, sheets: [{file: f}]}\n", "l.yaml:2:10: read is what was meant in one cell, and here are 0"},
		{"decisions:\n- {give: [right], sheets: [{file: f}]}\n", "l.yaml:2:10: give is a text, not a list"},
		{"decisions:\n- {give: 1, give: 2, sheets: [{file: f}]}\n", "l.yaml:2:"},
		{"decisions:\n- {step: a, node: 1, field: x, sheets: [{file: f}], read: {a: 1,\n b: 2}}\n", "l.yaml:2:59: read is what would be typed in the cell, on one line"},
		{"decisions:\n- {sheets: &a [{file: f}]}\n- {sheets: *a}\n", "l.yaml:3:12: a list of decisions has no aliases"},
		{"decisions: []\n---\ndecisions: []\n", "l.yaml:3:1: a list of decisions is one document"},
		{"decisions:\n- give: \xff\n", "l.yaml:2:9: "},
	} {
		_, errs := Read("l.yaml", []byte(c.text))
		if len(errs) == 0 || !strings.HasPrefix(errs[0].Error(), c.says) {
			t.Errorf("%q gives %v, want %s", c.text, errs, c.says)
		}
	}
}

// A list as an instructor may leave it: comments, other quotes, blanks filled in by
// hand, keys in another order.
func TestReadAsEdited(t *testing.T) {
	l, errs := Read("l.yaml", []byte(`# mine
key: k
decisions:
  - give:   right    # clear enough
    sheets: [{file: 'a b.yaml'}]
    field: voteGranted
    node: 3
    step: "RV1"
  - {step: s, node: n, field: log, sheets: [{file: f}], read: [1:a, 2:b], note: 'so: it is'}
  - sheets:
      - file: photo.jpg
    give: ~
    note: >
      look at it
      tomorrow
`))
	if errs != nil || l.Filled() != 3 || len(l.Decisions) != 3 {
		t.Fatalf("%v, %+v", errs, l)
	}
	first, second, third := l.Decisions[0], l.Decisions[1], l.Decisions[2]
	if first.Give.Text != "right" || first.Give.Pos != (trace.Pos{Line: 4, Column: 13}) || first.Cells[0] != (Cell{Step: "RV1", Node: "3", Field: "voteGranted"}) {
		t.Errorf("the first: %+v", first)
	}
	if second.Read.Text != "[1:a, 2:b]" || second.Note.Text != "so: it is" {
		t.Errorf("the second: %+v", second)
	}
	if third.Decided() || third.Note.Text != "look at it tomorrow" {
		t.Errorf("the third: %+v", third)
	}
}
