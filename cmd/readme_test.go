package cmd_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"raftsheet/cmd"
)

// The README's commands print what the README says they print. A command is a
// line "$ ..." in a console block; what follows, up to the next command or the
// block's end, is its output. A line of three dots stands for any lines.
func TestREADME(t *testing.T) {
	t.Chdir("..")
	t.Setenv("COLUMNS", "80")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	ran := 0
	for _, part := range parts(string(readme)) {
		out.WriteString(part.text)
		if part.command == "" {
			continue
		}
		args, ok := raftsheetArgs(part.command)
		if !ok {
			out.WriteString(part.output)
			continue
		}
		ran++
		got := run(args)
		if !*update && !matches(got, part.output) {
			t.Errorf("$ %s\nprints\n%s\nand the README says\n%s", part.command, got, part.output)
		}
		if matches(got, part.output) {
			got = part.output // keeps its dots
		}
		out.WriteString(got)
	}
	if ran < 5 {
		t.Errorf("only %d commands of the README were run: are its console blocks still read?", ran)
	}
	if *update && out.String() != string(readme) {
		if err := os.WriteFile("README.md", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A part is text, and then a command with its output, or none.
type part struct{ text, command, output string }

func parts(readme string) []part {
	var all []part
	cur, inside := part{}, false
	for line := range strings.Lines(readme) {
		fence := strings.HasPrefix(line, "```")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case fence || inside && isCommand:
			if cur.command != "" {
				all = append(all, cur)
				cur = part{}
			}
			if fence {
				inside = strings.HasPrefix(line, "```console")
			} else {
				cur.command = strings.TrimSpace(command)
			}
			cur.text += line
		case cur.command != "":
			cur.output += line
		default:
			cur.text += line
		}
	}
	return append(all, cur)
}

// raftsheetArgs gives the arguments of a command that only runs raftsheet.
func raftsheetArgs(command string) ([]string, bool) {
	rest, ok := strings.CutPrefix(command, "go run . ")
	if !ok {
		rest, ok = strings.CutPrefix(command, "raftsheet ")
	}
	if !ok || strings.ContainsAny(rest, "|><;&") {
		return nil, false
	}
	return strings.Fields(rest), true
}

func run(args []string) string {
	var out bytes.Buffer
	cmd.Main(args, strings.NewReader(""), &out, &out)
	return out.String()
}

// matches compares an output with one in which a line of dots stands for any
// lines.
func matches(got, want string) bool {
	before, after, dots := strings.Cut(want, "...\n")
	if !dots {
		return got == want
	}
	if !strings.HasPrefix(got, before) {
		return false
	}
	for rest := got[len(before):]; ; {
		if matches(rest, after) {
			return true
		}
		_, next, more := strings.Cut(rest, "\n")
		if !more {
			return false
		}
		rest = next
	}
}
