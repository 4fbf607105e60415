//go:build !with_tla

package recorders

import (
	"os"
	"os/exec"
	"testing"
)

// The library traces only where it is built with a tag: the test of that runs in a
// build of its own. If it fails, what it prints says why.
func TestEtcdWithItsTag(t *testing.T) {
	t.Parallel()
	c := exec.Command("go", "test", "-tags", "with_tla", "-run", "TestEtcdStateTraces", "-v", ".")
	c.Env = os.Environ()
	out, err := c.CombinedOutput()
	if t.Logf("%s", out); err != nil {
		t.Error(err)
	}
}
