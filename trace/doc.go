// Package trace reads and writes what a person writes down of a Raft cluster:
// the messages, in the order in which they arrived, and what each node answered.
//
//	nodes: 3
//	steps:
//	  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
//	    response: {2: ok, 3: no}
//
// [Format] gives the format's reference for people, [Schema] its JSON Schema
// for editors. Both are made from one table of keys (keys.go), as the reader and
// the writer are. The package knows what a trace may say. It does not know what
// Raft makes of it, nor how a file is changed in place; that is package edit.
//
// # Reading
//
// [Parse] and [Read] give a [File] with a [Trace] for each document. A Trace
// says what is written and no more: a field that may be left out is an [Opt],
// which tells a value from a blank, and a blank from nothing. The replay fills in
// what follows from the sender's state.
//
// # Errors
//
// All that is wrong with a file is reported at once, as [Errors]: each [Error]
// has the place, what was found there, and what would be right. An error costs
// the value, the step or the state that it is about, which is marked as unread. All
// the rest is a trace like any other; only a document whose nodes or steps cannot
// be read is none.
//
// A file is not trusted. Its YAML is walked by hand, node by node, within
// [Limits]; numbers are read as typed; aliases are counted before they are
// followed.
//
// # Places
//
// A [Pos] is a line and a column, in characters. All that a finding may point
// to has one: a step, a cell, an entry of a log, a value, and the place where a
// blank one belongs. [File.Range] gives the end of what is written there, and
// [File.Excerpt] the line around it, to be shown under a message.
//
// # Writing
//
// [Write] gives traces as YAML that reads back as the same traces.
package trace
