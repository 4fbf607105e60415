//go:build unix

package grade

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"raftsheet/check"
)

// A folder of 300 wrong sheets of the worksheet is diagnosed, each as a trace of its
// own: what the deviations make of its messages is found out once. Reading and
// checking them is not in it.
func BenchmarkDiagnoseAll(b *testing.B) {
	const sheets = 300
	var reports []*check.Report
	for _, text := range submissions(b, sheets) {
		reports = append(reports, reportOf(b, string(text)))
	}
	taken := ofProcessor(b, sheets, func() { DiagnoseAll(reports, nil) })
	report(b, taken, 5, "ms-of-processor/sheet")
}

// Sheets of which each has messages of its own are diagnosed one by one: for each,
// what the deviations make of them is found out anew.
func BenchmarkDiagnoseEach(b *testing.B) {
	const sheets = 10
	var reports []*check.Report
	for i, text := range submissions(b, sheets) {
		reports = append(reports, reportOf(b, strings.ReplaceAll(string(text), "x=1", fmt.Sprint("x=", i))))
	}
	taken := ofProcessor(b, sheets, func() { DiagnoseAll(reports, nil) })
	report(b, taken, 110, "ms-of-processor/sheet")
}

// ofProcessor runs a benchmark, and gives the milliseconds of all cores that it takes for
// each of so many things. The clock on the wall would count what others do too.
func ofProcessor(b *testing.B, things int, do func()) float64 {
	before := ownTime(b)
	for b.Loop() {
		do()
	}
	return (ownTime(b) - before).Seconds() * 1000 / float64(things*b.N)
}

func ownTime(tb testing.TB) time.Duration {
	var taken syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &taken); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(taken.Utime.Nano() + taken.Stime.Nano())
}
