package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"raftsheet/raft/wide"
)

// What the command does not take is said, and nothing is built.
func TestArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"-o", ""}, {"-o", "a.html", "b"}, {"a.html"}} {
		if err := run(args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-o FILE") {
			t.Errorf("%q: %v; want what it takes", args, err)
		}
	}
	if err := run([]string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

// What is compressed comes back as it was, and twice the same bytes.
func TestCompressed(t *testing.T) {
	data := bytes.Repeat([]byte("raft"), 1000)
	first, err := compressed(data)
	second, _ := compressed(data)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("compressed twice: %v, equal: %t", err, bytes.Equal(first, second))
	}
	r, err := gzip.NewReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, data) {
		t.Errorf("it comes back as %d bytes, %v; want %d", len(back), err, len(data))
	}
}

// The page is the same byte for byte whenever it is built.
func TestReproducible(t *testing.T) {
	wide.Only(t)
	var pages [2][]byte
	for i := range pages {
		name := filepath.Join(t.TempDir(), "playground.html")
		t.Setenv("TMPDIR", t.TempDir())
		var warn bytes.Buffer
		if err := run([]string{"-o", name}, io.Discard, &warn); err != nil {
			t.Fatalf("%v: %s", err, &warn)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = text
	}
	if !bytes.Equal(pages[0], pages[1]) {
		t.Error("built twice, the page is not the same")
	}
}
