// Package engine answers what the playground asks: what is wrong with a text, what
// may be written at a place, why a cell is what it is, and what the step page shows.
//
// One function takes a request in JSON and gives the reply in JSON. The page in a
// browser calls it through WebAssembly, and raftsheet serve over HTTP. The package
// knows the protocol, and bounds what a request may cost. It knows nothing of either
// transport; what it answers is made by the packages that the command line uses too.
package engine
