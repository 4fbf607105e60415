package source

import "testing"

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		why, a, b string
		want      bool
	}{
		{"layout, quotes and comments", "a: {b: x, c: [1]}\n", "a:\n  b: \"x\" # note\n  c:\n  - 1\n", true},
		{"a value elsewhere", "a: {b: x}\nc: 1\n", "a: {b: x, c: 1}\n", false},
		{"a number and its text", "a: 1\n", "a: \"1\"\n", false},
		{"a document more", "a: 1\n", "a: 1\n---\nb: 1\n", false},
		{"an alias and its anchor's name", "a: &x 1\nb: *x\n", "a: &x 1\nb: 1\n", false},
		{"no YAML", "a: [\n", "a: [\n", false},
	} {
		if got := Alike([]byte(c.a), []byte(c.b)); got != c.want {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

func TestTrouble(t *testing.T) {
	for _, c := range []struct {
		text     string
		at, here int
	}{
		{"a: 1\nb: {c: ?, d: 1}\n", 12, 2},
		{"a: 1\nb: {c: 1\nd: 2\n", 8, 3},
		{"a: \"x\nb: 1\n", 3, 2},
		{"a: 1\rb: 2\n", 4, 1},
	} {
		got := New([]byte(c.text)).Trouble(64)
		if got == nil || got.At != c.at || int(got.Here) != c.here || got.Msg == "" {
			t.Errorf("%q: %+v, want at %d, line %d", c.text, got, c.at, c.here)
		}
	}
	for _, text := range []string{"", "a: 1\n", "{\"a\": \"\\/\"}", "a: 1\n---\nb: 2\n"} {
		if got := New([]byte(text)).Trouble(64); got != nil {
			t.Errorf("%q: %+v, want none", text, got)
		}
	}
}
