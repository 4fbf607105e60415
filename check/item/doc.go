// Package item knows what a trace asks, one answer or field at a time.
//
// An [Item] has a place in the file, what is written there, and what a replay
// gives for it. [Of] lists the items of a trace; they follow from the trace
// alone, so that they are the same under all rules, and in the same order. One
// table says for each field of a node's state where it is written and what a
// state has for it; one walk says which cells a response row has. Comparing,
// filling in, marking, coverage and the schema's test all go through them.
//
// This package knows neither what a difference means nor how to say so.
package item
