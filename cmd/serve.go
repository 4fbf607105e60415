package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"raftsheet/examples"
	"raftsheet/render/doc"
	"raftsheet/render/page"
	"raftsheet/render/page/engine"
	"raftsheet/render/page/server"
)

// serveHelp is the text of serve --help.
const serveHelp = `serve shows a page in this machine's browser: on the left a trace, with what is
wrong in it underlined as you type, and on the right its replay to step through.
It prints the page's address, and answers until Ctrl+C.

With FILE the page shows that file and follows it: save it in your editor, and
the page shows what you have saved. What you have typed in the page stays until
you say otherwise. Without --write the file is never written; with it the page
has a button that saves, unless the file has changed since the page last saw it.

Other machines cannot reach the page, and neither can other pages in your
browser: it listens on 127.0.0.1 alone, at an address that is new each time and
that nobody can guess. The page loads nothing from elsewhere.`

// lookEvery is how often a followed file is looked at.
const lookEvery = 200 * time.Millisecond

func (a *app) serveCommand() *cobra.Command {
	var port int
	var write bool
	c := &cobra.Command{
		Use:   "serve [flags] [FILE]",
		Short: "Show a page in which a trace is checked as you type",
		Long:  serveHelp,
		Example: `  raftsheet serve examples/worksheet.yaml
  raftsheet serve --write --port 8080 key.yaml`,
		Args:              between("one FILE or none", 0, 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE:              func(_ *cobra.Command, args []string) error { return a.serve(strings.Join(args, ""), port, write) },
	}
	f := c.Flags()
	f.IntVar(&port, "port", 0, "the port to listen on; 0 for any that is free")
	f.BoolVar(&write, "write", false, "let the page save FILE")
	completeFlag(c, "port", cobra.NoFileCompletions)
	return c
}

// serve serves the page until the user ends it. The file may be empty, for none.
func (a *app) serve(name string, port int, write bool) error {
	if port < 0 || port > 65535 {
		return fmt.Errorf("--port %d: it takes a port, 1 to 65535, or 0 for any that is free", port)
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	file, err := a.followed(name, write)
	if err != nil {
		return err
	}
	s := server.Server{File: file, Page: a.playground, Policy: page.PlaygroundPolicy(true), Answer: engine.New(tellingTraces).Answer, MostBytes: a.maxBytes}
	ctx, stop := untilInterrupted()
	defer stop()
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("cannot listen on 127.0.0.1:%d: %s; --port 0 takes any port that is free", port, listenText(err))
	}
	defer l.Close()
	token := server.NewToken()
	if _, err := fmt.Fprintf(a.stdout, "Open %s in a browser; Ctrl+C stops it.\n%s\n", server.Address(l, token), following(name, write)); err != nil {
		return err
	}
	if file != nil {
		ticks := time.NewTicker(lookEvery)
		defer ticks.Stop()
		go file.Follow(ctx, ticks.C)
	}
	return s.Serve(ctx, l, token)
}

// following says which file the page shows.
func following(name string, write bool) string {
	switch {
	case name == "":
		return "It follows no file; raftsheet serve FILE does."
	case write:
		return doc.Line("It follows " + shownName(name) + ", and saves it when you say so in the page.")
	}
	return doc.Line("It follows " + shownName(name) + ", and writes nothing; with --write the page can save it.")
}

// followed gives the file that is followed, nil for none.
func (a *app) followed(name string, write bool) (*server.File, error) {
	switch {
	case name == "" && write:
		return nil, errors.New("--write lets the page save a FILE, and none is named")
	case name == "":
		return nil, nil
	case name == "-":
		return nil, errors.New("serve follows a file: save what comes from standard input in one")
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %s", name, systemText(err))
	case info.IsDir():
		return nil, fmt.Errorf("%s: this is a folder; name a file in it", name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: this is neither a file nor a folder, and cannot be followed", name)
	}
	var save func(was, text []byte) error
	if write {
		if save, err = saver(name); err != nil {
			return nil, err
		}
	}
	file := server.NewFile(shownName(name), name, func() ([]byte, error) {
		data, err := readAtMost(name, a.maxBytes)
		if err != nil {
			return nil, errors.New(strings.TrimPrefix(systemText(err), name+": "))
		}
		return data, nil
	}, save)
	if now, _ := file.Now(); now.Problem != "" {
		return nil, fmt.Errorf("%s: %s", name, now.Problem)
	}
	return file, nil
}

// saver gives what saves a file: the one that its name leads to now, and no other. A link
// that somebody puts in its place would have the page write where it leads.
func saver(name string) (func(was, text []byte) error, error) {
	if err := replaceable("--write", name); err != nil {
		return nil, err
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, systemText(err))
	}
	return func(was, text []byte) error {
		if now, err := filepath.EvalSymlinks(name); err == nil && now != target {
			return fmt.Errorf("%s leads to another file than it did when serve began; start serve again", shownName(name))
		}
		return writeBack(name, was, text)
	}, nil
}

// playground writes the page that shows a file, nil for none.
func (a *app) playground(file *page.Served) ([]byte, error) {
	var b bytes.Buffer
	p := page.Playground{Rules: a.rules, Served: file}
	for _, l := range examples.Lessons() {
		p.Examples = append(p.Examples, page.Example(l))
	}
	err := page.WritePlayground(&b, p)
	return b.Bytes(), err
}

// listenText says why nobody can listen on a port.
func listenText(err error) string {
	var at *net.OpError
	var call *os.SyscallError
	switch {
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.As(err, &at):
		return at.Err.Error()
	}
	return err.Error()
}
