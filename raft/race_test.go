//go:build race

package raft

const slowness = 10 // of a test that watches every access to memory
