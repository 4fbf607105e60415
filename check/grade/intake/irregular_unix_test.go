//go:build unix

package intake

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A link out of the folder would show a file of the teacher's to the student; a
// pipe would be waited for without end.
func TestCollectIrregular(t *testing.T) {
	outside := tree(t, "secret.yaml", "folder/sheet.yaml")
	dir := tree(t, "alice.yaml")
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, to := range map[string]string{
		"bob.yaml":  filepath.Join(outside, "secret.yaml"),
		"carol":     filepath.Join(outside, "folder"),
		"dan.zip":   "nowhere",
		"erin.yaml": "alice.yaml",
		"loop":      ".",
	} {
		if err := os.Symlink(to, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(at("fay.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", at("gus.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const link = "it is a symbolic link, which is followed only where an argument names it, and not out of its folder"
	want := map[string]string{
		"alice.yaml": "", "bob.yaml": link, "carol": link, "dan.zip": link, "erin.yaml": link, "loop": link,
		"fay.yaml": "it is a named pipe, which is not opened",
		"gus.yaml": "it is a socket, which is not opened",
	}
	if diff := cmp.Diff(want, under(dir, collect(t, dir), refused)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// A shell gives them as arguments. Within its folder, a link to a file is
	// followed then.
	want["erin.yaml"] = ""
	for name, why := range want {
		in := collect(t, at(name))
		if len(in.Inputs) != 1 || in.Inputs[0].Refused != why {
			t.Errorf("%s as an argument: %+v", name, in.Inputs)
		}
	}
	if in := collect(t, at("erin.yaml")); content(t, &in.Inputs[0]) != "alice.yaml" || in.Inputs[0].Student.Name != "erin" {
		t.Errorf("a link as an argument: %+v", in.Inputs)
	}
	if in := collect(t, os.DevNull); len(in.Inputs) != 1 || in.Inputs[0].Refused != "it is a device, which is not opened" {
		t.Errorf("a device as an argument: %+v", in.Inputs)
	}
	// A link of the teacher's to a folder is followed if its name ends in a slash.
	if in := collect(t, at("carol")+"/"); len(in.Inputs) != 1 || content(t, &in.Inputs[0]) != "folder/sheet.yaml" {
		t.Errorf("a link to a folder as an argument: %+v", in.Inputs)
	}
}

// A file that becomes a link after it was listed must not be followed.
func TestOpenFindsALink(t *testing.T) {
	outside := tree(t, "secret.yaml")
	dir := tree(t, "sub/a.yaml")
	in := collect(t, dir)
	at := filepath.Join(dir, "sub", "a.yaml")
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), at); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Inputs[0].Open(); err == nil {
		t.Error("the link is followed")
	}

	dir = tree(t, "sub/a.yaml")
	in = collect(t, dir)
	if err := os.Link(filepath.Join(dir, "sub", "a.yaml"), filepath.Join(outside, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "sub")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "sub")); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Inputs[0].Open(); err == nil {
		t.Error("the link that has taken the folder's place is followed")
	}
}
