//go:build unix

package cmd_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"raftsheet/raft/wide"
)

// aliasBombs are files of some 6 kB that ask for as much as aliases may: many
// receivers, long logs, large tables, one document within the limits and one past
// them.
func aliasBombs() map[string]string {
	const leads = "nodes: 64\ninitial: {1: {term: 1, role: leader, votedFor: 1}}\n"
	room := "#" + strings.Repeat("-", 5000) + "\n" // a comment: as much as the aliases may be
	times := func(n int, alias string) string { return strings.Repeat(", *"+alias, n) + "]\n" }
	return map[string]string{
		"votes":      room + "nodes: 64\nsteps: [&s {requestVote: {candidateId: 1}, response: {others: ok}}" + times(48, "s"),
		"more votes": "nodes: 64\nsteps: [&s {requestVote: {candidateId: 1}, response: {others: ok}}" + times(1500, "s"),
		"blank rows": "nodes: 64\nsteps: [&s {requestVote: {candidateId: 1}, response: }" + times(1500, "s"),
		"timeouts":   "nodes: 64\nsteps: [&s {timeout: 1}" + times(1500, "s"),
		"commands":   room + leads + "steps: [&c {clientRequest: {node: 1, value: x}}" + times(1000, "c"),
		"values": room + leads + "steps: [&c {clientRequest: {node: 1, value: " + strings.Repeat("x", 1000) + "}}, &a {appendEntries: {leaderId: 1, entries: auto}}" +
			strings.TrimSuffix(times(70, "c"), "]\n") + times(30, "a"),
		"tables": room + "nodes: 64\nsteps:\n- state: &t {1: {log: , term: }}\n" + strings.Repeat("- state: *t\n", 80),
	}
}

// A few kilobytes cost no command more than a second and 64 MB. If this fails, a
// file that somebody hands in takes the machine of whoever looks at it.
func TestCostOfAliases(t *testing.T) {
	wide.Only(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tool := t.TempDir() + "/raftsheet" // TestMain goes by this name
	if err := os.Symlink(self, tool); err != nil {
		t.Skip(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range aliasBombs() {
		for _, file := range []string{"bomb.yaml", "sheet.yaml"} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range []string{"check", "check --diagnose", "check --format sarif --notes", "coverage", "show", "show --format json",
			"explain bomb.yaml 1", "compare --rules always-truncate", "fill", "grade --report json=- --key bomb.yaml sheet.yaml"} {
			args := strings.Fields(line)
			if !strings.Contains(line, "bomb.yaml") {
				args = append(args, "bomb.yaml")
			}
			c := exec.Command(tool, args...)
			start := time.Now()
			err := c.Run()
			took := time.Since(start)
			usage, is := c.ProcessState.SysUsage().(*syscall.Rusage)
			if !is {
				t.Fatalf("%s: %v", name, err)
			}
			cpu, most := time.Duration(usage.Utime.Nano()+usage.Stime.Nano()), usage.Maxrss<<10
			if runtime.GOOS == "darwin" {
				most = usage.Maxrss
			}
			t.Logf("%-10s %-32s %v (%v of the processor), %d MB, exit %d", name, line, took.Round(time.Millisecond), cpu.Round(time.Millisecond), most>>20, c.ProcessState.ExitCode())
			if cpu > time.Second || most > 64<<20 {
				t.Errorf("%s: raftsheet %s takes %v and %d MB for %d bytes", name, line, cpu, most>>20, len(text))
			}
		}
	}
}
