// Package goal has benchmarks say how far they are from what they are to reach. It
// knows nothing of Raft; only tests import it.
package goal

import (
	"slices"
	"testing"
)

// Report reports a benchmark's figure, and what it is to be at most; for a rate, at
// least.
func Report(b *testing.B, figure, goal float64, unit string) {
	b.ReportMetric(figure, unit)
	b.ReportMetric(goal, unit+"-goal")
}

// Median is the figure in the middle: others use the machine too, and now and then
// spoil one. There is at least one.
func Median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}
