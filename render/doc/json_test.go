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

// A list that is written item by item is what encoding/json makes of all of it: a
// program that reads the one reads the other.
func TestWriteJSONList(t *testing.T) {
	type item struct {
		Name string         `json:"name"`
		Of   map[string]int `json:"of"`
	}
	items := []item{{"a\u202e", map[string]int{"x": 1}}, {"", nil}, {"##[c]", map[string]int{}}}
	for n := range len(items) + 1 {
		var got, want strings.Builder
		err := WriteJSONList(&got, struct {
			Version int    `json:"version"`
			Key     []item `json:"key"`
		}{1, items}, "items", n, func(i int) any { return items[i] })
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteJSON(&want, struct {
			Version int    `json:"version"`
			Key     []item `json:"key"`
			Items   []item `json:"items"`
		}{1, items, items[:n]}); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%d items:\n%s\nwant:\n%s", n, got.String(), want.String())
		}
	}
	object := map[string]int{"a": 1}
	if err := WriteJSONList(&strings.Builder{}, object, "b", 1, func(int) any { return func() {} }); err == nil {
		t.Error("a function was written as JSON")
	}
	if err := WriteJSONList(full{}, object, "b", 1, func(int) any { return 1 }); err == nil {
		t.Error("the error of a full disk was not told")
	}
}
