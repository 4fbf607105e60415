package reason

import (
	"fmt"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/raft"
)

// This file says what a finding is, in one line, and where to look it up.

// RulesName is how rules are spoken of: Figure 2, or the name of others.
func RulesName(rules *raft.Rules) string {
	if rules.Name == raft.Figure2().Name {
		return "Figure 2"
	}
	return rules.Name
}

// Headline says in one line what a finding is, without its reason. The rules are
// those of its replay.
func Headline(f *finding.Finding, rules *raft.Rules) string {
	at, by := stepName(f), RulesName(rules)
	switch f.Kind {
	case finding.Response:
		return fmt.Sprintf("%s: node %s answers %s; %s says %s", at, f.Node, AnswerWord(f.Field, f.Expected), by, AnswerWord(f.Field, f.Actual))
	case finding.State:
		if fmt.Sprint(f.Expected) == fmt.Sprint(f.Actual) { // a line of its terms, and no such line
			return fmt.Sprintf("%s: node %s has %s %s; %s has no such line yet", at, f.Node, f.Field, fmt.Sprint(f.Expected), by)
		}
		return fmt.Sprintf("%s: node %s has %s %s; %s says %s", at, f.Node, f.Field, fmt.Sprint(f.Expected), by, fmt.Sprint(f.Actual))
	case finding.Message:
		if f.Event == finding.Answer {
			return fmt.Sprintf("%s: node %s could not have given this answer", at, f.Node)
		}
		return fmt.Sprintf("%s: node %s could not have sent this %s", at, f.Node, f.Event)
	case finding.Safety:
		return at + ": the cluster is no longer safe"
	case finding.Implied:
		if f.Late() {
			return at + ": a message arrives late"
		}
		return at + ": the trace leaves something unwritten"
	case finding.Refused:
		return fmt.Sprintf("%s: node %s cannot take this %s", at, f.Node, f.Event)
	case finding.Loss:
		return fmt.Sprintf("%s: node %s comes back with less than it had", at, f.Node)
	case finding.Unread:
		return f.Message
	case finding.Unfilled:
		return at + ": left blank"
	case finding.Failed:
		return fmt.Sprintf("%s: node %s gave no usable reply", at, f.Node)
	case finding.Skipped:
		return fmt.Sprintf("%s: node %s was not judged", at, f.Node)
	case finding.Outdated:
		return at + ": a known difference is gone"
	}
	return fmt.Sprintf("%s: node %s: cannot tell", at, f.Node)
}

// Divergence is [Headline] where the step is known: node 7 answers ok; Figure 2
// says no.
func Divergence(f *finding.Finding, rules *raft.Rules) string {
	return strings.TrimPrefix(Headline(f, rules), stepName(f)+": ")
}

func stepName(f *finding.Finding) string {
	if f.Step == 0 {
		return "initial state"
	}
	return "step " + f.ID
}

// AnswerWord is a value of an answer's field as a worksheet says it: ok, no,
// term 3.
func AnswerWord(field string, v any) string {
	if term, ok := v.(uint64); ok {
		return fmt.Sprintf("term %d", term)
	}
	return item.Word(v)
}

// Cited is a finding's sentence, and in brackets the rule that decides.
func Cited(f *finding.Finding) string {
	if f.Kind == finding.Unread {
		return "" // its headline says all
	}
	if f.Known != "" {
		return WithPlace(f.Message, Place(f.Rule, f.PaperSection())) + "; known: " + f.Known
	}
	return WithPlace(f.Message, Place(f.Rule, f.PaperSection()))
}

// Authority says where to look a rule up: AppendEntries rule 2, §5.3; empty for
// none.
func Authority(rule raft.Rule) string { return Place(rule, rule.Info().Section) }

// Place is a rule with a section of the paper: AppendEntries rule 2, §5.3; either may
// be missing.
func Place(rule raft.Rule, section string) string {
	var parts []string
	if fig := rule.Info().Figure; fig != "" {
		parts = append(parts, fig)
	}
	if section != "" {
		parts = append(parts, "§"+section)
	}
	return strings.Join(parts, ", ")
}

// WithPlace is a reason with where to look it up in brackets.
func WithPlace(why, place string) string {
	switch {
	case place == "":
		return why
	case why == "":
		return place
	}
	return why + " (" + place + ")"
}

// And joins words with commas and a last "and".
func And(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
