//go:build unix

package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// inFolder makes a folder with a file in it the current one.
func inFolder(t *testing.T, text string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("x.yaml", []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

// holdsAlone fails unless the folder holds one file, with this text.
func holdsAlone(t *testing.T, want string) {
	t.Helper()
	got, err := os.ReadFile("x.yaml")
	if err != nil || string(got) != want {
		t.Errorf("the file holds %q, %v; want %q", got, err, want)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 1 {
		t.Errorf("in the folder: %v, %v", entries, err)
	}
}

// What somebody saves while a command runs is theirs to keep. If this fails, an
// edit is lost.
func TestWriteBackKeepsEdits(t *testing.T) {
	inFolder(t, "edited")
	for _, was := range []string{"", "read", "edited and longer", "edite"} {
		if err := writeBack("x.yaml", []byte(was), []byte("filled")); err == nil || !strings.HasPrefix(err.Error(), "x.yaml: not written: the file has changed since") {
			t.Errorf("over what was %q: %v", was, err)
		}
		holdsAlone(t, "edited")
	}
	if err := writeBack("x.yaml", []byte("edited"), []byte("filled")); err != nil {
		t.Error(err)
	}
	holdsAlone(t, "filled")
}

// An interrupt in the middle of a write leaves the old file, and nothing beside
// it. If this fails, folders fill with .raftsheet files.
func TestInterrupt(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(sig) { // as under nohup
			continue
		}
		inFolder(t, "old")
		interrupt := func() error {
			arrived := make(chan os.Signal, 1)
			signal.Notify(arrived, sig)
			if err := syscall.Kill(os.Getpid(), sig); err != nil {
				return err
			}
			<-arrived
			signal.Stop(arrived) // by now, everybody has it
			return nil
		}
		long := func(w io.Writer) error { // its second half is never written
			half := make([]byte, 1<<20)
			_, err := w.Write(half)
			if err = errors.Join(err, interrupt()); err == nil {
				_, err = w.Write(half)
			}
			return err
		}
		for when, add := range map[string]func(*outputs) error{
			"before it is in place": func(o *outputs) error { return o.add("x.yaml", "x.yaml", atHand([]byte("new")), interrupt) },
			"while it is written":   func(o *outputs) error { return o.file("x.yaml", long) },
		} {
			err := writeAll(func(o *outputs) error {
				return errors.Join(o.folder("pages"), o.page("pages/ann.html", atHand([]byte("new"))), add(o))
			})
			if !errors.Is(err, errInterrupted) {
				t.Errorf("%v %s: the error is %v", sig, when, err)
			}
			holdsAlone(t, "old")
		}
	}
}

// As root, a file that is written back is still its owner's.
func TestOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may give a file away")
	}
	inFolder(t, "old")
	if err := os.Chown("x.yaml", 1234, 4321); err != nil {
		t.Skip(err)
	}
	if err := writeBack("x.yaml", []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat("x.yaml")
	if stat := info.Sys().(*syscall.Stat_t); err != nil || stat.Uid != 1234 || stat.Gid != 4321 || info.Mode().Perm() != 0o640 {
		t.Errorf("the file is now of %d:%d, mode %v, %v", stat.Uid, stat.Gid, info.Mode(), err)
	}
}

// A file with several names is not cut off from the others in silence.
func TestHardLinks(t *testing.T) {
	inFolder(t, "nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: }}\n")
	if err := os.Link("x.yaml", "y.yaml"); err != nil {
		t.Skip(err)
	}
	var stderr strings.Builder
	if code := Main([]string{"fill", "-w", "x.yaml"}, strings.NewReader(""), &stderr, &stderr); code != exitError || !strings.Contains(stderr.String(), "x.yaml: this file has 2 hard links") {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
}

// An error names the file that was to be written, and not the temporary one.
func TestNotWrittenNamesTheFile(t *testing.T) {
	err := notWritten("out/x.csv", &fs.PathError{Op: "write", Path: "out/.raftsheet-1", Err: syscall.ENOSPC})
	if want := "out/x.csv: not written: no space left on device"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// If one of several files cannot be put in its place, all are as they were. If this
// fails, a gradebook has marks of which there is no report.
func TestWriteAllOrNone(t *testing.T) {
	inFolder(t, "old")
	err := writeAll(func(o *outputs) error {
		return errors.Join(
			o.folder("made/pages"),
			o.file("x.yaml", atHand([]byte("new"))),
			o.page("made/pages/ann.html", atHand([]byte("new"))),
			o.file("last", atHand([]byte("new"))),
			os.MkdirAll("last/full", 0o700)) // after it was looked at
	})
	if err == nil || !strings.HasPrefix(err.Error(), "last: not written: ") {
		t.Errorf("the error is %v", err)
	}
	if err := os.RemoveAll("last"); err != nil {
		t.Fatal(err)
	}
	holdsAlone(t, "old")

	err = writeAll(func(o *outputs) error {
		return errors.Join(o.file("x.yaml", atHand([]byte("new"))), o.back("x.yaml", []byte("another"), atHand([]byte("newer"))))
	})
	if err == nil || !strings.Contains(err.Error(), "has changed since it was read") {
		t.Errorf("the error is %v", err)
	}
	holdsAlone(t, "old")
}

// What a killed run has left is gone after the next one, and what another run is
// writing is not.
func TestSweep(t *testing.T) {
	inFolder(t, "old")
	killed := exec.Command("true")
	if err := killed.Run(); err != nil {
		t.Skip(err)
	}
	mine := temporary("x.yaml")
	left := strings.Replace(mine, fmt.Sprintf("-%d-", os.Getpid()), fmt.Sprintf("-%d-", killed.Process.Pid), 1)
	for _, name := range []string{mine, left} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeAll(func(o *outputs) error { return o.file("x.yaml", atHand([]byte("new"))) }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left: %v", left, err)
	}
	if err := os.Remove(mine); err != nil {
		t.Errorf("another run has lost its file: %v", err)
	}
	holdsAlone(t, "new")
}

// Names and marks are for those only whom the umask lets read them.
func TestUmask(t *testing.T) {
	inFolder(t, "old")
	was := syscall.Umask(0o077)
	defer syscall.Umask(was)
	err := writeAll(func(o *outputs) error {
		return errors.Join(o.folder("pages"), o.page("pages/ann.html", atHand(nil)), o.file("new.csv", atHand(nil)))
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"pages": 0o700, "pages/ann.html": 0o600, "new.csv": 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}
