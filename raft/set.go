package raft

// A Set is several deviations under one name: what a document, or an
// existing program, does differently from Figure 2.
type Set struct {
	Name       string
	Title      string // what it is, in one line
	Deviations []Deviation
	Server     bool   // it says what a server of the program answers, and not what its leader sends
	Lines      []Line // what it says line by line, where it is a text
}

// A Line is a line of a text about Raft beside the line of Figure 2 that it
// stands for.
type Line struct {
	Of      string // the part of the text: a procedure's name
	Says    string // the line, in the text's own words
	Rule    Rule   // the line of Figure 2, or NoRule
	Departs string // the deviations that it makes, joined by commas; empty where the two agree
	ReadAs  string // how it was read, where it can be read in several ways; else empty
}
