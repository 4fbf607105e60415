package mend_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"raftsheet/trace"
	"raftsheet/trace/mend"
)

func TestZZ(t *testing.T) {
	f := os.Getenv("ZZ")
	if f == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(f)
	r := mend.Mend("f", data)
	for _, c := range r.Changes {
		fmt.Printf("%+v\n", c)
	}
	for _, c := range r.Lost {
		fmt.Printf("LOST %+v\n", c)
	}
	_, err := trace.Parse("f", r.Data, trace.DefaultLimits())
	fmt.Println(err)
	a, b := strings.Split(string(data), "\n"), strings.Split(string(r.Data), "\n")
	fmt.Println(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			fmt.Printf("%d- %s\n%d+ %s\n", i+1, a[i], i+1, b[i])
		}
	}
}
