// Command playground builds one page that runs raftsheet itself: a trace is written in
// it, checked as it is typed, and stepped through, without a server.
//
//	go run ./cmd/playground -o playground.html
//
// It compiles the command wasm beside it, and needs Go alone. The same sources and the
// same Go give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"raftsheet/examples"
	"raftsheet/render/page"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "playground:", err)
		}
		os.Exit(2)
	}
}

// run builds the page into the file that the arguments name.
func run(args []string, out, warn io.Writer) error {
	flags := flag.NewFlagSet("playground", flag.ContinueOnError)
	flags.SetOutput(warn)
	name := flags.String("o", "", "the `file` to write the page to; - for standard output")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *name == "" || flags.NArg() > 0 {
		return errors.New("it takes -o FILE and nothing else, such as -o playground.html")
	}
	text, err := build(warn)
	if err != nil {
		return err
	}
	if *name == "-" {
		_, err := out.Write(text)
		return err
	}
	return os.WriteFile(*name, text, 0o666)
}

// build compiles the program, and writes the page around it.
func build(warn io.Writer) ([]byte, error) {
	dir, err := os.MkdirTemp("", "playground")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "raftsheet.wasm")
	// Without paths, symbols and the state of the repository: they are of this machine.
	compile := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, "raftsheet/cmd/playground/wasm")
	compile.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=", "GOWASM=")
	compile.Stderr = warn
	if err := compile.Run(); err != nil {
		return nil, fmt.Errorf("go build for WebAssembly: %w", err)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	support, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, err
	}
	p := page.Playground{Support: string(support)}
	for _, l := range examples.Lessons() {
		p.Examples = append(p.Examples, page.Example(l))
	}
	if p.Program, err = compressed(program); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = page.WritePlayground(&text, p)
	return text.Bytes(), err
}

// compressed gives what a browser's DecompressionStream takes. Its header has no time.
func compressed(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
