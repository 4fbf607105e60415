// Package logs makes traces of what was recorded of running clusters.
//
// [Read] reads a log in one of these formats, one file of this package each:
//
//	events     JSON lines, the form of package event, into which every recorder writes
//	etcd       JSON lines that go.etcd.io/raft writes under its with_tla build tag
//	etcd-text  the output of go.etcd.io/raft's datadriven tests, with its log on
//
// All come down to the lines of package event, and these to what a [Recorder] is
// told: what was sent, received and answered, and the state that each node told of
// itself. Each step of the trace keeps the line that it came from as its comment.
// Whatever a log says that a trace cannot is counted, and a line that cannot be
// understood is an error.
//
// The package knows formats of logs, Figure 2's names and the format of traces. It
// judges nothing: whether the cluster kept the rules, [check.Compare] of the
// trace's replay says.
//
// [check.Compare]: https://pkg.go.dev/raftsheet/check#Compare
package logs
