// Package conform holds other people's Raft against the reference.
//
// A [Recorder] takes down what happened in a real cluster, event by event, and
// gives it as a trace: what was sent, received and answered, and the state that
// each node told of itself. [check.Compare] of its replay then says where the
// cluster departs from the rules. The tests record clusters of two real
// implementations in this way.
//
// The package knows the trace format and Figure 2's names. It knows no
// implementation, and no format of a log.
package conform
