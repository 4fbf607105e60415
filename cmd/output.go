package cmd

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// This file writes files. Each is written in one piece: the bytes go to a
// temporary file beside it, which then takes its place, so that whoever opens
// it finds all of the old bytes or all of the new ones. A command that writes
// several writes all of them or none.

// outputs are the files that a command writes.
type outputs struct {
	held heldInterrupts
	all  []*output
	made []string // folders, those above before those in them
}

// An output is a file that is written, and not in its place yet.
type output struct {
	name   string       // as messages have it
	at     string       // the place
	device bool         // not replaced, but written to
	from   content      // of a device
	tmp    string       // the temporary file, until it is in its place
	there  bool         // it replaces another
	old    string       // another name of what it replaces, until all are in place
	ready  func() error // may refuse, just before; nil for nobody
}

// A content writes what is to be in a file: all of it may be too much to have in memory.
type content func(io.Writer) error

// atHand is a content that is at hand.
func atHand(data []byte) content {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// writeAll puts what fill adds in place, if all of it could be written. Otherwise
// everything stays as it was. An interrupt waits until no temporary file is left.
func writeAll(fill func(*outputs) error) error {
	o := &outputs{held: holdInterrupts()}
	err := fill(o)
	if err == nil {
		err = o.place()
	}
	o.clean(err != nil)
	return cmp.Or(err, o.held.release())
}

// writeBack writes a file that was read.
func writeBack(name string, was, data []byte) error {
	return writeAll(func(o *outputs) error { return o.back(name, was, atHand(data)) })
}

// placeFile writes a file into a folder.
func placeFile(name string, data []byte) error {
	return writeAll(func(o *outputs) error { return o.page(name, atHand(data)) })
}

// file adds a file that the user named. A symbolic link stays one, and the file
// behind it is replaced. A device, such as /dev/stdout, is written to.
func (o *outputs) file(name string, from content) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return o.page(name, from)
	case info.IsDir():
		return notWritten(name, syscall.EISDIR)
	case !info.Mode().IsRegular():
		o.all = append(o.all, &output{name: name, at: name, device: true, from: from})
		return nil
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return notWritten(name, err)
	}
	return o.add(name, target, from, nil)
}

// back adds a file that was read: not if somebody has changed it since, whose
// edit would be lost.
func (o *outputs) back(name string, was []byte, from content) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return notWritten(name, err)
	}
	return o.add(name, target, from, func() error { return unchanged(name, was) })
}

// unchanged is an error if a file does not hold any more what was read of it.
func unchanged(name string, was []byte) error {
	now, err := readAtMost(name, int64(len(was)))
	if err != nil || !bytes.Equal(was, now) {
		return errors.New("the file has changed since it was read; run the command again")
	}
	return nil
}

// page adds a file in a folder. It replaces a symbolic link of that name, so that
// nothing outside the folder changes.
func (o *outputs) page(name string, from content) error { return o.add(name, name, from, nil) }

// missing adds a file in a folder that does not have it: what somebody else has put there
// in the meantime is not replaced.
func (o *outputs) missing(name string, from content) error {
	return o.add(name, name, from, func() error {
		if _, err := os.Lstat(name); err == nil {
			return fs.ErrExist
		}
		return nil
	})
}

// add writes a temporary file, to be put in a place. A file that it replaces
// leaves it its mode and its owner; a new one has what the umask allows.
func (o *outputs) add(name, at string, from content, ready func() error) error {
	if err := o.held.err(); err != nil {
		return err
	}
	tmp, old, err := createBeside(at)
	if err != nil {
		return notWritten(name, err)
	}
	o.all = append(o.all, &output{name: name, at: at, tmp: tmp.Name(), ready: ready})
	if info, err := os.Lstat(at); err == nil && info.IsDir() {
		tmp.Close()
		return notWritten(name, syscall.EISDIR)
	}
	if err := o.writeWhole(tmp, from, old); err != nil {
		return notWritten(name, err)
	}
	return nil
}

// folder makes a folder to write into, unless it is there.
func (o *outputs) folder(name string) error {
	var made []string
	for at := filepath.Clean(name); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	slices.Reverse(made)
	o.made = append(o.made, made...)
	return makeFolder(name)
}

