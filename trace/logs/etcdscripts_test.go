package logs_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/cockroachdb/datadriven"
	etcd "go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/rafttest"
)

// scriptFiles gives the files of go.etcd.io/raft's datadriven tests, at the version
// that this module is tested with.
func scriptFiles(t testing.TB) []string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "go.etcd.io/raft/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts are found: %v", err)
	}
	return files
}

// runScript runs a script of commands with the log on throughout, and gives what
// datadriven would write: each command with its output.
func runScript(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	env := rafttest.NewInteractionEnv(&rafttest.InteractionOpts{SetRandomizedElectionTimeout: setTimeout})
	env.Output.Lvl = 1 // INFO
	var out strings.Builder
	for _, c := range commands(string(text)) {
		d := datadriven.TestData{Input: c.input}
		if d.Cmd, d.CmdArgs, err = datadriven.ParseLine(c.line); err != nil {
			t.Fatalf("%s: %s: %v", file, c.line, err)
		}
		said := "ok\n"
		if d.Cmd != "log-level" {
			d.CmdArgs = loud(d.CmdArgs)
			said = env.Handle(t, d)
		}
		fmt.Fprintf(&out, "%s\n", c.line)
		if c.input != "" {
			fmt.Fprintf(&out, "%s\n", c.input)
		}
		fmt.Fprintf(&out, "----\n%s\n\n", strings.TrimRight(said, "\n"))
	}
	return out.String()
}

// setTimeout sets what a node keeps to itself, as the library's own tests do.
func setTimeout(n *etcd.RawNode, ticks int) {
	f := reflect.ValueOf(n).Elem().FieldByName("raft").Elem().FieldByName("randomizedElectionTimeout")
	*(*int)(unsafe.Pointer(f.UnsafeAddr())) = ticks
}

// loud takes away what would turn the log off.
func loud(args []datadriven.CmdArg) []datadriven.CmdArg {
	var kept []datadriven.CmdArg
	for _, a := range args {
		if a.Key != "log-level" {
			kept = append(kept, a)
		}
	}
	return kept
}

// A command is one of a script.
type command struct{ line, input string }

// commands gives the commands of a script, without what they are expected to put
// out.
func commands(text string) []command {
	var out []command
	var c command
	expected := false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case expected:
			expected = strings.TrimSpace(line) != ""
		case line == "----":
			out, c, expected = append(out, c), command{}, true
		case strings.HasPrefix(line, "#") || c.line == "" && strings.TrimSpace(line) == "":
		case c.line == "":
			c.line = line
		default:
			c.input = strings.TrimPrefix(c.input+"\n"+line, "\n")
		}
	}
	return out
}
