package cmd

import (
	"os"
	"runtime/debug"
)

// This file says how hard the garbage collector works.

// collectSeldom has the collector run less often while small files are read, unless
// GOGC says how often. A small file leaves many times its size behind, and is let go
// soon: collecting it at once costs a fifth of the time and saves a few megabytes.
// What it gives puts the collector back.
func collectSeldom(names []string) (back func()) {
	const small, percent = 256 << 10, 300 // bytes; of what is in use, the default being 100
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Size() > small {
			return func() {}
		}
	}
	was := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(was) }
}