// place puts everything in its place, if nothing speaks against any of it.
func (o *outputs) place() error {
	for _, f := range o.all {
		if f.ready != nil {
			if err := f.ready(); err != nil {
				return notWritten(f.name, err)
			}
		}
	}
	if err := o.held.err(); err != nil {
		return err
	}
	for _, f := range o.all {
		if f.device {
			if err := o.writeDevice(f.at, f.from); err != nil {
				return notWritten(f.name, err)
			}
		}
	}
	for i, f := range o.all {
		if err := f.place(len(o.all) > 1); err != nil {
			o.undo(i)
			return notWritten(f.name, err)
		}
	}
	o.finishFolders()
	return nil
}

// place puts a file in its place. With undo, what was there keeps another name
// for as long as the place may have to be given back.
func (f *output) place(undo bool) error {
	if f.device {
		return nil
	}
	_, err := os.Lstat(f.at)
	f.there = err == nil
	if undo && f.there {
		f.old = temporary(f.at)
		if err := os.Link(f.at, f.old); err != nil {
			f.old = "" // a file system without links
		}
	}
	if err := os.Rename(f.tmp, f.at); err != nil {
		return err
	}
	f.tmp = ""
	return nil
}

// undo gives back the places of the first n.
func (o *outputs) undo(n int) {
	for _, f := range o.all[:n] {
		switch {
		case f.device:
		case f.old != "":
			if os.Rename(f.old, f.at) == nil {
				f.old = ""
			}
		case !f.there:
			os.Remove(f.at)
		}
	}
}

// clean removes the temporary files that are left and, if nothing was written,
// the folders that were made.
func (o *outputs) clean(failed bool) {
	for _, f := range o.all {
		for _, name := range []string{f.tmp, f.old} {
			if name != "" {
				os.Remove(name)
			}
		}
	}
	if failed {
		for _, dir := range slices.Backward(o.made) {
			os.Remove(dir) // no folder with something in it
		}
	}
}

// finishFolders asks the system to keep the new names, where it can be asked, and
// removes what killed runs have left.
func (o *outputs) finishFolders() {
	done := make(map[string]bool)
	for _, f := range o.all {
		dir := filepath.Dir(f.at)
		if f.device || done[dir] {
			continue
		}
		done[dir] = true
		if d, err := os.Open(dir); err == nil {
			d.Sync()
			d.Close()
		}
		sweep(dir)
	}
}

// createBeside creates a temporary file in a file's folder, and gives what is
// known of the file that it is to replace, nil for none. Unlike os.CreateTemp it
// leaves the mode to the umask.
func createBeside(name string) (tmp *os.File, old fs.FileInfo, err error) {
	perm := fs.FileMode(0o666)
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
		old, perm = info, info.Mode().Perm()
	}
	tmp, err = os.OpenFile(temporary(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot create a temporary file in its folder: %s", systemText(err))
	}
	return tmp, old, nil
}

// writeWhole writes a temporary file and closes it.
func (o *outputs) writeWhole(tmp *os.File, from content, old fs.FileInfo) error {
	err := o.fill(tmp, from)
	if old != nil {
		err = cmp.Or(err, keepOwner(tmp, old), tmp.Chmod(old.Mode().Perm())) // the umask may have taken something away
	}
	return cmp.Or(err, tmp.Sync(), tmp.Close())
}

// writeDevice writes to what is there, and is no file.
func (o *outputs) writeDevice(name string, from content) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return cmp.Or(o.fill(f, from), f.Close())
}

// fill writes a content, in pieces that are worth a call of the system. To make it may
// take a while: an interrupt ends it.
func (o *outputs) fill(f *os.File, from content) error {
	w := bufio.NewWriter(interruptible{f, o.held})
	return cmp.Or(from(w), w.Flush())
}

// interruptible is a file that is written until an interrupt comes.
type interruptible struct {
	file *os.File
	held heldInterrupts
}

func (w interruptible) Write(p []byte) (int, error) {
	if err := w.held.err(); err != nil {
		return 0, err
	}
	return w.file.Write(p)
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
