// Package wide says how far the tests go. It knows one environment variable, and
// nothing of Raft; only tests import it.
//
// Tests go as far as finds a slip in seconds. Continuous integration sets [Env]
// and has them go as far as time allows: all scopes of the exhaustive walks, all
// mutants, statistics on large samples, long random runs.
package wide

import (
	"os"
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
