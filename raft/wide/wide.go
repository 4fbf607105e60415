// Package wide says how far the tests go. It knows one environment variable, and
// nothing of Raft; only tests import it.
//
// Tests go as far as finds a slip in seconds. Continuous integration sets [Env]
// and has them go as far as time allows: all scopes of the exhaustive walks, all
// mutants, statistics on large samples, long random runs.
package wide

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Env is the environment variable which makes tests wide: set, to anything but
// the empty string.
const Env = "RAFTSHEET_WIDE"

// On reports whether tests are to be wide.
func On() bool { return os.Getenv(Env) != "" }

// Of gives a test's extent, a count or a list, by whether tests are to be wide.
// What is narrow must still be able to fail.
func Of[T any](narrow, wide T) T {
	if On() {
		return wide
	}
	return narrow
}

// Only skips a test that is worth its time in a wide run alone.
func Only(t testing.TB) {
	t.Helper()
	if !On() {
		t.Skipf("set %s=1 to run it", Env)
	}
}

// Checks sets how many random cases each property of package rapid is checked on,
// unless -rapid.checks says otherwise. A test package that uses rapid calls it
// from an init function, before the flags are read.
func Checks(narrow, wide int) {
	if err := flag.Set("rapid.checks", strconv.Itoa(Of(narrow, wide))); err != nil {
		panic(err)
	}
}
