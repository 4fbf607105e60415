package cmd

import (
	"cmp"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"raftsheet/render/doc"
)

// tell says something on standard error, in one line that is safe for a terminal
// and for a log.
func (a *app) tell(format string, args ...any) {
	fmt.Fprintln(a.stderr, doc.Line(fmt.Sprintf(format, args...)))
}

// This file writes files. Each is written in one piece: the bytes go to a
// temporary file beside it, which then takes its place, so that whoever opens
// it finds all of the old bytes or all of the new ones.

// writeFile writes a file that the user named. A symbolic link stays one, and
// the file behind it is replaced. A device, such as /dev/stdout, is written to.
func writeFile(name string, data []byte) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return placeFile(name, data)
	case !info.Mode().IsRegular():
		if err := os.WriteFile(name, data, 0); err != nil {
			return notWritten(name, err)
		}
		return nil
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return notWritten(name, err)
	}
	return placeFile(target, data)
}

// placeFile writes a file into a folder. It replaces a symbolic link of that
// name, so that nothing outside the folder changes. A file that it replaces
// leaves it its mode; a new one has what the umask allows.
func placeFile(name string, data []byte) error {
	perm, replaces := fs.FileMode(0o666), false
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
		perm, replaces = info.Mode().Perm(), true
	}
	tmp, err := createBeside(name, perm)
	if err != nil {
		return fmt.Errorf("%s: not written: cannot create a temporary file in its folder: %s", name, systemText(err))
	}
	_, err = tmp.Write(data)
	if replaces { // the umask may have taken something away
		err = cmp.Or(err, tmp.Chmod(perm))
	}
	err = cmp.Or(err, tmp.Sync())
	err = cmp.Or(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		tmp.Close()
		os.Remove(tmp.Name())
		return notWritten(name, err)
	}
	return nil
}

// createBeside creates a temporary file in a file's folder. Unlike
// os.CreateTemp it leaves the mode to the umask.
func createBeside(name string, perm fs.FileMode) (*os.File, error) {
	tmp := filepath.Join(filepath.Dir(name), fmt.Sprintf(".raftsheet-%016x", rand.Uint64()))
	return os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
}

func notWritten(name string, err error) error {
	return fmt.Errorf("%s: not written: %s", name, systemText(err))
}

// replaceable refuses a file that could not be written back as it was: one that
// is not regular, and one that the user may not write. The flag is the one that
// names it.
func replaceable(flag, name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %s", name, systemText(err))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %s writes back to a regular file, and this is not one", name, flag)
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("%s: %s", name, systemText(err))
	}
	return f.Close()
}

// makeFolder makes a folder to write into, unless it is there.
func makeFolder(name string) error {
	if err := os.MkdirAll(name, 0o777); err != nil {
		return fmt.Errorf("%s: cannot make this folder: %s", name, systemText(err))
	}
	return nil
}
