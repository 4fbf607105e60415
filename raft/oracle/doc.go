// Package oracle holds tests alone: they set package raft beside real
// implementations of Raft, which are asked the same questions in the same
// states.
//
// Each implementation is driven message by message, with no clock. Its answer,
// role, term, vote, log and commit index must be what [raft.Figure2] gives,
// unless a known departure is at work. A departure is a deviation of the
// implementation's set in package raft, together with a predicate that says
// where it shows. Under the whole set the agreement must be complete.
//
// The flags -oracle.n and -oracle.seed ask for more, and for other, cases:
//
//	go test ./raft/oracle -oracle.n 1000000 -oracle.seed 7
package oracle
