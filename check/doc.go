// Package check replays a trace through the reference of package raft, and holds
// what is written in the trace against what comes out.
//
// [Replay] plays the steps one after the other and gives a [Run]: every request
// as it was delivered, every answer with the rule that decided it, every state
// that a node came to. [Compare] reads the Run and gives a [Report] of
// [Finding] values; [Fill] reads the same Run and writes its answers into the
// file's blanks. Nothing is worked out twice.
//
// [Cells] lists what a trace asks, one answer or field at a time, the same under
// all rules; a Run says of each what it gives and whether what is written
// differs. [NewContrast] plays a trace by two sets of rules side by side, and
// [Cover] by every deviation from Figure 2, to tell which of them its answers
// would reveal. [Run.Follow] replays it as somebody has it who wrote down other
// answers, for package grade.
//
// Three questions are put to a trace and kept apart. Did the answers and tables
// come out right? Could the messages have been sent at all (possible.go)? Did
// the cluster stay safe (safety.go, Figure 3 of the paper)?
//
// What a trace leaves unwritten is taken in where a message is possible only if
// it happened: an election timeout, a client's request, an election whose votes
// are not on the page. Each is noted as implied. A message that nothing
// unwritten can explain is a finding, and is delivered all the same, since its
// receivers cannot know.
//
// A Run costs time and memory in proportion to the messages delivered and the
// entries appended: states share their logs, and a state is kept only where a
// step has changed it.
package check
