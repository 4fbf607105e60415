package source

import (
	"strings"
	"testing"
)

// The library may panic, and the program must not.
func TestPanicIsAnError(t *testing.T) {
	s := New(nil)
	for _, says := range []string{"index out of range", "yaml: internal error"} {
		err := guard(func() error { panic(says) })
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("a panic of %q comes out as %v", says, err)
			continue
		}
		if e := s.syntaxError(err, 64); !strings.Contains(e.Msg, says) {
			t.Errorf("a panic of %q is told as %q", says, e.Msg)
		}
	}
}
