package render

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

// This file has the words that every format shares.

// location is file:line:column of a finding.
func location(t *trace.Trace, p trace.Pos) string { return cleanLine(t.File) + ":" + p.String() }

// traceName is a trace's file, and its document where it is not the first.
func traceName(t *trace.Trace) string {
	name := cleanLine(t.File)
	if t.Document > 1 {
		name += fmt.Sprintf(", document %d", t.Document)
	}
	return name
}

// titled is a trace's file with its title, if it has one.
func titled(t *trace.Trace) string {
	if t.Title == "" {
		return t.File
	}
	return t.File + ": " + t.Title
}

// headline says in one line what a finding is, without its reason.
func headline(f *finding.Finding) string {
	at := stepName(f)
	node := Clean(f.Node)
	switch f.Kind {
	case finding.Response:
		return fmt.Sprintf("%s, node %s answers %s: expected by the trace, but the replay says %s",
			at, node, answerWord(f.Field, f.Expected), answerWord(f.Field, f.Actual))
	case finding.State:
		if f.Expected == "written" {
			return fmt.Sprintf("%s, node %s has %s: expected by the trace, but not by the replay", at, node, Clean(f.Field))
		}
		return fmt.Sprintf("%s, node %s has %s %s: expected by the trace, but the replay says %s",
			at, node, Clean(f.Field), valueWord(f.Expected), valueWord(f.Actual))
	case finding.Message:
		return fmt.Sprintf("%s, node %s could not have sent this %s", at, node, f.Event)
	case finding.Safety:
		return fmt.Sprintf("%s: the cluster is no longer safe", at)
	case finding.Implied:
		if f.Late() {
			return fmt.Sprintf("%s: a message arrives late", at)
		}
		return fmt.Sprintf("%s: the trace leaves something unwritten", at)
	case finding.Refused:
		return fmt.Sprintf("%s, node %s cannot take this %s", at, node, f.Event)
	case finding.Unfilled:
		return fmt.Sprintf("%s: left blank", at)
	}
	return fmt.Sprintf("%s, node %s: cannot tell", at, node)
}

func stepName(f *finding.Finding) string {
	if f.Step == 0 {
		return "initial state"
	}
	return "step " + Clean(f.ID)
}

// answerWord is an outcome as a worksheet says it.
func answerWord(field string, v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "ok"
		}
		return "no"
	case uint64:
		return fmt.Sprintf("term %d", v)
	}
	return valueWord(v)
}

func valueWord(v any) string { return Clean(fmt.Sprint(v)) }

// reason is a finding's sentence, and in brackets the rule that decides.
func reasonOf(f *finding.Finding) string {
	if place := authority(f); place != "" {
		return Clean(f.Message) + " (" + place + ")"
	}
	return Clean(f.Message)
}

// authority names the rule and the section of the paper that decide a finding.
func authority(f *finding.Finding) string {
	var parts []string
	if fig := f.Rule.Info().Figure; fig != "" {
		parts = append(parts, fig)
	}
	if s := f.PaperSection(); s != "" {
		parts = append(parts, "§"+s)
	}
	return strings.Join(parts, ", ")
}

// count puts a number before a noun: 1 step, 2 steps.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// tally says what was compared in a trace.
func tally(t check.Tally) string {
	s := fmt.Sprintf("%s, %s", count(t.Steps, "step", "steps"), count(t.Answers, "answer", "answers"))
	var parts []string
	if t.Agree > 0 || t.Answers == 0 {
		parts = append(parts, count(t.Agree, "agrees", "agree"))
	}
	if t.Answers == 0 {
		parts = nil
	}
	if t.Agree > 0 && t.Diverge == 0 && t.Blank == 0 {
		parts = []string{"all agree"}
	}
	if t.Diverge > 0 {
		parts = append(parts, count(t.Diverge, "diverges", "diverge"))
	}
	if t.Blank > 0 {
		parts = append(parts, fmt.Sprintf("%d blank", t.Blank))
	}
	if len(parts) > 0 {
		s += ": " + strings.Join(parts, ", ")
	}
	if t.Untold > 0 {
		s += fmt.Sprintf("; %d more cannot be told", t.Untold)
	}
	return s
}

// list joins words with commas and a last "and".
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
