//go:build unix

package cmd_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"raftsheet/raft/wide"
)

// writeRun writes the log of a cluster of three that replicates commands, of about so
// many events.
func writeRun(t *testing.T, name string, events int) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	lines := 0
	say := func(format string, args ...any) {
		fmt.Fprintf(out, format+"\n", args...)
		lines++
	}
	say(`{"raftsheet":"events","version":1,"nodes":["1","2","3"]}`)
	say(`{"ev":"timeout","node":"1"}`)
	say(`{"ev":"recv","id":1,"node":"2","from":"1","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0,"answer":{"term":1,"voteGranted":true}}`)
	say(`{"ev":"answer","of":1,"node":"1"}`)
	id, commit := 1, 0
	for index := 1; lines < events; index++ {
		say(`{"ev":"client","node":"1","value":"cmd%d"}`, index)
		say(`{"ev":"state","node":"1","term":1,"lastLogIndex":%d,"lastLogTerm":1}`, index)
		for _, to := range "23" {
			id++
			say(`{"ev":"send","id":%d,"node":"1","to":"%c","kind":"appendEntries","term":1,"prevLogIndex":%d,"prevLogTerm":%d,"entries":[[1,"cmd%d"]],"leaderCommit":%d}`,
				id, to, index-1, min(index-1, 1), index, commit)
			say(`{"ev":"recv","id":%d,"node":"%c","answer":{"term":1,"success":true,"matchIndex":%d}}`, id, to, index)
			say(`{"ev":"state","node":"%c","term":1,"role":"follower","log":{"from":%d,"entries":[[1,"cmd%d"]]},"commitIndex":%d}`, to, index, index, commit)
			say(`{"ev":"answer","of":%d,"node":"1"}`, id)
			commit = index
			say(`{"ev":"state","node":"1","role":"leader","commitIndex":%d}`, commit)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A log of 200,000 events is imported and checked within 10 s of the processor and
// 1 GB. If this fails, a real cluster's log is too long.
func TestCostOfImport(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "raftsheet") // TestMain goes by this name
	if err := os.Symlink(self, tool); err != nil {
		t.Skip(err)
	}
	log, trace := filepath.Join(dir, "run.ndjson"), filepath.Join(dir, "run.yaml")
	writeRun(t, log, wide.Of(20_000, 200_000))
	var cpu time.Duration
	for _, line := range [][]string{{"import", "--from", "events", log}, {"check", trace}, {"check", "--each", trace}} {
		c := exec.Command(tool, line...)
		if line[0] == "import" {
			out, err := os.Create(trace)
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			c.Stdout = out
		}
		if err := c.Run(); err != nil {
			t.Fatalf("raftsheet %v: %v", line, err)
		}
		usage := c.ProcessState.SysUsage().(*syscall.Rusage)
		took, most := time.Duration(usage.Utime.Nano()+usage.Stime.Nano()), usage.Maxrss<<10
		if runtime.GOOS == "darwin" {
			most = usage.Maxrss
		}
		t.Logf("%v: %v of the processor, %d MB", line[:2], took.Round(time.Millisecond), most>>20)
		if line[1] != "--each" {
			cpu += took
		}
		if most > 1<<30 {
			t.Errorf("raftsheet %v takes %d MB", line, most>>20)
		}
	}
	if most := time.Duration(wide.Of(4, 10)) * time.Second; cpu > most {
		t.Errorf("importing and checking takes %v of the processor; %v is the limit", cpu, most)
	}
}
