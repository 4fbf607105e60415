package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"raftsheet/check"
	"raftsheet/trace"
)

// inputs gives the files that the arguments name, in order: a folder stands for
// the traces in it, sorted; - for standard input. A folder without a trace is
// an error.
func inputs(args []string) ([]string, error) {
	var names []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == "-" || err != nil || !info.IsDir() {
			names = append(names, arg) // an error is shown when the file is opened
			continue
		}
		found, err := tracesIn(arg)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: this folder holds no *.yaml or *.yml", arg)
		}
		names = append(names, found...)
	}
	return names, nil
}

// tracesIn searches a folder. Symbolic links in it are not followed, and
// folders whose name begins with a dot are passed over.
func tracesIn(dir string) ([]string, error) {
	var names []string
	root := dir + string(filepath.Separator) // a link to a folder is followed where it is named
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			names = append(names, path) // shown when it is opened
			if d != nil && d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(path))):
			names = append(names, path)
		}
		return nil
	})
	return names, err
}

// open opens a trace: a regular file, or standard input. A device or a pipe
// with no end is refused.
func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("this is a folder; name a file in it")
	}
	if !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 {
		return nil, errors.New("this is neither a file nor a pipe")
	}
	return os.Open(name)
}

// shownName is how a file is called in what is printed.
func shownName(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return filepath.ToSlash(name)
}

// read reads one trace file whole.
func (a *app) read(name string) (*trace.File, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, trace.Errors{{File: shownName(name), Msg: systemText(err)}}
	}
	defer in.Close()
	return trace.Read(shownName(name), in, a.limits())
}

func (a *app) checkOne(name string, set check.Settings) *check.File {
	in, err := a.open(name)
	if err != nil {
		return &check.File{Name: shownName(name), Errors: trace.Errors{{File: shownName(name), Msg: systemText(err)}}}
	}
	defer in.Close()
	return check.CheckFile(shownName(name), in, set)
}

// systemText is an error of the operating system without the path, which is
// shown before it already.
func systemText(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}
