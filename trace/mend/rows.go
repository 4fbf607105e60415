package mend

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"raftsheet/trace/internal/pattern"
	"raftsheet/trace/internal/source"
)

// A row is one kind of slip, on a line.
type row struct {
	slip  string
	find  func(l *line) []fix
	each  bool // those on one line are independent: who does it once does it again
	moves bool // every mend of the row could move a value

	clears bool // a mend is of no use unless the line reads then
}

// rows is in the order in which they are tried: what can only be a slip comes
// before what might be meant, so that of `2: ok 3: no` a comma is asked for
// before quotes are.
var rows = []row{
	{slip: "the line between two documents", find: separators},
	{slip: "a no-break space", find: oddSpaces, each: true},
	{slip: "quotes of a word processor", find: smartQuotes, each: true},
	{slip: "signs as wide as letters", find: wideSigns, each: true},
	{slip: "bold, or code", find: markup, each: true},
	{slip: "a comment of another language", find: slashes, each: true},
	{slip: "a bullet of another kind", find: bullets},
	{slip: "a missing space after a colon", find: glued, each: true},
	{slip: "a lone ? or -", find: lone, each: true},
	{slip: "a stray sign in a key", find: oddKeys, clears: true},
	{slip: "a missing colon", find: noColons, each: true},
	{slip: "= for a colon", find: equals, each: true},
	{slip: "a comma at a line's end", find: trailingSigns, each: true},
	{slip: "a comma after a comma", find: doubleCommas, each: true},
	{slip: "a bracket that is not opened inside of a line", find: openers},
	{slip: "a missing comma", find: commas, each: true},
	{slip: "a quote that is not closed", find: quotes},
	{slip: "a bracket that is not closed", find: brackets},
	{slip: "a bracket that closes nothing", find: strays},
	{slip: "a value that needs quotes", find: needsQuotes},
	{slip: "a step without its dash", find: lostDash, clears: true},
	{slip: "an indent off by one", find: indents, clears: true},
	{slip: "an indent off by more", find: farIndents, clears: true, moves: true},
	{slip: "a tab inside of a line", find: innerTabs, each: true},
}

// separators reads two dashes alone at the beginning of a line, or four, as the three
// between two documents.
func separators(l *line) []fix {
	if t := strings.TrimRight(l.text, " \r\n"); t == "--" || t == "----" {
		return []fix{{lo: 0, hi: len(t), put: "---"}}
	}
	return nil
}

var oddSpace = pattern.Lazy("[\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000]")

// oddSpaces reads every space of another kind on a line as a plain one: they come
// by the dozen, from one paste.
func oddSpaces(l *line) []fix {
	all := oddSpace().FindAllStringIndex(l.text, -1)
	if all == nil {
		return nil
	}
	lo, hi := all[0][0], all[len(all)-1][1]
	put := oddSpace().ReplaceAllStringFunc(l.text[lo:hi], func(s string) string {
		if s == "\u200b" || s == "\u2060" {
			return "" // it has no width
		}
		return " "
	})
	return []fix{{lo: lo, hi: hi, put: put, what: "read a space that YAML does not know, such as a no-break space, as a plain one"}}
}

var smart = pattern.Lazy(`["“”„«»]([^"“”„«»]*)["“”„«»]|[‘‚’]([^‘’']*)[’']`)

func smartQuotes(l *line) []fix {
	var out []fix
	for _, at := range smart().FindAllStringSubmatchIndex(l.text, -1) {
		if l.text[at[0]] == '"' && l.text[at[1]-1] == '"' || !startsValue(l.text[:at[0]]) {
			continue
		}
		inside := l.text[at[0]:at[1]]
		_, first := utf8.DecodeRuneInString(inside)
		_, last := utf8.DecodeLastRuneInString(inside)
		out = append(out, fix{lo: at[0], hi: at[1], put: inQuotes(inside[first : len(inside)-last])})
	}
	return out
}

