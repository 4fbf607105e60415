package cmd

import (
	"fmt"
	"strings"
	"time"
)

// progressBeside shows how far files have come, unless what is found in them comes
// up on the same terminal, or there is but one.
func (a *app) progressBeside(files int) func(done, of int) {
	if files > 1 && !isTerminal(a.stdout) {
		if show := a.progress(); show != nil {
			return show
		}
	}
	return func(int, int) {}
}

// progress shows on a terminal how far a command has come, once it takes more
// than a second; nil where nobody looks on.
func (a *app) progress() func(done, of int) {
	if a.quiet || !isTerminal(a.stderr) {
		return nil
	}
	start := time.Now()
	var shown time.Time
	return func(done, of int) {
		now := time.Now()
		if now.Sub(start) < time.Second || now.Sub(shown) < time.Second/10 && done < of {
			return
		}
		shown = now
		const wide = 30
		bar := strings.Repeat("#", wide*done/of) + strings.Repeat(".", wide-wide*done/of)
		fmt.Fprintf(a.stderr, "\r[%s] %d of %d", bar, done, of)
		if done == of {
			fmt.Fprintln(a.stderr)
		}
	}
}
