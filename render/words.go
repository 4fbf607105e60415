package render

import (
	"fmt"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the words that several views and reports share.

// traceName is a trace's file, and its document where it is not the first.
func traceName(t *trace.Trace) string {
	if t.Document > 1 {
		return fmt.Sprintf("%s, document %d", t.File, t.Document)
	}
	return t.File
}

// titled is a trace's file with its title, if it has one.
func titled(t *trace.Trace) string {
	if t.Title == "" {
		return traceName(t)
	}
	return traceName(t) + ": " + t.Title
}

// The words for a finding are those of package reason, here by the names that views
// use.

// RulesName is how rules are spoken of: Figure 2, or the name of others.
func RulesName(rules *raft.Rules) string { return reason.RulesName(rules) }

// Headline says in one line what a finding is, without its reason. The rules are
// those of its replay.
func Headline(f *finding.Finding, rules *raft.Rules) string { return reason.Headline(f, rules) }

// Divergence is [Headline] where the step is known: node 7 answers ok; Figure 2
// says no.
func Divergence(f *finding.Finding, rules *raft.Rules) string {
	return reason.Divergence(f, rules)
}

// Wrote says in a word or two what is written of an answer that differs: wrote ok.
func Wrote(f *finding.Finding) string { return "wrote " + answerWord(f.Field, f.Expected) }

func answerWord(field string, v any) string { return reason.AnswerWord(field, v) }

func valueWord(v any) string { return fmt.Sprint(v) }

// Reason is a finding's sentence, and in brackets the rule that decides.
func Reason(f *finding.Finding) string { return reason.Cited(f) }

// Authority says where to look a rule up: AppendEntries rule 2, §5.3; empty for
// none.
func Authority(rule raft.Rule) string { return reason.Authority(rule) }

// because is a reason with the rule in brackets.
func because(why string, rule raft.Rule) string { return reason.WithPlace(why, Authority(rule)) }

// Count puts a number before a noun: 1 step, 2 steps.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// few joins the first so many of some texts, and counts the others.
func few(texts []string, most int, sep string) string {
	if more := len(texts) - most; more > 0 {
		texts = append(texts[:most:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(texts, sep)
}

// capital is a text with the first letter of a sentence, unless it begins with
// a name such as prevLogIndex or terms[3].
func capital(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s != "" && s[0] >= 'a' && s[0] <= 'z' && word == strings.ToLower(word) && !strings.Contains(word, "[") {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// sentence makes a sentence of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(Ended(s))
}

// Ended ends a text with a full stop, unless it ends with a sign of its own: did you mean
// "steps"?
func Ended(s string) string {
	if s == "" || strings.ContainsRune(".?!", rune(s[len(s)-1])) {
		return s
	}
	return strings.TrimSuffix(s, ":") + "."
}

// NamesOf gives the names of deviations.
func NamesOf(ds []raft.Deviation) []string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = d.Name
	}
	return names
}

// together names deviations that are believed at once.
func together(ds []raft.Deviation) string { return strings.Join(NamesOf(ds), " with ") }
