package mend_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"raftsheet/trace/mend"
)

// handedIn is a worksheet as it should have been handed in.
const handedIn = `title: "Worksheet 3"
student: "Ada Lovelace"
nodes: 3
steps:
  - id: RV1
    requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {1: ok, 2: ok, 3: no}
    state:
      1: {term: 1, votedFor: 1, role: leader}
      2: {term: 1, votedFor: 1}
  - id: AE1
    appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1, leaderCommit: 0}
    note: "sent at once"
    response:
      1: ok
      2: ok
      3: no
  - id: RV2
    requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}
    response: {1: ok, 2: ok, 3: ok}
    state:
      2: {term: 2, log: [1:x=1], commitIndex: 0}
      3:
        term: 2
        log: []
`

func change(was, now string) func(string) string {
	return func(text string) string { return strings.Replace(text, was, now, 1) }
}

func all(was, now string) func(string) string {
	return func(text string) string { return strings.ReplaceAll(text, was, now) }
}

func inUTF16(order binary.AppendByteOrder, mark string) func(string) string {
	return func(text string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(mark + text)) {
			out = order.AppendUint16(out, unit)
		}
		return string(out)
	}
}

// sheets are worksheets as students hand them in: with one habit, one slip or
// another editor's mind; and what becomes of them, right where nothing is said.
var sheets = []struct {
	why   string
	spoil func(string) string
	want  string
	moved int // by so many lines
}{
	{"tabs for indentation", all("  ", "\t"), "", 0},
	{"carriage returns alone", all("\n", "\r"), "", 0},
	{"carriage returns and line feeds", all("\n", "\r\n"), "unchanged", 0},
	{"a byte order mark", func(text string) string { return "\ufeff" + text }, "unchanged", 0},
	{"UTF-16, little end first, marked", inUTF16(binary.LittleEndian, "\ufeff"), "", 0},
	{"UTF-16, little end first", inUTF16(binary.LittleEndian, ""), "", 0},
	{"UTF-16, big end first, marked", inUTF16(binary.BigEndian, "\ufeff"), "", 0},
	{"UTF-16, big end first", inUTF16(binary.BigEndian, ""), "", 0},
	{"no-break spaces", all(": ", ":\u00a0"), "", 0},
	{"narrow spaces in braces", all(", ", ",\u202f"), "", 0},
	{"ideographic spaces", all("    ", "\u3000\u3000\u3000\u3000"), "", 0},
	{"quotes of a word processor around answers", all(": ok", ": “ok”"), "", 0},
	{"guillemets", all(": ok", ": «ok»"), "", 0},
	{"no spaces after colons", all(": ok", ":ok"), "", 0},
	{"no spaces after any colon in braces", everywhere(`([{ ]\w+): (\w+[,}])`, "$1:$2"), "", 0},
	{"a missing comma", change("1: ok, 2: ok", "1: ok 2: ok"), "", 0},
	{"semicolons", all(", ", "; "), "", 0},
	{"a value that holds a colon", change(`"sent at once"`, "sent: at once"), "", 0},
	{"a fence with a language", func(text string) string { return "```yaml\n" + text + "```\n" }, "", 1},
	{"a fence of tildes", func(text string) string { return "~~~\n" + text + "~~~\n" }, "", 1},
	{"quoted in an e-mail", func(text string) string {
		return "> " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n> ")
	}, "", 0},
	{"bullets", all("  - ", "  • "), "", 0},
	{"asterisks", all("  - ", "  * "), "", 0},
	{"dashes of a word processor", all("  - ", "  – "), "", 0},
	{"numbers", all("  - ", "  1. "), "", 0},
	{"a bracket that is not closed", change("3: no}", "3: no"), "", 0},
	{"a bracket in a table that is not closed", change("votedFor: 1}\n", "votedFor: 1\n"), "", 0},
	{"a quote that is not closed", change(`at once"`, "at once"), "", 0},
	{"an indent off by one", change("    response:\n", "     response:\n"), "", 0},
	{"a step off by one", change("  - id: AE1", "   - id: AE1"), "", 0},
	{"an indent off by two", change("    note:", "  note:"), "moved", 0},
	{"= for a colon", everywhere(`(\d): (ok|no)`, "$1=$2"), "", 0},
	{"arrows", everywhere(`(\d): (ok|no)`, "$1 -> $2"), "", 0},
	{"no colons", everywhere(`(\d): (ok|no)`, "$1 $2"), "", 0},
	{"a colon of another width", all(": ok", "：ok"), "", 0},
	{"commas of another width", all(", ", "，"), "", 0},
	{"commas at lines' ends", all("\n      2: ok\n", "\n      2: ok,\n"), "", 0},
	{"a comma after braces", all("}\n", "},\n"), "", 0},
	{"two commas", change("ok, 2", "ok,, 2"), "", 0},
	{"a comment of C", change("3: no}", "3: no} // it has voted"), "", 0},
	{"bold answers", all(": ok", ": **ok**"), "", 0},
	{"words before and after", func(text string) string { return "Hello, this is my sheet\n" + text + "Kind regards, Ada\n" }, "", 1},
	{"a headline", func(text string) string { return "Here is my worksheet:\n" + text }, "", 1},
	{"a dash without a space", all("  - id", "  -id"), "", 0},
	{"a step without its dash", change("  - id: AE1", "    id: AE1"), "", 0},
	{"a form feed", change("  - id: AE1", "\f  - id: AE1"), "", 0},
	{"a cell that is no text", change("3: no}", "3: {{no}"), "lost", 0},
	{"a broken line in a list of cells", change("      2: ok\n", "      2: [}\n"), "moved", 0},
	{"a broken step", change("  - id: AE1\n    appendEntries: {leader", "  - id: AE1\n    appendEntries: }]{\"leader"), "", 0},
}

// Each sheet reads, and says what its student wrote; where something is lost, the
// rest does. If this fails, a right sheet is not marked, or marked as another one.
func TestSheets(t *testing.T) {
	for _, s := range sheets {
		bad := s.spoil(handedIn)
		if bad == handedIn {
			t.Errorf("%s: nothing is spoilt", s.why)
		}
		lost := 0
		got := mend.Mend("f", []byte(bad))
		for _, l := range got.Lost {
			lost += l.Last - l.First + 1
		}
		class := judge(t, s.why, handedIn, bad, s.moved)
		want := s.want
		if want == "" {
			want = "right"
		}
		if class != want || lost > 1 {
			t.Errorf("%s: %s, want %s; lost %v; %s", s.why, class, want, got.Lost, told(got.Changes))
		}
	}
}
