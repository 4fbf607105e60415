//go:build !race

package trace

const slowness = 1
