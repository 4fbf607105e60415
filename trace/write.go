package trace

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"raftsheet/raft"
)

// Write writes traces as YAML, one a document, as a person would: a step an
// item; messages, answers and states in braces; lines of about 100 columns;
// quotes where they are needed. Read gives the same traces again, but for places
// and comments.
//
// A trace must have nodes, and name no others: that is an error, and nothing of
// this trace is written. What else Read would refuse is written as it is.
func Write(out io.Writer, traces ...*Trace) error {
	for i, t := range traces {
		w := writer{t: t}
		if w.document(); w.err != nil {
			return w.err
		}
		if i > 0 {
			if _, err := io.WriteString(out, "---\n"); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(out, w.String()); err != nil {
			return err
		}
	}
	return nil
}

// WriteForm writes a trace for people to type into. Title and student are there
// even if they are blank, and so is the sender of a message, which Write needs. The
// trace's comment comes right before the steps, and a line is left empty between
// them. Otherwise it is as Write has it.
func WriteForm(out io.Writer, t *Trace) error {
	w := writer{t: t, form: true}
	if w.document(); w.err != nil {
		return w.err
	}
	_, err := io.WriteString(out, w.String())
	return err
}

// document writes the trace.
func (w *writer) document() {
	if n := w.t.Size(); n == 0 || n > raft.MaxNodes {
		w.err = fmt.Errorf("the trace cannot be written: it has %d nodes; a cluster has 1 to %d", n, raft.MaxNodes)
		return
	}
	if !w.form {
		w.about()
	}
	keys := documentKeys.keys()
	for i := range keys {
		k := &keys[i]
		v, ok := k.write(w, w.t)
		if !ok && w.form && k.onForms {
			v, ok = value{}, true
		}
		if ok {
			w.blanks.mark(&v, k.name)
		}
		if v.block {
			w.WriteByte('\n')
		}
		if ok {
			w.WriteString(blockPair(k.name, &v, 0) + "\n")
		}
	}
	if len(w.t.Steps) == 0 {
		w.WriteString("steps: []\n")
		return
	}
	w.WriteByte('\n')
	if w.form {
		w.about()
	}
	w.WriteString("steps:\n")
	for i := range w.t.Steps {
		if w.blanks != nil {
			w.WriteString(stepSign)
		}
		if w.form && i > 0 {
			w.WriteByte('\n')
		}
		w.step(&w.t.Steps[i])
	}
}

// about writes what is said of the trace as a whole.
func (w *writer) about() {
	for _, line := range comment(w.t.Comment) {
		w.WriteString("# " + line + "\n")
	}
}

// step writes an item of the list of steps. A comment of one line that says where
// the step comes from goes behind the event, any other below the step.
func (w *writer) step(s *Step) {
	const indent, short = 4, 40
	said := comment(s.Comment)
	behind := len(said) == 1 && s.Event != nil && len(said[0]) <= short && !strings.Contains(said[0], " ")
	lead := "  - "
	keys := stepKeys.keys()
	for i := range keys {
		k := &keys[i]
		v, ok := k.write(w, s)
		if !ok || k.name == "id" && s.ID == strconv.Itoa(s.Number) {
			continue
		}
		w.blanks.mark(&v, k.name)
		w.WriteString(lead + blockPair(k.name, &v, indent))
		if behind && k.name == s.EventName() {
			w.WriteString("  # " + said[0])
		}
		w.WriteByte('\n')
		lead = "    "
	}
	if lead == "  - " {
		w.WriteString(lead + "{}\n")
	}
	for _, line := range said {
		if !behind {
			w.WriteString("    # " + line + "\n")
		}
	}
}

// A Field is a field of a message as it is written: its name, and its value as the
// format has it, empty for a blank.
type Field struct{ Name, Value string }

// Fields gives the fields of a step's message that are written, in the order of the
// format; none for an event that is one value.
func (t *Trace) Fields(s *Step) []Field {
	w := writer{t: t, form: true}
	var fields []Field
	events := eventKeys()
	for i := range events {
		if v, ok := events[i].write(&w, s); ok && v.open == '{' {
			for _, item := range v.items {
				fields = append(fields, Field{item.key, pair("", item).String()})
			}
		}
	}
	return fields
}

// blockPair gives a pair of a mapping without brackets, whose keys begin in a
// column, counted from 0.
func blockPair(key string, v *value, column int) string {
	f := folder{column: column}
	f.print(key + ":")
	switch {
	case v.block:
		for i := range v.items {
			item := v.items[i]
			f.newline(column + 2)
			f.WriteString(blockPair(item.key, new(pair("", item)), column+2))
		}
	case v.open == '|' || v.open == '>':
		f.lines(v, column+2)
	case v.open != 0 || v.text != "":
		f.print(" ")
		f.value(v, 0)
	}
	return f.String()
}

// comment gives the lines of a comment. What would end it, or would not show, is
// written as an escape.
func comment(s string) []string {
	if s == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		var b strings.Builder
		for _, r := range line {
			if unicode.IsPrint(r) {
				b.WriteRune(r)
			} else {
				b.WriteString(strings.Trim(fmt.Sprintf("%+q", r), "'"))
			}
		}
		lines[i] = b.String()
	}
	return lines
}
