// Package replay plays a trace through the reference of package raft, and keeps
// what came of it as facts.
//
// [Play] gives a [Run]: for each step the requests as they were delivered, the
// answers, and the states that changed. A Run can say of any step which rules
// decided in it ([Run.Decisions]), and of any field of any node which decision
// last set it ([Run.Cause]). A [Cluster] is a replay in its course: it takes one
// step after the other, and can be copied and gone on with.
//
// Two questions are put to the messages of a trace. Could this one have been
// sent at all: by its sender as it is or was (feasible_vote.go, feasible_append.go),
// before the first step (before.go), by one node that sent all the rest too
// (contradict.go)? Did the cluster stay safe (safety.go, Figure 3 of the paper)? What
// comes of them is a [Fact] each: what it is, and its figures.
//
// Events that Figures 2 and 13 do not draw are in restart.go (disks that lost
// something, steps down) and voters.go (who counts); InstallSnapshot is in install.go.
//
// What a trace leaves unwritten is taken in where a message is possible only if
// it happened: an election timeout, a client's request, an election whose votes
// are not on the page. It is an [Act] of the step. A message that nothing
// unwritten can explain is a fact too, and is delivered all the same, since its
// receivers cannot know.
//
// A Run costs time and memory in proportion to the messages delivered and the
// entries appended: states share their logs, and a state is kept only where a
// step has changed it.
//
// This package knows neither what a trace expects nor what it is worth, and has
// not one sentence: package reason makes these.
package replay
