//go:build !race

package raft

const slowness = 1
