package order_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"raftsheet/check/order"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// Whatever is typed in a sheet, the search comes to an end. It fails where it panics, as
// on a node of which nothing is known any more, since a message cannot be read.
func TestMutilatedSheets(t *testing.T) {
	names, err := filepath.Glob("../../examples/game/*.yaml")
	if err != nil || len(names) != 8 {
		t.Fatal(names, err)
	}
	words := regexp.MustCompile(`\b\d+\b|\bok\b|\bno\b|none|response|state|lost`)
	instead := []string{"0", "1", "7", "9", "64", "99", "9223372036854775807", "4000000000", "-1", "", "ok", "none", "[1:a]", "null", "state"}
	searched, unread := 0, 0
	for seed := range wide.Of(uint64(40), 600) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var sheets []*trace.Trace
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, steps, _ := strings.Cut(string(text), "steps:")
			for range rng.IntN(3) {
				places := words.FindAllStringIndex(steps, -1)
				at := places[rng.IntN(len(places))]
				steps = steps[:at[0]] + instead[rng.IntN(len(instead))] + steps[at[1]:]
			}
			file, _ := trace.Read(name, strings.NewReader(head+"steps:"+steps), trace.DefaultLimits())
			for _, sheet := range file.Traces {
				for i := range sheet.Steps {
					if sheet.Steps[i].Unread {
						unread++
					}
				}
			}
			if rng.IntN(10) > 0 {
				sheets = append(sheets, file.Traces...)
			}
		}
		if len(sheets) == 0 {
			continue
		}
		if game, errs := order.Gather(sheets, nil); errs == nil {
			searched++
			game.Search(100, 1)
		}
	}
	if searched == 0 || unread == 0 {
		t.Errorf("%d games were searched, with %d steps that cannot be read; want some of each", searched, unread)
	}
}
