package trace

import (
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// This file leads home what people bring along from other notations: the names
// of courses, of libraries, and of their logs. Each is a row of data: the key, and
// what is written here in its place.

// A foreign key is one that another notation has.
type foreign struct {
	keys   string // separated by spaces; case and underscores count for nothing
	known  string // the key that says the same here, empty for none
	advice string // what else is to be done: the end of a sentence
}

const (
	writeHeartbeat = "a heartbeat is an appendEntries without entries; write appendEntries: {leaderId: 1, entries: []}"
	outside        = "is outside of what is replayed; leave this step out"
)

var foreignEvents = []foreign{
	{"heartbeat msgHeartbeat msgBeat sendHeartbeat ping", "", writeHeartbeat},
	{"msgApp appendRequest appendEntriesRPC appendEntriesReq appendEntriesRequest appendEntriesArgs appendRPC append replicate", "appendEntries", ""},
	{"msgVote voteRequest requestVoteRPC requestVoteReq requestVoteRequest requestVoteArgs vote askVote", "requestVote", ""},
	{"msgAppResp appendResponse appendEntriesResp appendEntriesReply appendEntriesResult appendReply msgHeartbeatResp", "appendEntriesResponse", ""},
	{"msgVoteResp voteResponse requestVoteResp requestVoteReply requestVoteResult voteReply", "requestVoteResponse", ""},
	{"msgHup electionTimeout election elect startElection campaign becomeCandidate tick", "timeout", ""},
	{"msgProp propose proposal client command submit clientCommand write apply newEntry", "clientRequest", ""},
	{"stop kill fail down halt shutdown die", "crash", ""},
	{"start recover up reboot resume revive", "restart", ""},
	{"isolate split disconnect cut", "partition", ""},
	{"reconnect join connect repair unpartition", "heal", "write heal: true"},
	{"becomeFollower resign demote", "stepDown", ""},
	{"msgSnap snapshotRPC installSnapshotRPC installSnapshotReq installSnapshotArgs sendSnapshot", "installSnapshot", ""},
	{"preVote msgPreVote msgPreVoteResp requestPreVote preVoteResponse", "", outside},
	{"timeoutNow msgTimeoutNow transferLeader transferLeadership leadershipTransfer msgTransferLeader", "", outside},
	{"addServer removeServer addVoter removeVoter addPeer removePeer addNode removeNode addNonvoter demoteVoter confChange changeMembership", "",
		"is outside of what is replayed; leave this step out, or write what each node then counts by: voters: {are: [1, 2, 3]}"},
	{"readIndex msgReadIndex msgReadIndexResp leaseRead checkQuorum msgCheckQuorum msgUnreachable msgSnapStatus", "", outside},
}

var foreignFields = []foreign{
	{"reject rejected", "", "says the opposite of success and voteGranted; write success: false for reject: true"},
	{"currentTerm", "term", ""},
	{"match matchIdx", "matchIndex", ""},
	{"next nextIdx", "nextIndex", ""},
	{"applied appliedIndex lastApplyIndex", "lastApplied", ""},
	{"commit committed committedIndex lastCommitIndex", "commitIndex", ""},
	{"leadCommit leaderCommitIndex leaderCommitIdx", "leaderCommit", ""},
	{"vote votedForId lastVote", "votedFor", ""},
	{"raftState status", "role", ""},
	{"logTerm prevTerm prevLogEntryTerm", "prevLogTerm", ""},
	{"logIndex prevIndex prevLogIdx prevLogEntry", "prevLogIndex", ""},
	{"leader leaderAddr from", "leaderId", ""},
	{"candidate candidateAddr from", "candidateId", ""},
	{"votes granted vote", "voteGranted", ""},
	{"ok result", "success", ""},
}

// abroad gives the row of a key that another notation has, for a mapping of these
// keys; nil for none.
func abroad(key string, known []string) *foreign {
	rows := foreignFields
	if knows(known, "appendEntries") {
		rows = foreignEvents
	}
	word := fold(key)
	for i := range rows {
		f := &rows[i]
		if f.known != "" && !knows(known, f.known) || f.known == "" && f.advice != "" && strings.HasPrefix(f.keys, "reject") && !knows(known, "success") && !knows(known, "voteGranted") {
			continue
		}
		for _, k := range strings.Fields(f.keys) {
			if fold(k) == word {
				return f
			}
		}
	}
	return nil
}

func knows(known []string, key string) bool {
	for _, k := range known {
		if k == key {
			return true
		}
	}
	return false
}

// meantBy is the key that a word is taken for: one that another notation has, or
// one that is near; empty for none.
func meantBy(word string, known []string) string {
	if f := abroad(word, known); f != nil {
		if f.known == "" && strings.HasPrefix(f.advice, writeHeartbeat) {
			return "appendEntries"
		}
		return f.known
	}
	return Nearest(word, known)
}

// foreignKey says what is written in the place of a key that another notation
// has, and reports whether there is something to say.
func (p *parser) foreignKey(key *yaml.Node, known []string) bool {
	f := abroad(key.Value, known)
	switch {
	case f == nil:
		return false
	case f.known != "" && f.advice == "":
		p.errorf(posOf(key), "unknown key %s; did you mean %q?", source.Quote(key.Value), f.known)
	case f.advice == writeHeartbeat || f.known != "":
		p.errorf(posOf(key), "unknown key %s; %s", source.Quote(key.Value), f.advice)
	default:
		p.errorf(posOf(key), "%s %s", source.Quote(key.Value), f.advice)
	}
	return true
}
