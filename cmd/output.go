package cmd

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// This file writes files. Each is written in one piece: the bytes go to a
// temporary file beside it, which then takes its place, so that whoever opens
// it finds all of the old bytes or all of the new ones.

// writeFile writes a file that the user named. A symbolic link stays one, and
// the file behind it is replaced. A device, such as /dev/stdout, is written to.
func writeFile(name string, data []byte) error { return writeOver(name, data, nil) }

// writeBack writes a file that was read: not if somebody has changed it since,
// whose edit would be lost.
func writeBack(name string, was, data []byte) error {
	return writeOver(name, data, func() error {
		now, err := readAtMost(name, int64(len(was)))
		if err != nil || !bytes.Equal(was, now) {
			return errors.New("the file has changed since it was read; run the command again")
		}
		return nil
	})
}

func writeOver(name string, data []byte, ready func() error) error {
	info, err := os.Stat(name)
	switch {
	case err != nil && ready == nil:
		return placeFile(name, data)
	case err != nil:
		return notWritten(name, err)
	case !info.Mode().IsRegular():
		if err := os.WriteFile(name, data, 0); err != nil {
			return notWritten(name, err)
		}
		return nil
	}
	target, err := filepath.EvalSymlinks(name)
	if err == nil {
		err = replaceFile(target, data, ready)
	}
	if err != nil {
		return notWritten(name, err)
	}
	return nil
}

// placeFile writes a file into a folder. It replaces a symbolic link of that
// name, so that nothing outside the folder changes.
func placeFile(name string, data []byte) error {
	if err := replaceFile(name, data, nil); err != nil {
		return notWritten(name, err)
	}
	return nil
}

// replaceFile puts a file in a place. One that it replaces leaves it its mode and
// its owner; a new one has what the umask allows. Just before, ready may still
// refuse. An interrupt waits until the temporary file is gone.
func replaceFile(name string, data []byte, ready func() error) error {
	held := holdInterrupts()
	tmp, old, err := createBeside(name)
	if err == nil {
		err = writeWhole(tmp, data, old)
		if err == nil && ready != nil {
			err = ready()
		}
		if err = cmp.Or(err, held.err()); err == nil {
			err = os.Rename(tmp.Name(), name)
		}
		if err != nil {
			os.Remove(tmp.Name())
		}
	}
	return cmp.Or(err, held.release())
}

// createBeside creates a temporary file in a file's folder, and gives what is
// known of the file that it is to replace, nil for none. Unlike os.CreateTemp it
// leaves the mode to the umask.
func createBeside(name string) (tmp *os.File, old fs.FileInfo, err error) {
	perm := fs.FileMode(0o666)
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
		old, perm = info, info.Mode().Perm()
	}
	beside := filepath.Join(filepath.Dir(name), fmt.Sprintf(".raftsheet-%016x", rand.Uint64()))
	tmp, err = os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot create a temporary file in its folder: %s", systemText(err))
	}
	return tmp, old, nil
}

// writeWhole writes a temporary file and closes it.
func writeWhole(tmp *os.File, data []byte, old fs.FileInfo) error {
	_, err := tmp.Write(data)
	if old != nil {
		err = cmp.Or(err, keepOwner(tmp, old), tmp.Chmod(old.Mode().Perm())) // the umask may have taken something away
	}
	return cmp.Or(err, tmp.Sync(), tmp.Close())
}

// notWritten says why a file was not written. An interrupt is not of the file's
// making, and may have come a moment too late.
func notWritten(name string, err error) error {
	if errors.Is(err, errInterrupted) {
		return err
	}
	return fmt.Errorf("%s: not written: %s", name, systemText(err))
}

// replaceable refuses a file that could not be written back as it was: one that
// is not regular, one that goes by several names, of which the others would keep
// the old bytes, and one that the user may not write. The flag is the one that
// names it.
func replaceable(flag, name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %s", name, systemText(err))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %s writes back to a regular file, and this is not one", name, flag)
	case links(info) > 1:
		return fmt.Errorf("%s: this file has %d hard links, of which %s would change one alone; write the output to a file of its own", name, links(info), flag)
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
