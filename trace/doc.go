// Package trace reads and fills in what a person writes down of a Raft cluster:
// the messages, in the order in which they arrived, and what each node answered.
//
//	nodes: 3
//	steps:
//	  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
//	    response: {2: ok, 3: no}
//
// [Format] gives the format's reference for people, [Schema] its JSON Schema
// for editors.
//
// # Reading
//
// [Parse] and [Read] give a [File] with a [Trace] for each document. A Trace
// says what is written and no more: a field that may be left out is an [Opt],
// which tells a value from a blank, and a blank from nothing. What follows from
// the sender's state is for the replay to fill in.
//
// # Errors
//
// All that is wrong with a file is reported at once, as [Errors]: each [Error]
// has the place, what was found there, and what would be right. A file is not
// to be trusted. Its YAML is walked by hand, node by node, within [Limits];
// numbers are read as typed; aliases are counted before they are followed.
//
// # Places
//
// A [Pos] is a line and a column, in characters. All that a finding may point
// to has one: a step, a cell, an entry of a log, a value, and the place where a
// blank one belongs. [File] gives the text of a line, to be shown under a
// message.
//
// # Writing
//
// An [Editor] fills in a file, keeping every other byte: comments, order and
// layout stay as they are.
package trace
