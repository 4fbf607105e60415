package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Fact is something that a replay came upon: what it is, and its figures. It
// has no words.
type Fact struct {
	Kind FactKind
	What What
	Step int         // from 1; 0 is the initial state
	Pos  trace.Pos   // where a field shows it; not valid where the step's event does
	Node raft.NodeID // whom it is about
	Rule raft.Rule   // by which it is so, or NoRule

	// Of a message: the field that shows it, what that says, and what the replay
	// has in its place.
	Field     string
	Says, Has Value

	// The figures of this very case. Which are filled in, each What says.
	Other raft.NodeID // another node
	Term  raft.Term   // the term in question
	Own   raft.Term   // a node's own
	Role  raft.Role   // a node's own
	At    raft.Mark   // a place in a log, with the term there
	Last  raft.Mark   // the end of a log
	Mine  Value       // an entry, or None
	Since int         // the step that it refers to
	Count int         // of nodes, votes, timeouts or entries
	Need  int         // how many are a majority
	Past  bool        // it is about what a node was, not what it is
}

// A FactKind says what a fact means for the trace.
type FactKind uint8

// The kinds.
const (
	Implies     FactKind = iota // something unwritten happened
	ArrivesLate                 // a message that fits its sender's past
	CannotBe                    // nobody could have sent this message
	OffPage                     // cannot tell: what decides is off the page
	CannotTake                  // a node could not take the event
	Loses                       // a restart brought back less than was there
	Breaks                      // a safety property broke
)

// A What says what a fact is.
type What uint8

