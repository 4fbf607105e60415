// Package generate makes new worksheets.
//
// A [Wish] says how large a worksheet is to be and which misunderstandings it has
// to reveal. New gives a [Sheet]: messages that are possible from the first to the
// last, and a blank in each cell that is asked. It tells a story: elections and
// split votes, followers that are cut off, fall behind and are repaired, leaders
// that are deposed and do not know it yet. NewClass gives as many as there are
// students, all equally hard.
//
// # How a worksheet is found
//
// A play (play.go) drives a [replay.Cluster] by moves: each is a message that its
// sender could send now, or a copy of one that was held up (elections.go,
// appends.go, others.go). Which comes next is drawn by lot, with weights that make a
// story (plot.go); who is cut off, and for how long, by the weather (weather.go).
// Moves that few worksheets need, restarts and answers that come late, are made only
// where a misunderstanding at stake cannot be had without (kit.go).
//
// A search (search.go) judges whole plays: do they reveal what is at stake, are they
// a story. From the best so far it plays on anew, from a step drawn by lot. Then it is
// settled which cells are asked (cells.go): all answers, tables where something
// happens, and what a misunderstanding at stake needs to be seen.
//
// # A class
//
// NewClass makes one worksheet after another (class.go). Each is looked for until its
// answers are about as hard as the first one's: as many of each rule, as many refusals.
// Answers are asked in whole rows; tables make up for the rest (book.go), so that all of
// them ask as many cells of each rule. Which message stands where is never the same in
// two of them, as long as there are enough.
//
// Join adds worksheets for those who come late (join.go). They are made to be as hard as
// those that are handed out, of which none changes.
//
// # The same seed, the same bytes
//
// All that is drawn by lot comes from a PCG with seeds of its own for each purpose
// (dice.go), and nothing depends on the order of a map, on time or on the number of
// cores. Format is the version of what a seed means: it changes when another
// worksheet comes of the same seed.
//
// The package knows neither files nor students. That a misunderstanding is revealed
// is package variant's word.
package generate

// Format is the version of what a seed means: a seed gives the same worksheet as
// long as it stays.
const Format = 2
