package check

import (
	"runtime"
	"sync"
)

// This file does independent things on all cores.

// InOrder makes n things side by side, as many at a time as there are cores, and
// gives them to take one after another, from the first on. Only a few are made
// before their turn comes: so many as keep the cores busy are in memory, however
// many there are. An error of take ends it, and is given back.
func InOrder[T any](n int, do func(i int) T, take func(i int, made T) error) error {
	const ahead = 2 // things made and not taken yet, by core
	room := min(n, ahead*runtime.GOMAXPROCS(0))
	next := make(chan int, room)
	made := make([]chan T, room) // that of place i is at i%room
	for i := range made {
		made[i] = make(chan T, 1)
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := range next {
				made[i%room] <- do(i)
			}
		})
	}
	defer workers.Wait()
	defer close(next)
	for i := range room {
		next <- i
	}
	for i := range n {
		if err := take(i, <-made[i%room]); err != nil {
			return err
		}
		if i+room < n {
			next <- i + room
		}
	}
	return nil
}

// SideBySide does something n times, as many at a time as there are cores.
func SideBySide(n int, do func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
