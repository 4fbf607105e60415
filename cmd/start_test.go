//go:build unix

package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every run of every command pays for what packages make before main begins: tables,
// regular expressions, templates. Of this program's own packages none makes more than a
// little; what is larger is made when it is first used.
func TestLittleIsMadeBeforeMain(t *testing.T) {
	const most = 8 << 10 // bytes
	p := newProgram(t)
	var out bytes.Buffer
	c := exec.Command(p.path, "--version")
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	c.Stderr = &out
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^init (raftsheet/\S+) .* (\d+) bytes, \d+ allocs$`).FindAllStringSubmatch(out.String(), -1)
	if len(found) < 10 {
		t.Fatalf("%d packages of this program are told of:\n%.2000s", len(found), out.String())
	}
	for _, m := range found {
		if strings.HasSuffix(m[1], "_test") {
			continue // this very program has its tests with it
		}
		if n, err := strconv.Atoi(m[2]); err != nil || n > most {
			t.Errorf("%s makes %s bytes before main begins, and may make %d: make it when it is first used", m[1], m[2], most)
		}
	}
}
