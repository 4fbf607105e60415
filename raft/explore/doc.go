// Package explore walks all behaviours of small Raft clusters up to a bound, and
// looks at the safety properties of the paper's Figure 3 in every state.
//
// The servers are [raft.Node] values, and play by whatever [raft.Rules] they are
// given. Under Figure 2 no property breaks; under rules that deviate from it
// unsafely one does, and [Find] gives a shortest [Behavior] that shows it.
//
// The package knows what may happen in a cluster and what must not. A behaviour
// is data: of traces, of YAML and of sentences the package knows nothing.
//
// # What happens in a cluster
//
// A behaviour is a row of actions:
//
//	an election timeout elapses, and no request for votes arrives
//	a candidate asks a server for its vote, after none or more timeouts
//	a leader sends a server what it has for it, or a heartbeat in its place
//	a leader takes a client's command
//	a server crashes, and is back
//	a leader or candidate steps down by itself
//	a server crashes, and its disk gives back less than was written
//	a message that stayed in flight arrives
//
// A request is handled at once and its answer taken in; or the answer is lost;
// or the request or its answer stays in flight, to arrive later, in any order,
// again and again, or never. A request that is lost is one that is not sent. An
// answer that arrives late is judged by its own term, which is all that it says
// of the request.
//
// Of steps down and losing disks Figure 2 says nothing. A search has them where
// its scope says so: [Scope.StepDowns], under which the figure is as safe as
// without, and [Scope.Losses], under which it is not.
//
// A [Scope] bounds the servers, the terms, the logs and the messages in flight;
// within it the search is exhaustive. Rules that deviate can drive a figure past
// any bound, a log to which the same entry is appended again and again: such a
// state is looked at, and not followed.
//
// # How it is searched
//
// Breadth first, so that the first breach is one of the fewest actions. States
// that differ in nothing but the servers' numbers are one. What the properties
// look back on is part of the state: who has led which term, and what was first
// committed at each index and in which term. Log Matching also compares a
// server's log with the one that it had before.
//
// # Where to read on
//
// kinds.go is the table of the kinds of action; each has its enabling condition
// and its effect in a file of its own (elections.go, replication.go, arrivals.go,
// stepdown.go, crashes.go). cluster.go is a state, safety.go the properties, search.go the
// walk, symmetry.go the canonical numbering, behavior.go what comes out.
package explore
