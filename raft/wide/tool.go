package wide

import (
	"os/exec"
	"testing"
)

// Tool gives the path of a program with which a test reads what was written. Such a
// test is for a wide run alone, and fails there where the program is not installed.
func Tool(t testing.TB, name string) string {
	t.Helper()
	Only(t)
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is not installed; .ci/run installs it", name)
	}
	return path
}
