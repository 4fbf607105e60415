package explore

// RaceDetector is for the tests from outside.
const RaceDetector = raceDetector