// inQuotes gives a text as a quoted value.
func inQuotes(s string) string {
	if strings.ContainsAny(s, `"\`) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return `"` + s + `"`
}

// bullets reads another sign as a dash. The item's text stays in its column, in
// which its further lines begin; or it comes two columns after the dash.
func bullets(l *line) []fix {
	at := bullet().FindStringSubmatchIndex(l.text)
	if at == nil {
		return nil
	}
	wide := utf8.RuneCountInString(l.text[at[2]:at[5]])
	what := fmt.Sprintf("read the bullet %s as -", source.Quote(l.text[at[2]:at[3]]))
	out := []fix{{lo: at[2], hi: at[5], put: "-" + strings.Repeat(" ", wide-1), what: what}}
	if wide > 2 {
		out = append(out, fix{lo: at[2], hi: at[5], put: "- ", what: what})
	}
	return out
}

var (
	gluedDash = pattern.Lazy(`^ *-([A-Za-z]\w*):(?: |$)`)
	gluedKey  = pattern.Lazy(`^ *(?:- +)*(?:[\w.$-]+|"[^"]*"):[^\s:]`)
	gluedCell = pattern.Lazy(`[{,]\s*[\w.-]+:[^\s:\]]`) // {1:ok} and {1:, 2:}
)

func glued(l *line) []fix {
	var out []fix
	if at := gluedDash().FindStringSubmatchIndex(l.text); at != nil && l.isOfFormat(l.text[at[2]:at[3]]) {
		out = append(out, fix{lo: at[2], hi: at[2], put: " "})
	}
	if at := gluedKey().FindStringIndex(l.text); at != nil && at[1] <= l.end {
		_, n := utf8.DecodeLastRuneInString(l.text[:at[1]])
		out = append(out, fix{lo: at[1] - n, hi: at[1] - n, put: " "})
	}
	for _, at := range gluedCell().FindAllStringIndex(l.text, -1) {
		_, n := utf8.DecodeLastRuneInString(l.text[:at[1]])
		if colon := at[1] - n; l.plain(colon) && l.bracket(colon) == '{' { // in [1:x] it belongs to the value
			out = append(out, fix{lo: colon, hi: colon, put: " "})
		}
	}
	return out
}

var loneSign = pattern.Lazy(`(?:[\[{,]|[:,\[{][ \t]+)([?-])[ \t]*(?:[,}\]]|$)`)

func lone(l *line) []fix {
	var out []fix
	for from := 0; ; {
		at := loneSign().FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil {
			return out
		}
		sign := from + at[2]
		if from = sign + 1; !l.plain(sign) {
			continue
		}
		what := "read a lone ? as a blank"
		if l.text[sign] == '-' {
			what = "read a lone - as none"
		}
		out = append(out, fix{lo: sign, hi: sign + 1, put: `"` + l.text[sign:sign+1] + `"`, what: what})
	}
}

var nextKey = pattern.Lazy(`[^\s{,\[]([ \t]*;[ \t]*|[ \t]+)("[^"]*"|[\w.-]+):(?:[ \t]|$)`)

// commas asks for a comma before what is known to be a key. Of another word it
// cannot be told whether it belongs to the value before.
func commas(l *line) []fix {
	var out []fix
	for from := 0; ; {
		at := nextKey().FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil {
			return out
		}
		lo, hi, end := from+at[2], from+at[3], from+at[5]
		key := strings.Trim(l.text[hi:end], `"`)
		if l.plain(lo) && l.bracket(hi) == '{' && l.knows(key) {
			out = append(out, fix{lo: lo, hi: hi, put: l.after(lo) + ", "})
		}
		from = hi
	}
}

// quotes closes a quote at the line's end, or before one of the commas and
// brackets that it hides.
func quotes(l *line) []fix {
	if l.quote < 0 {
		return nil
	}
	q, end := l.text[l.quote:l.quote+1], len(strings.TrimRight(l.text, " \t"))
	var out []fix
	if !inFlow(l) {
		out = append(out, fix{lo: end, hi: end, put: q})
	}
	for i := l.quote + 1; i < end && inFlow(l); i++ {
		if strings.IndexByte(",]}", l.text[i]) >= 0 {
			out = append(out, fix{lo: i, hi: i, put: q})
		}
	}
	if inFlow(l) {
		out = append(out, fix{lo: end, hi: end, put: q})
	}
	return append(out, fix{lo: l.quote, hi: l.quote + 1, what: "passed over a quote that is never closed"})
}

// brackets closes brackets where one of another kind closes, at the line's end, or
// before a comma: a cell in brackets may have lost its own.
func brackets(l *line) []fix {
	out := append([]fix(nil), l.cross...)
	if l.quote >= 0 {
		return out
	}
	if above := l.lay[l.number-1].open; above != "" && l.end > 0 {
		out = append(out, l.closeAbove(l.leavesOpen(above)))
	}
	if len(l.open) == 0 {
		return out
	}
	end := l.end
	if strings.HasSuffix(l.text[:end], ",") && len(l.open) == 1 {
		end--
	}
	if lone := loneBracket().FindStringSubmatchIndex(l.text[:l.end]); lone != nil {
		out = append(out, fix{lo: lone[2], hi: lone[3], what: "passed over a " + l.text[lone[2]:lone[3]] + ", which is not closed"})
	}
	closers := l.closers(0)
	// Where a comment holds the bracket that is missing, what is before it there was
	// meant to be read, perhaps.
	out = append(out, fix{lo: end, hi: end, put: l.after(end) + closers, moves: strings.Contains(l.text[l.end:], closers)})
	return append(out, l.beforeKeys(l.open[0], end, l.closers(len(l.open)-1))...)
}

// loneBracket opens what could be one value as well.
var loneBracket = pattern.Lazy(`: ([\[{])[^,:{}\[\]]+$`)

// closeAbove closes at the line's end what lines above have opened, too.
func (l *line) closeAbove(open string) fix {
	end := len(strings.TrimRight(l.text[:l.end], ","))
	f := fix{lo: end, hi: l.end}
	for i := len(open) - 1; i >= 0; i-- {
		f.put += map[byte]string{'{': "}", '[': "]"}[open[i]]
	}
	f.what = "read a " + f.put + " at its end, which is missing there"
	return f
}

var listGap = pattern.Lazy(`[\w"'}\]]([ \t]*;[ \t]*|[ \t]+)[\w"'{\[]`)

// listCommas asks for a comma in a list of which the reader does not know an item.
func listCommas(l *line) []fix {
	var out []fix
	for from := 0; ; {
		at := listGap().FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil {
			return out
		}
		if lo := from + at[2]; l.plain(lo) && l.bracket(lo) == '[' {
			out = append(out, fix{lo: lo, hi: from + at[3], put: ", "})
		}
		from += at[3]
	}
}

var keyOfKey = pattern.Lazy(`:[ \t]+([\w.-]+:[ \t])`)

// openers opens a bracket where a key follows a key, on a line with one that closes
// nothing.
func openers(l *line) []fix {
	var out []fix
	for from := 0; len(l.stray) > 0; {
		at := keyOfKey().FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil || l.text[l.stray[0]] != '}' {
			return out
		}
		from += at[2]
		if l.plain(from) {
			out = append(out, fix{lo: from, hi: from, put: "{"})
		}
	}
	return out
}

var keyOfLine = pattern.Lazy(`^ *(?:- +)*[\w.$-]+:[ \t]+`)

// strays opens a bracket after the line's key, or takes the one away that closes
// nothing.
func strays(l *line) []fix {
	var out []fix
	for _, i := range l.stray {
		key := keyOfLine().FindString(l.text)
		if key != "" && len(key) < i && strings.IndexByte("[{", l.text[len(key)]) < 0 && i == l.end-1 {
			open := map[byte]string{'}': "{", ']': "["}[l.text[i]]
			out = append(out, fix{lo: len(key), hi: len(key), put: open})
			continue
		}
		out = append(out, fix{lo: i, hi: i + 1, what: "passed over a " + l.text[i:i+1] + ", which closes nothing"})
	}
	return out
}

var cellValue = pattern.Lazy(`[{,]\s*[\w.$-]+:[ \t]+([^,{}\[\]\s][^,{}\[\]]*)`)

// needsQuotes puts a value into quotes that holds what YAML takes for its own.
func needsQuotes(l *line) []fix {
	var out []fix
	if key := keyOfLine().FindString(l.text); key != "" && len(key) < l.end {
		out = appendQuoted(out, l, len(key), l.end)
	}
	for _, at := range cellValue().FindAllStringSubmatchIndex(l.text[:l.end], -1) {
		if l.bracket(at[2]-1) == '{' {
			out = appendQuoted(out, l, at[2], at[3])
		}
	}
	return out
}

func appendQuoted(out []fix, l *line, lo, hi int) []fix {
	value := strings.TrimRight(l.text[lo:hi], " \t")
	first := value[0]
	switch {
	case first == '"' || first == '\'':
		n := quoted(value)
		if n == len(value) {
			return out
		}
		if last := len(value) - 1; last > 0 && value[last] == first {
			value = value[1:last] // 'it's'
			return append(out, fix{lo: lo, hi: lo + len(value) + 2, put: inQuotes(value)})
		}
	case strings.IndexByte("@`%|>&*!", first) >= 0:
	case strings.Contains(value, ": ") || strings.HasSuffix(value, ":"):
		if first == '{' || first == '[' {
			return out
		}
	default:
		return out
	}
	return append(out, fix{lo: lo, hi: lo + len(value), put: inQuotes(value)})
}

var stepKey = pattern.Lazy(`^ *(id|requestVote|appendEntries|timeout|clientRequest|crash|restart):(?:\s|$)`)

// lostDash begins a step with a key that the step above has already.
func lostDash(l *line) []fix {
	column := l.lay.column()
	key := stepKey().FindStringSubmatch(l.text)
	if key == nil || column < 0 || l.indent < column || l.indent > column+4 {
		return nil
	}
	for at := l.lay[l.number-1].entry; at < l.number; at++ {
		text := l.lay[at-1].text
		if field := strings.TrimLeft(text, " -"); len(text)-len(field) == column+2 && strings.HasPrefix(field, key[1]+":") {
			return []fix{{lo: column, hi: l.indent, put: "- ", what: "read " + key[1] + " as the start of a step"}}
		}
	}
	return nil
}

// indents moves a line by a column. Which way is right shows when it is read; if
// both are, the mend could move a value.
func indents(l *line) []fix {
	var out []fix
	for _, to := range []int{l.indent - 1, l.indent + 1} {
		if l.mayMove(to) {
			out = append(out, l.moved(to))
		}
	}
	return out
}

// farIndents moves a line to where one near it begins.
func farIndents(l *line) []fix {
	var out []fix
	near := l.lay.near(l.number)
	slices.Sort(near)
	for _, to := range slices.Compact(near) {
		if (to < l.indent-1 || to > l.indent+1) && l.mayMove(to) {
			out = append(out, l.moved(to))
		}
	}
	return out
}

func (l *line) moved(to int) fix {
	f := fix{what: fmt.Sprintf("read an indent of %d as %d", l.indent, to)}
	if to < l.indent {
		f.hi = l.indent - to
	} else {
		f.put = strings.Repeat(" ", to-l.indent)
	}
	return f
}

var beginsKey = pattern.Lazy(`^ *(?:-(?: |$)|(?:"[^"]*"|'[^']*'|[\w.$-]+) *:(?:\s|$))`)

// mayMove reports whether a line could have been meant for a column. One without a
// key would become part of the text above it; a step stays among the steps.
func (l *line) mayMove(to int) bool {
	switch {
	case to < 0 || l.end <= l.indent:
		return false
	case stepStart().MatchString(l.text):
		return to == l.lay.column()
	}
	return beginsKey().MatchString(l.text) || l.lay[l.number-1].open != ""
}

func innerTabs(l *line) []fix {
	var out []fix
	for i := range l.end {
		if l.text[i] == '\t' && l.plain(i) {
			out = append(out, fix{lo: i, hi: i + 1, put: " ", what: "read a tab as a space"})
		}
	}
	return out
}
