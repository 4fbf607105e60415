package cmd

import (
	"os"
	"runtime/debug"
)

// This file says how hard the garbage collector works. Each function gives what puts
// it back.

// collectSeldom has the collector run when the memory in use has grown by so many
// percent, the default being 100; unless GOGC says when.
func collectSeldom(percent int) (back func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	was := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(was) }
}

// smallFile is how many bytes make a file small: one of thousands.
const smallFile = 256 << 10

// forFiles is for reading these files. A small file leaves many times its size
// behind, and is let go soon: to collect that at once costs a fifth of the time and
// saves a few megabytes.
func forFiles(names []string) (back func()) {
	const percent = 300
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Size() > smallFile {
			return func() {}
		}
	}
	return collectSeldom(percent)
}

// forOneFile is for a file that is in memory from the start to the end, with almost all
// that is made of it: to look for garbage costs a twentieth of the time, and finds none.
func forOneFile() (back func()) {
	const never = -1
	return collectSeldom(never)
}

// forReplays is for a great many replays of one trace, which come and go. On a long
// trace the slack of a lazy collector would be the most of the memory; near this
// limit it works harder instead.
func forReplays() (back func()) {
	const percent, mostMemory = 120, 220 << 20
	was := debug.SetMemoryLimit(-1) // what the environment says
	debug.SetMemoryLimit(min(was, mostMemory))
	asBefore := collectSeldom(percent)
	return func() {
		asBefore()
		debug.SetMemoryLimit(was)
	}
}
