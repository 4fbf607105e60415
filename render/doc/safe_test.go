package doc

import "testing"

// What a hostile trace tries on a terminal comes out as visible text, and what
// people write in any script comes out as it is.
func TestClean(t *testing.T) {
	tests := []struct{ in, want, why string }{
		{"plain text, 1:x=1", "plain text, 1:x=1", "text stays"},
		{"日本語", "日本語", "every script stays"},
		{"👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦", "a family is joined by zero-width joiners"},
		{"👍🏽", "👍🏽", "a skin tone stays"},
		{"a\u200db", `a\u200db`, "a joiner between letters hides"},
		{"\x1b[2J", `\x1b[2J`, "an escape sequence clears no screen"},
		{"\u009b31m", `\x9b31m`, "nor does its one-character form set a colour"},
		{"a\rb", `a\rb`, "a carriage return overwrites nothing"},
		{"a\nb", `a\nb`, "one line stays one line"},
		{"a\tb", `a\tb`, "a tab moves no column"},
		{"\u202eabc", `\u202eabc`, "the direction of writing stays"},
		{"a\u200bb", `a\u200bb`, "a zero-width space is seen"},
		{"\ufeffa", `\ufeffa`, "a byte order mark is seen"},
		{"\u2028", `\u2028`, "a line separator separates nothing"},
		{"\U000e0041", `\U000e0041`, "a tag character is seen"},
		{"\x7f", `\x7f`, "DEL deletes nothing"},
		{"\x00", `\x00`, "NUL ends nothing"},
		{"a\x9bb", `a\x9bb`, "a byte that is no UTF-8 is seen"},
		{"##[error]x", `#\x23[error]x`, "no log takes it for a command"},
		{"##VSO[task.setvariable]x", `#\x23VSO[task.setvariable]x`, "nor does Azure's"},
		{"##teamcity[buildStatus text='x']", `#\x23teamcity[buildStatus text='x']`, "nor TeamCity's"},
		{"section_start:1:x", `section_start\x3a1:x`, "nor GitLab's"},
		{"travis_fold:start:x", `travis_fold\x3astart:x`, "nor Travis's"},
		{"## heading, section_start", "## heading, section_start", "what is no command stays"},
		{"a\ufffdb", "a\ufffdb", "the replacement character is a character"},
	}
	for _, tt := range tests {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q: %s", tt.in, got, tt.want, tt.why)
		}
	}
}

// With what a line begins forges no command.
func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"::error::x":   `\x3a:error::x`,
		"  ::error::x": `  \x3a:error::x`,
		"a ::error::x": "a ::error::x",
		"x: y":         "x: y",
		"--- group":    `\x2d-- group`,
		" +++ group":   ` \x2b++ group`,
		"~~~ quiet":    `\x7e~~ quiet`,
		"^^^ +++":      `\x5e^^ +++`,
		"---":          "---",
		"a --- b":      "a --- b",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}
