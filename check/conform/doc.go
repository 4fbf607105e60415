// Package conform holds other people's Raft against the reference.
//
// An [Implementation] is a process that speaks a protocol: one JSON object a line
// each way, whose calls and replies are the types of protocol.go. It is treated as a
// student is: it is asked what a trace asks, its answers and states are written into
// a copy of the trace, and [check.Compare] judges the copy. Two ways of asking share
// one adapter. Before each request the node is put in the reference's state, so that
// one departure is one finding; or, live, each node is started once and then gets
// everything that happens to it. In both, what comes to a node is what the reference
// sent, so that no answer depends on another's. The deviations that explain what
// differs are found by putting the same calls to the reference under each of them.
//
// Go implementations need not speak the protocol themselves: package serve does, in
// one file that is made to be copied, and package conformtest runs traces inside go
// test. A [Corpus] is traces for any implementation, with what each puts to the test.
//
// What a real cluster did by itself is recorded and read by package trace/logs.
//
// Where to read on: plan.go makes the questions of a trace, drive.go puts them to a
// process, process.go keeps that from hanging or crashing anybody, copy.go and
// judge.go judge what came back, explain.go looks for what explains it.
//
// The package knows the trace format and Figure 2's names. It knows no
// implementation, and no format of a log.
package conform
