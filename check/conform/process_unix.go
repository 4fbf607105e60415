//go:build unix

package conform

import (
	"os/exec"
	"syscall"
)

// shell runs a command in a group of its own, so that what it starts ends with it.
func shell(command string) *exec.Cmd {
	c := exec.Command("sh", "-c", command)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// kill ends a command and all that it has started.
func kill(c *exec.Cmd) { syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
