//go:build race

package trace

const slowness = 10 // of a test that watches every access to memory
