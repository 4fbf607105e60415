package trace

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files; read them before you keep them")

// The files of testdata/errors are tables of what people write and what they
// are told, a row each:
//
//	-- why it is wrong --
//	the file, up to the next line with an arrow
//	=> line:column: message
//
// Each message says where, what was found, and what would be right.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables in testdata/errors (%v)", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			table := readFile(t, path)
			told := tell(t, table)
			if bytes.Equal(told, table) {
				return
			}
			if *update {
				if err := os.WriteFile(path, told, 0o644); err != nil {
					t.Error(err)
				}
				return
			}
			was, is := strings.SplitAfter(string(table), "\n"), strings.SplitAfter(string(told), "\n")
			for i := range min(len(was), len(is)) {
				if was[i] != is[i] {
					t.Fatalf("%s:%d: a message is not what it was (-update keeps the new one):\n-%s+%s", path, i+1, was[i], is[i])
				}
			}
			t.Fatalf("%s: what is told has %d lines, and had %d", path, len(is), len(was))
		})
	}
}

var rowHead = regexp.MustCompile(`(?m)^-- (.+) --\n`)

// tell gives a table with the messages that the reader gives now.
func tell(t *testing.T, table []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	heads := rowHead.FindAllIndex(table, -1)
	for i, h := range heads {
		end := len(table)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		in, _, _ := strings.Cut(string(table[h[1]:end]), "=> ")
		out.Write(table[h[0]:h[1]])
		out.WriteString(in)
		f, err := Parse("", []byte(in), DefaultLimits())
		if err == nil {
			t.Errorf("%sthe reader takes what is wrong:\n%s", table[h[0]:h[1]], in)
			continue
		}
		for _, e := range err.(Errors) {
			fmt.Fprintf(&out, "=> %s: %s\n", e.Pos, e.Msg)
			checkPos(t, f, e.Pos)
		}
	}
	return out.Bytes()
}

// checkPos says that a place must lie in the file, at a character or at a
// line's end.
func checkPos(t testing.TB, f *File, p Pos) {
	t.Helper()
	if lines := strings.Count(string(f.Bytes()), "\n") + 1; int(p.Line) > lines || p.Line < 1 || p.Column < 1 || int(p.Column) > len([]rune(f.source().Line(p.Line)))+1 {
		t.Errorf("the place %s lies outside of the file:\n%.500q", p, f.Bytes())
	}
}

// wrong gives what the reader says of a file, a line each; empty for nothing.
func wrong(data string) string {
	f, err := Parse("", []byte(data), DefaultLimits())
	if f == nil {
		return "Parse gives no file"
	}
	if err == nil {
		return ""
	}
	var lines []string
	for _, e := range err.(Errors) {
		lines = append(lines, e.Pos.String()+": "+e.Msg)
	}
	return strings.Join(lines, "\n")
}
