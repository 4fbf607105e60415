package cmd_test

import (
	"os"
	"strings"
	"testing"
)

// The pictures of the README are what these commands draw. If this fails, look at
// the new ones in a browser; -update rewrites them.
func TestPictures(t *testing.T) {
	t.Chdir("..")
	for file, command := range map[string]string{
		"examples/figure8.svg":         "show --format svg --logs examples/figure8.yaml",
		"examples/worksheet-wrong.svg": "show --format svg --step AE3-RV3 examples/worksheet-wrong.yaml",
	} {
		got := run(strings.Fields(command))
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("raftsheet %s draws another picture than %s", command, file)
		}
	}
}
