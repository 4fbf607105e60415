package doc

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONText(t *testing.T) {
	tests := []struct{ why, in, want string }{
		{"plain text stays", `a "b" \ <c> & 日本語 é §`, `"a \"b\" \\ <c> & 日本語 é §"`},
		{"C0", "\x1b[2J\n", `"\u001b[2J\n"`},
		{"DEL and C1", "\x7f\u009b31m\u0085", `"\u007f\u009b31m\u0085"`},
		{"direction of writing", "\u202eabc\u2066", `"\u202eabc\u2066"`},
		{"no width", "\u200b\u2060\ufeff\u00ad", `"\u200b\u2060\ufeff\u00ad"`},
		{"a joiner in an emoji too", "👩\u200d👧", `"👩\u200d👧"`},
		{"line separators", "\u2028\u2029", `"\u2028\u2029"`},
		{"past the first plane", "\U000e0041", `"\udb40\udc41"`},
		{"no text", "a\xffb", `"a\ufffdb"`},
		{"a command to a runner", "##[error]x ###[y] # #[", `"#\u0023[error]x ##\u0023[y] # #["`},
	}
	for _, tt := range tests {
		if got := JSONString(tt.in); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
		var back string
		if err := json.Unmarshal([]byte(tt.want), &back); err != nil || back != strings.ToValidUTF8(tt.in, "\ufffd") {
			t.Errorf("%s: reads back as %q, %v", tt.why, back, err)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	var b strings.Builder
	err := WriteJSON(&b, map[string]any{"a<\u202e": []int{1}, "b": nil})
	const want = "{\n  \"a<\\u202e\": [\n    1\n  ],\n  \"b\": null\n}\n"
	if err != nil || b.String() != want {
		t.Errorf("%q, %v; want %q", b.String(), err, want)
	}
	if err := WriteJSON(&b, func() {}); err == nil {
		t.Error("no error for what JSON has no text for")
	}
}
