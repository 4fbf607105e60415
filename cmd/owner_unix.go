//go:build unix

package cmd

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// links is how many names a file has.
func links(info fs.FileInfo) int {
	if stat, is := info.Sys().(*syscall.Stat_t); is {
		return int(stat.Nlink)
	}
	return 1
}

// keepOwner gives a file the owner and the group of the one that it replaces.
// Only root may give a file away; what another user writes becomes theirs.
func keepOwner(f *os.File, old fs.FileInfo) error {
	stat, is := old.Sys().(*syscall.Stat_t)
	if !is {
		return nil
	}
	err := f.Chown(int(stat.Uid), int(stat.Gid))
	if os.Geteuid() != 0 && errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// runs reports whether a process runs, anybody's.
func runs(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
