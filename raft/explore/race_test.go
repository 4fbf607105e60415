//go:build race

package explore

const raceDetector = true // it watches every access to memory, and is slow
