// Package pattern compiles regular expressions when they are first asked for: most
// runs of a command need none of them, and compiling them all took a third of its
// start.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy gives the regular expression of a text, compiled at the first call. One that
// does not compile panics there.
func Lazy(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
