// Package order puts the sheets of one game into an order in which all of them come
// true.
//
// A class plays Raft: each student is a node, and has a sheet with the messages that
// this node sent, the answers that came back, and its tables. No clock joins the
// sheets. Gather takes them as one Game, and Game.Search looks for an order of their
// steps. The result has one order, or several, each a trace that a replay takes, and
// says which cells are wrong in every one of the cheapest.
//
// # What is searched
//
// A state of the search is how far each sheet is read, and the cluster as it is then,
// a replay.Cluster. A step may come next where its node could do it then; what a
// sheet leaves out, such as an election's timeout, is implied as in any replay. Two
// ways to the same place with the same cluster are one state, so that 10^8 orders of
// a game of 18 messages are some hundred states.
//
// An order costs what is written otherwise than it has it: each cell and each field
// of a message 1. States are looked at by what they cost, so that the first order
// found is a cheapest one; all that cost no more are looked at too, and kept as a
// graph, whose paths are the cheapest orders. They are counted and intersected there,
// and never listed.
//
// # Who is wrong
//
// A cell that is written otherwise than Figure 2 has it is wrong in an order. A cell
// is wrong where it is so in every cheapest order; what is wrong in some of them
// alone depends on the order, and nobody is to blame for it. A message's fields and a
// table are their sheet's owner's, an answer is that of the node in whose column it
// stands.
//
// # Where to read on
//
// gather.go makes a game of sheets, cells.go has what can be wrong in it, moves.go
// the ways in which a step can have happened, meant.go and slips.go messages of which a
// field is wrong, search.go the search, graph.go what all cheapest orders have in
// common, story.go makes a trace of one of them.
//
// What is wrong, and why, package reason says of the replay of an order. The package
// itself says no more than which sheets are not of one game, and why a result is not
// sure.
package order