// What no Raft node sends, whoever it is.
const (
	TermIsZero        What = iota // Term
	HalfAPlace                    // an index is 0 and its term is not, or the other way round: Field, At
	LastTermNotBelow              // RequestVote: lastLogTerm Own is not below Term
	PrevTermAbove                 // AppendEntries: prevLogTerm Own is above Term
	EntryOfTermZero               // the entry at At
	EntryAboveMessage             // the entry at At is of a term above the message's Term
	EntryTermFalls                // the entry at At comes after one of term Own
	SecondLeader                  // Other leads Term

	// RequestVote, by this sender.
	AskedWithOtherLog // when it stood for Term its log ended at Last; the message says At
	DownNeverStood    // down since Since, never a candidate in Term
	NeverStood        // it is in term Own, never was a candidate in Term
	LeaderStands      // it leads Own
	LogEndsElsewhere  // its log ends at Last; the message says At
	OnlyOneLeads      // the only node leads Own after one timeout
	DeviantTerm       // a deviation: it stands for Own; the message says Term
	DeviantLogEnd     // a deviation: it says that its log ends at Last; the message says At
	RequestIsLate     // it is its request of Term, sent in Since
	DeposedUnseen     // Other's refusal was of a term between Own, which it led, and Term
	TimedOut          // Count times, from term Own; it stands for Term

	// AppendEntries, by this sender.
	AppendIsLate     // it led Term from Since
	DownNeverLed     // down since Since, never led Term
	NewOfOtherTerm   // its log ends at Last; the entry at At is new and not of Term
	TookCommands     // Count commands of clients: the first, Mine, at At
	Gap              // its log ends at Last, before prevLogIndex At
	PrevTermDiffers  // its log has At at prevLogIndex; the message says prevLogTerm Term
	DeviantPrevTerm  // a deviation: it sends prevLogTerm Own; the message says Term
	EntryDiffers     // it has Mine at At; the message has Says
	EntryElsewhere   // it has Mine at At; the message has it at index Says
	CommitAbove      // leaderCommit is above its commitIndex
	Covered          // its snapshot ends at Last, and covers what comes after index At
	TookSnapshot     // it took a snapshot up to At
	AskedNotElected  // it is a Role in term Own, and does not lead Term, for which votes were asked
	AskedTooFewVotes // as a candidate of Term it has Count votes of Need
	NeverLed         // it is in term Own, and never led Term
	VotedForOther    // it voted for Other in Term
	EnteredTerm      // it came into Term, its own, without standing for it
	NoMajority       // Count nodes could have voted for it in Term, of Need
	SaysOtherwise    // its Field is Says; with Has in its place it fits what all sheets say
	ElectedUnseen    // it was elected leader of Term off the page
	SentBefore       // a request of Term, sent before the first step

	// What no one Raft node could send, whoever it is, beside what it sent in Since.
	OtherEntry       // in Term it has sent Mine at index At; now it sends Says
	OtherEnd         // in Term its log ended at Last; the message says At
	OtherValue       // index At has Mine, in Other's log or in the message of Since; here Says
	OtherPredecessor // the entry at At comes after one of term Own, in Other's log or in the message of Since; here after one of Term
	CommittedMissing // Other has committed Mine at At in term Own; the message of Term has Says there

	// Answers of unknown nodes, which no Raft node gives.
	AnswerTermBelow  // in term Own to a request of Term
	AgreesInOther    // it grants or accepts, in term Own, a request of Term
	RefusesStart     // it refuses prevLogIndex 0 in the request's own Term
	RefusesConfirmed // it refuses prevLogIndex At in Term, and has confirmed index Last in Since
	GrantsTwice      // it has voted for Other in Term, in Since
	TermFell         // it was in term Term in Since; here it answers in term Own

	// Answers that arrive late.
	AnsweredBefore // it gave this answer before the first step
	AnsweredUnseen // it gave this vote in an election off the page
	NeverAnswered  // it never gave Other this answer
	MatchPastEnd   // it confirms index At, and Other's log ends at Last

	// Events.
	IsUnknown      // its state is not on the page
	IsDown         // down since Since: the event does not reach it
	IsDownAlready  // down since Since, and crashes
	DoesNotLead    // it is a Role, and a client's command comes
	FollowsAlready // it is a follower, and steps down
	LostOnRestart  // Field is Says, and was Has; of a log At is the first entry that is gone, Last its end

	// Safety (Figure 3). Property names which.
	BothLead           // Other and it lead Term
	LeadersMeet        // it leads Term, and hears Other of the same
	LeaderDeletes      // it leads Term, and its entry Says at At is gone
	CommittedDeleted   // it had Says at At committed up to Last.Index, and now has Mine there; Other asked for it, if any; Past: it had applied it
	TwoEntries         // at At it has Mine, and Other Says; Other may be itself, earlier
	TwoPredecessors    // at At it has Mine after an entry of term Own, and Other has it after one of Term
	CommitsDiffer      // it commits Mine at At, where Other has committed Says
	LeaderLacks        // it commits Mine at At in term Own; Other leads Term with Says there
	LeaderIsIncomplete // it leads Own with Mine at At, where Other has committed Says in Term

	// What a replay cannot go on from.
	TooManyRequests     // more than Count requests are sent
	NoTermLeft          // it is in the last term there is, Own
	PrevTermUnknown     // its log ends at Last, before prevLogIndex At
	NoNextIndex         // entries: auto, and it does not lead Term
	TooMuchGrowth       // under a deviation logs take in more than Count entries
	TooMuchWork         // more than Count entries are compared
	MatchUnknown        // it has given Other no success from which matchIndex follows
	NotOnDisk           // its disk cannot give back Field as Says: it was Has; of a vote in Term
	NoSnapshot          // it has taken no snapshot
	SnapshotTermUnknown // its log ends at Last, before lastIncludedIndex At, or its snapshot covers that
	NeedsSnapshot       // its snapshot ends at Last, and covers index At, the next to send to Other
	TooFewEntries       // it is to send Count entries after index At, and its log ends at Last
)

// A Halt is why a replay cannot go on.
type Halt struct{ Fact }

// IsLocal reports whether it is the step alone that cannot be played, and not a
// limit of the replay that is passed there.
func (h *Halt) IsLocal() bool {
	return h.What != TooManyRequests && h.What != TooMuchGrowth && h.What != TooMuchWork
}

// A Property is one of Figure 3's.
type Property struct{ Name, Section string }

// The properties (Figure 3).
var (
	ElectionSafety     = Property{"Election Safety", "5.2"}
	LeaderAppendOnly   = Property{"Leader Append-Only", "5.3"}
	LogMatching        = Property{"Log Matching", "5.3"}
	LeaderCompleteness = Property{"Leader Completeness", "5.4"}
	StateMachineSafety = Property{"State Machine Safety", "5.4.3"}
)

// Property is the safety property that a fact says is broken.
func (f *Fact) Property() Property {
	switch f.What {
	case BothLead, LeadersMeet:
		return ElectionSafety
	case LeaderDeletes:
		return LeaderAppendOnly
	case TwoEntries, TwoPredecessors:
		return LogMatching
	case LeaderLacks, LeaderIsIncomplete:
		return LeaderCompleteness
	}
	return StateMachineSafety
}

// numbers is a fact about a number of a message: what it says, and what the
// replay has in its place.
func numbers[T raft.Term | raft.Index](f Fact, field string, says, has T) Fact {
	f.Field, f.Says, f.Has = field, Number(says), Number(has)
	return f
}
