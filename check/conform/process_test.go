package conform

import (
	"fmt"
	"testing"
)

// What a process said last is its last line; of a Go program that has panicked the
// line that says why, which others follow.
func TestLastWords(t *testing.T) {
	for said, want := range map[string]string{
		"":                          "",
		"one\ntwo\n\n":              "two",
		"a line without an end":     "a line without an end",
		"note: panic: none\nlast\n": "last",
		"started\npanic: index out of range [3]\n\ngoroutine 1 [running]:\nmain.main()\n\t/x/main.go:9 +0x1d\nexit status 2\n": "panic: index out of range [3]",
	} {
		var w lastWords
		fmt.Fprint(&w, said)
		if got := w.last(); got != want {
			t.Errorf("%q: the last words are %q, want %q", said, got, want)
		}
	}
}
