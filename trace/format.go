package trace

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed format.md
var format string

// Format gives the format's reference for people, as Markdown that a terminal
// can show as it is: no line is wider than 80 columns. Its lists of keys are
// made from the table of keys.
func Format() string {
	requests := slices.DeleteFunc(slices.Clone(stepTail()), func(k key[Step]) bool { return !slices.Contains(requestKeys, k.name) })
	tables := slices.DeleteFunc(slices.Clone(stepTail()), func(k key[Step]) bool { return slices.Contains(requestKeys, k.name) })
	return strings.NewReplacer(
		"{{trace}}", listed(documentKeys.keys()),
		"{{step}}", listed(slices.Concat(stepHead(), tables)),
		"{{request}}", listed(requests),
		"{{event}}", listed(eventKeys()),
		"{{requestVote}}", listed(leftOut(requestVoteKeys.keys())),
		"{{appendEntries}}", listed(leftOut(appendEntriesKeys.keys())),
		"{{state}}", listed(stateKeys.keys()),
		"{{grading}}", listed(gradingKeys.keys()),
	).Replace(format)
}

// An item is a line of a list: a word, and what is to be said of it.
type item struct{ name, about string }

// listed gives the keys as a list, a key a line.
func listed[T any](keys []key[T]) string {
	var items []item
	for i := range keys {
		k := &keys[i]
		about := k.about()
		if k.required {
			about = "Needed. " + about
		}
		if k.standard != "" {
			about += " Left out: " + strings.Trim(k.standard, `"`) + "."
		}
		if k.fields != nil {
			about += " Its keys: " + strings.Join(k.fields(), ", ") + "."
		}
		items = append(items, item{k.name, about})
	}
	return list(items)
}

// leftOut gives the keys that may be left out, with what holds then.
func leftOut[T any](keys []key[T]) []key[T] {
	var some []key[T]
	for _, k := range keys {
		if k.leftOut != "" {
			some = append(some, key[T]{name: k.name, doc: k.leftOut})
		}
	}
	return some
}

// list gives items in two columns, indented as a block of Markdown.
func list(items []item) string {
	const indent, gap, width = 4, 3, 80
	column := 0
	for _, i := range items {
		column = max(column, indent+utf8.RuneCountInString(i.name)+gap)
	}
	var lines []string
	for _, i := range items {
		name := i.name
		for _, about := range wrap(i.about, width-column) {
			pad := strings.Repeat(" ", column-indent-utf8.RuneCountInString(name))
			lines = append(lines, strings.Repeat(" ", indent)+name+pad+about)
			name = ""
		}
	}
	return strings.Join(lines, "\n")
}
