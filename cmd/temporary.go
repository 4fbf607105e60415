package cmd

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// temporary gives a name beside a file that no other has. It tells which run on
// which machine made it, so that another may remove what a killed one has left.
func temporary(name string) string {
	return filepath.Join(filepath.Dir(name), fmt.Sprintf("%s%d-%016x", temporaryPrefix(), os.Getpid(), rand.Uint64()))
}

// temporaryPrefix is how the names of this machine's temporary files begin.
// Another machine may share the folder, and its runs are not seen from here.
func temporaryPrefix() string {
	host, _ := os.Hostname()
	sum := fnv.New32a()
	sum.Write([]byte(host))
	return fmt.Sprintf(".raftsheet-%08x-", sum.Sum32())
}

// sweep removes the temporary files that killed runs of this machine have left in
// a folder.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	prefix := temporaryPrefix()
	for _, e := range entries {
		rest, is := strings.CutPrefix(e.Name(), prefix)
		number, _, _ := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(number)
		if is && err == nil && pid > 0 && e.Type().IsRegular() && !runs(pid) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
