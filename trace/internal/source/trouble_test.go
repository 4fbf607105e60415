package source

import "testing"

// Two readings differ on the lines of what has another place or another value, and
// on no other. If this fails, cells that are sure wait for a person, or doubtful
// ones do not.
func TestDiffer(t *testing.T) {
	for _, c := range []struct {
		why, a, b   string
		first, last int
	}{
		{"layout, quotes and comments", "a: {b: x, c: [1]}\n", "a:\n  b: \"x\" # note\n  c:\n  - 1\n", 0, 0},
		{"a value elsewhere", "a: {b: x}\nz: 1\nc: 1\n", "a: {b: x, c: 1}\nz: 1\n", 1, 3},
		{"a value that moves into the one above", "a: {}\nb:\n c: 1\n d: 1\ne: 1\n", "a: {}\nb:\n c: 1\nd: 1\ne: 1\n", 4, 4},
		{"a number and its text", "x: 1\na: 1\n", "x: 1\na: \"1\"\n", 2, 2},
		{"a document more", "a: 1\n", "a: 1\n---\nb: 1\n", 2, 3},
		{"a key twice", "a: 1\na: 2\n", "a: 1\na: 3\n", 2, 2},
		{"an alias and its anchor's name", "a: &x 1\nb: *x\n", "a: &x 1\nb: 1\n", 2, 2},
		{"no YAML", "a: [\n", "a: [\n", 1, 2},
	} {
		if first, last := Differ([]byte(c.a), []byte(c.b)); first != c.first || last != c.last {
			t.Errorf("%s: lines %d to %d, want %d to %d", c.why, first, last, c.first, c.last)
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
