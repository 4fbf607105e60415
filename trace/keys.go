package trace

import (
	"slices"
	"sync"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// This file is the table of keys: every key of the format, a row each. The
// reader, the writer, the schema and the reference are made from it.

var entryKeys = mapping[entryMapping]{
	name: "an entry", example: "term: and value:",
	keys: sync.OnceValue(func() []key[entryMapping] {
		return []key[entryMapping]{
			row("term", opt(number[raft.Term](), "number", number[raft.Term]().schema), func(e *entryMapping) *Opt[raft.Term] { return &e.term },
				"The term in which the leader received this entry.").neededElse("an entry needs its term: {term: 2, value: x}"),
			row("value", optCommand, func(e *entryMapping) *Opt[string] { return &e.value },
				"The client's command. Left out, it matches any."),
			row("times", optNumber[raft.Index](), func(e *entryMapping) *Opt[raft.Index] { return &e.times },
				"How many such entries there are in a row.").ifLeftOut("one").suchAs("340").narrowedTo(numberSchema(1, orBlank)),
		}
	}),
}

var logSliceKeys = mapping[logSlice]{
	name: "a part of a log", example: "from: and entries:",
	keys: sync.OnceValue(func() []key[logSlice] {
		return []key[logSlice]{
			row("from", optNumber[raft.Index](), func(s *logSlice) *Opt[raft.Index] { return &s.from },
				"The index of the first entry that is written. Nothing is said of those before it.").needed().narrowedTo(numberSchema(1, "")),
			row("entries", logOf, func(s *logSlice) *Opt[[]LogEntry] { return &s.entries }, "The entries from there on, to the log's end.").needed(),
		}
	}),
}

var snapshotKeys = mapping[Snapshot]{
	name: "a snapshot", example: "lastIncludedIndex: and lastIncludedTerm:",
	keys: sync.OnceValue(func() []key[Snapshot] {
		return []key[Snapshot]{
			row("lastIncludedIndex", optNumber[raft.Index](), func(s *Snapshot) *Opt[raft.Index] { return &s.LastIncludedIndex },
				"The index of the last entry that the snapshot replaces."),
			row("lastIncludedTerm", optNumber[raft.Term](), func(s *Snapshot) *Opt[raft.Term] { return &s.LastIncludedTerm },
				"The term of that entry."),
		}
	}),
}

// logOf is the kind of a log, and of the entries of a message.
var logOf = opt(entries(&entryKeys), "", fixed(`"anyOf": [{"$ref": "#/definitions/log"}, {"type": "null"}]`))

const aboutTerm = "The term of the response: the node's currentTerm."

var voteAnswerKeys = mapping[Cell]{
	name: "an answer",
	keys: sync.OnceValue(func() []key[Cell] {
		return []key[Cell]{
			row("voteGranted", optOutcome, func(c *Cell) *Opt[bool] { return &c.OK }, "Whether the node gives its vote."),
			row("term", optNumber[raft.Term](), func(c *Cell) *Opt[raft.Term] { return &c.Term }, aboutTerm),
		}
	}),
	refused: map[string]string{"success": "the answer to requestVote has voteGranted, not success"},
}

var appendAnswerKeys = mapping[Cell]{
	name: "an answer",
	keys: sync.OnceValue(func() []key[Cell] {
		return []key[Cell]{
			row("success", optOutcome, func(c *Cell) *Opt[bool] { return &c.OK },
				"Whether the node's log holds an entry that matches prevLogIndex and prevLogTerm, and the entries are now in it."),
			row("term", optNumber[raft.Term](), func(c *Cell) *Opt[raft.Term] { return &c.Term }, aboutTerm),
			row("matchIndex", optNumber[raft.Index](), func(c *Cell) *Opt[raft.Index] { return &c.MatchIndex },
				"Of a success: the last index that the request covered. 0 asserts nothing."),
		}
	}),
	refused: map[string]string{"voteGranted": "the answer to appendEntries has success, not voteGranted"},
}

var stateKeys = mapping[NodeState]{
	name: "the state of a node", example: "term: and log:",
	keys: sync.OnceValue(func() []key[NodeState] {
		return []key[NodeState]{
			row("term", optNumber[raft.Term](), func(s *NodeState) *Opt[raft.Term] { return &s.Term },
				"currentTerm, the latest term that the node has seen. In initial, left out, it is the last term of the log."),
			row("votedFor", vote, func(s *NodeState) *Opt[raft.NodeID] { return &s.VotedFor },
				"The candidate that got the node's vote in its current term, or none."),
			row("role", role, func(s *NodeState) *Opt[raft.Role] { return &s.Role },
				"What the node is at this moment: follower, candidate or leader."),
			stateLogKey(logOf, &logSliceKeys, "The log, from index 1 or after the snapshot: each entry as its term, or as term:value. "+
				"In state, {from: 341, entries: [...]} tells it from that index on.").
				suchAs(`[1, 1, 2]`, `["1:a", "1:b", "2:c"]`, `[{"term": 1, "times": 340}, "2:x"]`),
			row("commitIndex", optNumber[raft.Index](), func(s *NodeState) *Opt[raft.Index] { return &s.CommitIndex },
				"The index of the highest entry that the node knows to be committed."),
			row("lastApplied", optNumber[raft.Index](), func(s *NodeState) *Opt[raft.Index] { return &s.LastApplied },
				"The index of the highest entry that the node has applied to its state machine."),
			row("nextIndex", indexes, func(s *NodeState) *Opt[[]NodeIndex] { return &s.NextIndex },
				"A leader's: for each other node, the index of the next entry to send to it.").suchAs(`{"2": 4, "3": 4}`),
			row("matchIndex", indexes, func(s *NodeState) *Opt[[]NodeIndex] { return &s.MatchIndex },
				"A leader's: for each other node, the highest index up to which its log is known to match.").suchAs(`{"2": 3, "3": 0}`),
			row("leader", leader, func(s *NodeState) *Opt[raft.NodeID] { return &s.Leader },
				"The leader that the node knows of in its current term, or none."),
			row("snapshot", snapshotOf(&snapshotKeys), func(s *NodeState) *Opt[Snapshot] { return &s.Snapshot },
				"The node's latest snapshot, or none: its log begins after it.").suchAs(`{"lastIncludedIndex": 100, "lastIncludedTerm": 3}`),
			row("lastLogIndex", optNumber[raft.Index](), func(s *NodeState) *Opt[raft.Index] { return &s.LastLogIndex },
				"The index of the log's last entry, where the whole log is too long to write. It has no place in initial."),
			row("lastLogTerm", optNumber[raft.Term](), func(s *NodeState) *Opt[raft.Term] { return &s.LastLogTerm },
				"The term of the log's last entry. It has no place in initial."),
			row("terms", terms, func(s *NodeState) *Opt[[]TermVote] { return &s.Terms },
				"The node's history of terms: for each term, the candidate that it voted for, or none. It has no place in initial.").
				suchAs(`{"1": 1, "2": "none"}`),
		}
	}),
	after: (*parser).ownIndexes,
}

// initialKeys are the keys of a state before the first step.
var initialKeys = stateKeys.without("terms", "terms is a history and has no place in initial; a node starts with a term and a votedFor").
	without("lastLogIndex", "lastLogIndex has no place in initial; write the log").
	without("lastLogTerm", "lastLogTerm has no place in initial; write the log")

// diskKeys are what a disk gives back.
var diskKeys = stateKeys.only("what a disk gave back", "term", "votedFor", "log")

var requestVoteKeys = mapping[RequestVote]{
	name: "requestVote", example: "candidateId: and term:",
	keys: sync.OnceValue(func() []key[RequestVote] {
		return []key[RequestVote]{
			row("term", optNumber[raft.Term](), func(e *RequestVote) *Opt[raft.Term] { return &e.Term },
				"The candidate's term.").ifLeftOut("its currentTerm if it is a candidate, or leads and won by asking; otherwise one more"),
			row("candidateId", node, func(e *RequestVote) *raft.NodeID { return &e.CandidateID },
				"The node that asks for votes.").needed(),
			row("lastLogIndex", optNumber[raft.Index](), func(e *RequestVote) *Opt[raft.Index] { return &e.LastLogIndex },
				"The index of the candidate's last log entry, 0 for an empty log.").ifLeftOut("taken from its log"),
			row("lastLogTerm", optNumber[raft.Term](), func(e *RequestVote) *Opt[raft.Term] { return &e.LastLogTerm },
				"The term of the candidate's last log entry, 0 for an empty log.").ifLeftOut("taken from its log"),
		}
	}),
	after: (*parser).checkRequestVote,
}

var appendEntriesKeys = mapping[AppendEntries]{
	name: "appendEntries", example: "leaderId: and term:",
	keys: sync.OnceValue(func() []key[AppendEntries] {
		return []key[AppendEntries]{
			row("leaderId", node, func(e *AppendEntries) *raft.NodeID { return &e.LeaderID },
				"The leader that sends the message.").needed(),
			row("term", optNumber[raft.Term](), func(e *AppendEntries) *Opt[raft.Term] { return &e.Term },
				"The leader's term.").ifLeftOut("its currentTerm"),
			row("prevLogIndex", optNumber[raft.Index](), func(e *AppendEntries) *Opt[raft.Index] { return &e.PrevLogIndex },
				"The index just before the new entries.").
				ifLeftOut("the place before these entries, where the leader's log ends with them and they are not sent yet; otherwise its last index; for a heartbeat, one less than each node's nextIndex"),
			row("prevLogTerm", optNumber[raft.Term](), func(e *AppendEntries) *Opt[raft.Term] { return &e.PrevLogTerm },
				"The term of the entry at prevLogIndex, 0 for index 0.").ifLeftOut("taken from the leader's log"),
			entriesKey(logOf, "The entries to store, as in a log; [] is a heartbeat, and auto sends each node what its nextIndex calls for.").
				suchAs(`"auto"`, `[]`, `["1:x", "2:y"]`),
			row("index", optNumber[raft.Index](), func(e *AppendEntries) *Opt[raft.Index] { return &e.Index },
				"Worksheet form: the index of the one entry, whose prevLogIndex is one less. Blank, with a blank value: a heartbeat.").
				narrowedTo(numberSchema(1, orBlank)),
			row("value", optCommand, func(e *AppendEntries) *Opt[string] { return &e.Value },
				"Worksheet form: the value of the entry at index.").suchAs(`"x=1"`),
			row("leaderCommit", optNumber[raft.Index](), func(e *AppendEntries) *Opt[raft.Index] { return &e.LeaderCommit },
				"The leader's commitIndex.").ifLeftOut("taken from its state"),
		}
	}),
	after: (*parser).checkForms,
	rules: fixed(formRules),
}

var installSnapshotKeys = mapping[InstallSnapshot]{
	name: "installSnapshot", example: "leaderId: and term:",
	keys: sync.OnceValue(func() []key[InstallSnapshot] {
		return []key[InstallSnapshot]{
			row("leaderId", node, func(e *InstallSnapshot) *raft.NodeID { return &e.LeaderID },
				"The leader that sends its snapshot.").needed(),
			row("term", optNumber[raft.Term](), func(e *InstallSnapshot) *Opt[raft.Term] { return &e.Term },
				"The leader's term.").ifLeftOut("its currentTerm"),
			row("lastIncludedIndex", optNumber[raft.Index](), func(e *InstallSnapshot) *Opt[raft.Index] { return &e.LastIncludedIndex },
				"The index of the last entry that the snapshot replaces.").ifLeftOut("that of the leader's own snapshot"),
			row("lastIncludedTerm", optNumber[raft.Term](), func(e *InstallSnapshot) *Opt[raft.Term] { return &e.LastIncludedTerm },
				"The term of that entry.").ifLeftOut("that of the leader's own snapshot"),
		}
	}),
	after: (*parser).checkSnapshot,
}

var votersKeys = mapping[Voters]{
	name: "voters", example: "are: [1, 2, 3]",
	keys: sync.OnceValue(func() []key[Voters] {
		return []key[Voters]{
			row("at", sentTo, func(e *Voters) *Opt[raft.NodeSet] { return &e.At }, "The nodes that count so from now on.").ifLeftOut("every node").suchAs(`[1, 2]`),
			row("are", voterSets, func(e *Voters) *[]raft.NodeSet { return &e.Are },
				"Who counts for majorities: a list of nodes, or two while the voters change.").needed().suchAs(`[1, 2, 3]`, `[[1, 2, 3], [3, 4, 5]]`),
		}
	}),
}

var voteResponseKeys = mapping[VoteResponse]{
	name: "requestVoteResponse", example: "from:, to:, term: and voteGranted:",
	keys: sync.OnceValue(func() []key[VoteResponse] {
		return []key[VoteResponse]{
			row("from", node, func(e *VoteResponse) *raft.NodeID { return &e.From }, "The node that gave this answer; the candidate itself, where its own vote counts once it is stored.").needed(),
			row("to", node, func(e *VoteResponse) *raft.NodeID { return &e.To }, "The candidate that it reaches.").needed(),
			row("term", number[raft.Term](), func(e *VoteResponse) *raft.Term { return &e.Term }, "The term of the response.").needed(),
			row("voteGranted", outcome, func(e *VoteResponse) *bool { return &e.Granted }, "Whether the vote was given.").needed(),
		}
	}),
	after: (*parser).checkVoteResponse,
}

var appendResponseKeys = mapping[AppendResponse]{
	name: "appendEntriesResponse", example: "from:, to:, term: and success:",
	keys: sync.OnceValue(func() []key[AppendResponse] {
		return []key[AppendResponse]{
			row("from", node, func(e *AppendResponse) *raft.NodeID { return &e.From }, "The node that gave this answer.").needed(),
			row("to", node, func(e *AppendResponse) *raft.NodeID { return &e.To }, "The leader that it reaches.").needed(),
			row("term", number[raft.Term](), func(e *AppendResponse) *raft.Term { return &e.Term }, "The term of the response.").needed(),
			row("success", outcome, func(e *AppendResponse) *bool { return &e.Success }, "Whether the entries were stored.").needed(),
			row("matchIndex", optNumber[raft.Index](), func(e *AppendResponse) *Opt[raft.Index] { return &e.MatchIndex },
				"Of a success: the last index that the request covered.").ifLeftOut("that of the latest success that from gave to"),
		}
	}),
	after: (*parser).checkAppendResponse,
}

var clientRequestKeys = mapping[ClientRequest]{
	name: "clientRequest", example: "node: and value:",
	keys: sync.OnceValue(func() []key[ClientRequest] {
		return []key[ClientRequest]{
			row("node", node, func(e *ClientRequest) *raft.NodeID { return &e.Node }, "The node that the command reaches.").needed(),
			row("value", bareCommand, func(e *ClientRequest) *string { return &e.Value }, "The command.").suchAs(`"x=1"`),
		}
	}),
}

var eventKeys = sync.OnceValue(func() []key[Step] {
	return []key[Step]{
		message(&requestVoteKeys, "A RequestVote RPC: a candidate asks for votes. Fields left out follow from the candidate's state.").
			suchAs(`{"candidateId": 1, "term": 1, "lastLogIndex": 0, "lastLogTerm": 0}`),
		message(&appendEntriesKeys, "An AppendEntries RPC: a leader sends entries, or a heartbeat. The paper's fields are prevLogIndex, prevLogTerm "+
			"and entries; the worksheet's are index and value, for one entry. A message has the ones or the others.").
			suchAs(`{"leaderId": 1, "term": 1, "index": 1, "value": "x=1", "leaderCommit": 0}`,
				`{"leaderId": 1, "term": 1, "prevLogIndex": 0, "prevLogTerm": 0, "entries": ["1:x=1"], "leaderCommit": 0}`),
		message(&voteResponseKeys, "The answer to a RequestVote that reaches the candidate only now.").
			suchAs(`{"from": 2, "to": 1, "term": 1, "voteGranted": true}`),
		message(&appendResponseKeys, "The answer to an AppendEntries that reaches the leader only now.").
			suchAs(`{"from": 2, "to": 1, "term": 1, "success": true, "matchIndex": 3}`),
		event("timeout", inTurn, func(e *Timeout) *[]raft.NodeID { return &e.Nodes },
			"The election timeout of a node, or of several in turn: a follower or candidate starts an election. A leader's is a heartbeat falling due.").
			suchAs(`2`, `[2, 3]`),
		message(&clientRequestKeys, "A client's command reaches a node. A leader appends it to its log.").suchAs(`{"node": 1, "value": "x=1"}`),
		event("crash", inTurn, func(e *Crash) *[]raft.NodeID { return &e.Nodes }, "A node, or several, go down.").suchAs(`1`, `[1, 2]`),
		restartKey(&diskKeys, "A node, or several, come up again with their currentTerm, votedFor and log, or with what each disk is said to have given back. A node that is up crashes first.").
			suchAs(`1`, `[1, 2]`, `{"2": {"term": 1, "votedFor": "none", "log": [1]}}`),
		event("stepDown", inTurn, func(e *StepDown) *[]raft.NodeID { return &e.Nodes },
			"A leader or candidate, or several, become followers by themselves.").suchAs(`1`, `[1, 2]`),
		message(&installSnapshotKeys, "An InstallSnapshot RPC (Figure 13): a leader sends its snapshot, whole in one message.").
			suchAs(`{"leaderId": 1, "term": 2, "lastIncludedIndex": 100, "lastIncludedTerm": 1}`),
		message(&votersKeys, "From now on nodes count majorities by this configuration.").suchAs(`{"at": [1, 2], "are": [[1, 2, 3], [3, 4, 5]]}`),
		event("partition", groups, func(e *Partition) *[]raft.NodeSet { return &e.Groups },
			"The network falls apart into these groups of nodes. A node in none of them is alone.").suchAs(`[[1, 2], [3, 4, 5]]`),
		event("heal", healed, func(e *Heal) *Heal { return e }, "The partition ends: every node reaches every other again."),
	}
})

// Of a step's keys, those above and below the events. A request's need to know
// the event, so they come after it.
var (
	stepHead = sync.OnceValue(func() []key[Step] {
		return []key[Step]{
			row("id", text, func(s *Step) *string { return &s.ID },
				"A name for the step, such as a question's number. No two steps share one.").
				ifLeftOut("the step's place in the list").suchAs(`"2b"`),
			row("note", prose, func(s *Step) *string { return &s.Note }, "A remark that is printed with the step."),
		}
	})
	stepTail = sync.OnceValue(func() []key[Step] {
		return []key[Step]{
			ofEvent(ofRequest(row("to", sentTo, func(s *Step) *Opt[raft.NodeSet] { return &s.To },
				"The nodes that the request is sent to."))).ifLeftOut("every node but the sender").suchAs(`[2, 3]`),
			ofEvent(ofRequest(row("lost", nodes, func(s *Step) *raft.NodeSet { return &s.Lost },
				"The nodes that the request never reaches."))).suchAs(`[4]`),
			ofEvent(ofRequest(row("responseLost", nodes, func(s *Step) *raft.NodeSet { return &s.ResponseLost },
				"The nodes that handle the request, but whose answer does not reach the sender, or only later in a step of its own."))).suchAs(`[5]`),
			ofRequest(responseKey(&voteAnswerKeys, &appendAnswerKeys,
				"What each node answers: ok, no, none, or nothing where it is to be filled in. "+
					"A mapping from node to answer (others speaks for the rest), or a list with a place for every node.")).
				suchAs(`{"2": "ok", "3": "no", "4": "none", "5": null}`, `{"others": "ok"}`, `["ok", "ok", "no", "none", null]`),
			stateKey(&stateKeys, "The states of nodes after this step. Only what is written is compared; what is left blank is to be filled in.").
				suchAs(`{"2": {"term": 1, "log": ["1:x"], "commitIndex": 0}}`),
			row("points", points, func(s *Step) *Opt[string] { return &s.Points },
				"What each answer of this step, and each field of a table, is worth when graded.").suchAs(`1`, `0.5`),
		}
	})
)

var stepKeys = stepTable{
	mapping: &mapping[Step]{
		name: "a step", example: "requestVote:, appendEntries: or state:",
		keys:  sync.OnceValue(func() []key[Step] { return slices.Concat(stepHead(), eventKeys(), stepTail()) }),
		rules: func() string { return stepRules(eventKeys()) },
	},
	events: sync.OnceValue((&mapping[Step]{keys: eventKeys}).names),
}

var gradingKeys = mapping[Grading]{
	name: "grading", example: "points: 1",
	keys: sync.OnceValue(func() []key[Grading] {
		return []key[Grading]{
			row("points", points, func(g *Grading) *Opt[string] { return &g.Points },
				"Points for each cell, where answer, term or state says nothing.").byDefault(`1`),
			row("answer", points, func(g *Grading) *Opt[string] { return &g.Answer },
				"Points for each success or voteGranted.").ifLeftOut("points"),
			row("term", points, func(g *Grading) *Opt[string] { return &g.Term },
				"Points for each term that an answer is asked for.").ifLeftOut("points"),
			row("state", points, func(g *Grading) *Opt[string] { return &g.State },
				"Points for each field of a table.").ifLeftOut("points"),
			row("followThrough", followThrough, func(g *Grading) *Opt[string] { return &g.Follow },
				"How much of a cell's points is given for what follows from an earlier mistake: full, none, or a part between 0 and 1.").byDefault(`"full"`),
			row("late", late, func(g *Grading) *Opt[string] { return &g.Late },
				"What a late submission loses: points, or a part of its mark.").ifLeftOut("nothing").suchAs(`"10%"`, `2`),
			allOrNothingKey("The steps that score as a whole or not at all: true for every step, or a list of ids.").ifLeftOut("no step"),
		}
	}),
	after: func(_ *parser, n *yaml.Node, g *Grading) { g.Pos = posOf(n) },
}

var documentKeys = mapping[Trace]{
	name: "a trace", example: "nodes: and steps:",
	keys: sync.OnceValue(func() []key[Trace] {
		return []key[Trace]{
			row("title", prose, func(t *Trace) *string { return &t.Title },
				"What this trace is about, in a few words.").suchAs(`"Node 4 was away"`).onEveryForm(),
			row("student", text, func(t *Trace) *string { return &t.Student }, "Whose answers these are.").suchAs(`"Ada"`).onEveryForm(),
			row("variant", text, func(t *Trace) *string { return &t.Variant },
				"Which of several worksheets this is, where students do not all have the same. A sheet keeps its worksheet's.").suchAs(`"A"`),
			nodesKey("The cluster: how many nodes there are, which are then named 1 to N, or a list of their names. A majority is more than half of them.").
				suchAs(`5`, `["S1", "S2", "S3"]`),
			ofEverybody(raftIDKey("The node whose sheet this is: every other node is then unknown.")).suchAs(`3`),
			ofEverybody(unknownNodesKey("Nodes whose state is not on the page, one or a list. What they send and answer is taken as given, and is neither right nor wrong.")).
				suchAs(`"L"`, `[2, 3]`),
			ofEverybody(votersKey("Who counts for majorities: a list of nodes, or two while the voters change.").ifLeftOut("every node").suchAs(`[1, 2, 3]`, `[[1, 2, 3], [3, 4, 5]]`)),
			ofEverybody(rulesKey("The rules that the nodes play by: figure2, the Raft paper's; or deviations from it, which are taken together. "+
				"A name or a list of names; raftsheet rules lists them.")).
				byDefault(`"figure2"`).suchAs(`"figure2"`, `"notes"`, `["vote-twice", "commit-any-term"]`),
			initialKey(&initialKeys, "The states of nodes before the first step. A node that is not named starts as a follower in term 0 with an empty log.").
				suchAs(`{"1": {"term": 2, "role": "leader", "log": ["1:a", "2:b"]}}`),
			gradingKey(&gradingKeys, "The marking scheme; it goes with a key, the trace against which others are graded."),
			pastKey[Trace]("$schema", "The schema by which an editor completes and checks the file. It is read past."),
			stepsKey(stepKeys, "What happened, in order: one event an item, or the tables of a moment."),
		}
	}),
	refused: map[string]string{
		"cells": "cells belongs to a scheme, not to a trace; name the scheme with grade --own",
		"must":  "must belongs to a scheme, not to a trace; name the scheme with grade --own",
	},
	after: (*parser).checkDocument,
}
