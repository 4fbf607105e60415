// Package grade marks sheets against a key.
//
// A [Key] is a trace whose answers are the reference's; every cell that it asks
// for is worth points. A sheet's answers, read as somebody else's of the same
// trace, are marked cell by cell: right, what follows from an earlier mistake,
// wrong, or left blank. For what follows, each node is kept in the state that
// the sheet's own answers make (carryforward.go).
//
// What cannot be read has no mark: an instructor decides (waiting.go lists what
// waits, decisions.go and hand.go apply what was decided). What a class comes to in
// two runs is compared in results.go.
// Where students write the messages too, a [Scheme] makes a key of each sheet's own
// messages (scheme.go). It adds points for what a sheet contains, and takes some off
// for messages that nobody could have sent (contain.go).
package grade
