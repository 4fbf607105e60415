package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/render"
	"raftsheet/trace"
)

// traceExts are the extensions of the traces in a folder.
var traceExts = []string{".yaml", ".yml"}

// inputs gives the files that the arguments name, in order: a folder stands for
// the traces in it, sorted; - for standard input, as does no argument at all. A
// folder without a trace is an error.
func (a *app) inputs(args []string) ([]string, error) {
	if len(args) == 0 {
		a.tellWaiting()
		return []string{"-"}, nil
	}
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
		for _, name := range found {
			if !hasTraceSuffix(name) {
				a.found[name] = true
			}
		}
		names = append(names, found...)
	}
	for _, arg := range args {
		delete(a.found, arg) // named too
	}
	return names, nil
}

// hasTraceSuffix reports whether a file's name says that it is a trace.
func hasTraceSuffix(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(traceExts, func(ext string) bool { return strings.HasSuffix(name, ".raft"+ext) })
}

// mixed reads files, and gives them to take in order. It passes over those that were
// found in a folder and have none of the format's keys at their top: how many those
// are is told on standard error. Where no other file is left, that is an error.
// Each file is let go once it is taken, so that a folder takes the memory of a few.
func (a *app) mixed(names []string, read func(name string) *check.File, take func(*check.File) error) error {
	defer forFiles(names)()
	kept, progress := 0, a.progressBeside(len(names))
	err := check.InOrder(len(names), func(i int) *check.File { return read(names[i]) }, func(i int, f *check.File) error {
		defer progress(i+1, len(names))
		if a.found[names[i]] && f.Source != nil && f.Source.IsForeign() {
			return nil
		}
		kept++
		return take(f)
	})
	if err != nil {
		return err
	}
	passed := len(names) - kept
	switch {
	case passed > 0 && kept == 0:
		return fmt.Errorf("there is no trace here: none of the format's keys stands at the top of %s", render.Count(passed, "file", "files"))
	case passed > 0 && !a.quiet:
		fmt.Fprintf(a.stderr, "raftsheet: passed over %s without a key of the format\n", render.Count(passed, "file", "files"))
	}
	return nil
}

// gathered is mixed for a command that needs all files at once.
func (a *app) gathered(names []string, read func(name string) *check.File) (files []*check.File, err error) {
	err = a.mixed(names, read, func(f *check.File) error {
		files = append(files, f)
		return nil
	})
	return files, err
}

// tellWaiting tells a person at a terminal, who named no file, what the program
// waits for.
func (a *app) tellWaiting() {
	if isTerminal(a.stdin) && !a.quiet {
		a.tell("raftsheet: reading a trace from standard input; end it with Ctrl-D")
	}
}

// tracesIn searches a folder. It follows no symbolic link in it, and leaves out
// folders whose name begins with a dot.
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
		case d.Type().IsRegular() && slices.Contains(traceExts, strings.ToLower(filepath.Ext(path))):
			names = append(names, path)
		}
		return nil
	})
	return names, err
}

// open opens a trace: a regular file, a pipe, or standard input. A device may
// have no end, and is refused.
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

// shownName is what a file is called in output.
func shownName(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return filepath.ToSlash(name)
}

// read reads one trace file whole.
func (a *app) read(name string) (*trace.File, error) { return a.readBy(trace.Read, name) }

func (a *app) readBy(read func(string, io.Reader, trace.Limits) (*trace.File, error), name string) (*trace.File, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, trace.Errors{{File: shownName(name), Msg: systemText(err)}}
	}
	defer in.Close()
	return read(shownName(name), in, a.limits())
}

// readable is read for a command that goes on with what can be read: it says what
// cannot, and fails where no trace is left.
func (a *app) readable(name string) (*trace.File, error) {
	return a.usable(a.read(name))
}

// usable is what readable makes of a file that was read.
func (a *app) usable(src *trace.File, err error) (*trace.File, error) {
	if err == nil {
		return src, nil
	}
	if src == nil || len(src.Traces) == 0 {
		return src, a.fail(src, err)
	}
	var errs trace.Errors
	errors.As(err, &errs)
	a.worse(exitError)
	return src, a.printTo(a.stderr, "text", render.Errors(src, errs))
}

// replay replays a trace for a command that goes on with what can be played.
func (a *app) replay(src *trace.File, t *trace.Trace) (*replay.Run, error) {
	run, errs := check.ReplayRest(t, a.rules)
	switch {
	case run == nil:
		return nil, a.fail(src, errs)
	case errs != nil:
		a.worse(exitError)
		return run, a.printTo(a.stderr, "text", render.Errors(src, errs))
	}
	return run, nil
}

// fail shows what keeps a command from being done, and ends it.
func (a *app) fail(src *trace.File, err error) error {
	var errs trace.Errors
	if !errors.As(err, &errs) {
		var one *trace.Error
		if !errors.As(err, &one) {
			return err
		}
		errs = trace.Errors{one}
	}
	if err := a.printTo(a.stderr, "text", render.Errors(src, errs)); err != nil {
		return err
	}
	return reportedError{exitError}
}

// readOne reads a file, and keeps what is malformed in it.
func (a *app) readOne(name string) *check.File {
	f := &check.File{Name: shownName(name)}
	var err error
	f.Source, err = a.read(name)
	errors.As(err, &f.Errors)
	return f
}

// checkOne reads a file, and replays and compares it unless it is read alone.
func (a *app) checkOne(name string, set check.Settings, readOnly bool) *check.File {
	in, err := a.open(name)
	if err != nil {
		return &check.File{Name: shownName(name), Errors: trace.Errors{{File: shownName(name), Msg: systemText(err)}}}
	}
	defer in.Close()
	if readOnly {
		return check.ReadFile(shownName(name), in, set.Limits)
	}
	return check.CheckFile(shownName(name), in, set)
}

// readAtMost reads a file that is not a trace.
func readAtMost(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, systemText(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, min(most, math.MaxInt64-1)+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: the file is larger than %d bytes; --max-bytes raises the limit", name, most)
	}
	return data, err
}

// systemText is an error of the operating system without the path, which is
// shown before it already, or is that of a temporary file.
func systemText(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	}
	return err.Error()
}

func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
