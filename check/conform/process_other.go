//go:build !unix

package conform

import (
	"os/exec"
	"runtime"
)

// shell runs a command.
func shell(command string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.Command("cmd", "/C", command)
	}
	return exec.Command("sh", "-c", command)
}

// kill ends a command. What that has started goes when its pipes close.
func kill(c *exec.Cmd) { c.Process.Kill() }
