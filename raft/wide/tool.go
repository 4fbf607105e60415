package wide

import (
	"os"
	"os/exec"
	"testing"
)

// Tool gives the path of a program with which a test reads what was written. Where
// it is not installed the test is skipped; in continuous integration, which installs
// it, and in a wide run the test fails.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case On() || os.Getenv("CI") != "":
		t.Fatalf("%s is not installed; .ci/run installs it", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return path
}
