package reason

import (
	"fmt"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Fact says what a replay came upon.
func Fact(run *replay.Run, f *replay.Fact) string {
	r := teller{run}
	says := facts[f.What](r, f)
	switch {
	case f.Kind == replay.CannotBe && f.What <= replay.SecondLeader:
		who := "leader"
		if _, vote := run.Trace.Steps[f.Step-1].Event.(*trace.RequestVote); vote {
			who = "candidate"
		}
		return fmt.Sprintf("no %s sends this: %s", who, says)
	case f.Kind == replay.OffPage && f.What != replay.IsUnknown:
		return says + "; what it received may be off this sheet"
	case f.Kind == replay.Breaks:
		return f.Property().Name + ": " + says
	}
	return says
}

// A teller of a fact makes its sentence of its figures.
type factTeller func(r teller, f *replay.Fact) string

// facts has the sentence of every fact.
var facts = [...]factTeller{
	replay.TermIsZero: func(r teller, f *replay.Fact) string {
		if f.Rule == raft.C1 {
			return "its term is 0, and elections start with term 1"
		}
		return "its term is 0, and no node leads term 0"
	},
	replay.HalfAPlace: func(r teller, f *replay.Fact) string {
		index := strings.Replace(f.Field, "Term", "Index", 1)
		return fmt.Sprintf("%s is %d and %s %d; the place before the first entry is 0 and 0, and every other has an index and a term", index, f.At.Index, f.Field, f.At.Term)
	},
	replay.LastTermNotBelow: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("its lastLogTerm %d is not below its term %d: standing for election raises the term, here to %d at least", f.Own, f.Term, f.Own+1)
	},
	replay.PrevTermAbove: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("its %s %d is above its term %d", f.Field, f.Own, f.Term)
	},
	replay.EntryOfTermZero: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("its entry at index %d has term 0; terms start at 1", f.At.Index)
	},
	replay.EntryAboveMessage: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("its entry at index %d has term %d, above the message's term %d", f.At.Index, f.At.Term, f.Term)
	},
	replay.EntryTermFalls: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("its entry at index %d has term %d after term %d; the terms of a log never fall", f.At.Index, f.At.Term, f.Own)
	},
	replay.SecondLeader: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s leads term %d, and a term has one leader", r.name(f.Other), f.Term)
	},

	replay.AskedWithOtherLog: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s's log ended at %s when it asked for votes of term %d; the message says %s", r.name(f.Node), place(f.Last), f.Term, place(f.At))
	},
	replay.DownNeverStood: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is down since %s, and never was a candidate in term %d", r.name(f.Node), r.step(f.Since), f.Term)
	},
	replay.NeverStood: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is in term %d, and never was a candidate in term %d", r.name(f.Node), f.Own, f.Term)
	},
	replay.LeaderStands: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s leads term %d, and a leader starts no election; a restart step would explain it", r.name(f.Node), f.Own)
	},
	replay.LogEndsElsewhere: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s's log ends at %s; the message says %s", r.name(f.Node), place(f.Last), place(f.At))
	},
	replay.OnlyOneLeads: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s, the only one, leads term %d after one timeout, and a leader starts no election", r.name(f.Node), f.Own)
	},
	replay.DeviantTerm: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("under %s node %s stands for term %d; the message says %d", r.Rules.Name, r.name(f.Node), f.Own, f.Term)
	},
	replay.DeviantLogEnd: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("under %s node %s says that its log ends at %s; the message says %s", r.Rules.Name, r.name(f.Node), place(f.Last), place(f.At))
	},
	replay.RequestIsLate: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("this request is node %s's of term %d, sent in %s, and arrives late", r.name(f.Node), f.Term, r.step(f.Since))
	},
	replay.DeposedUnseen: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s no longer leads term %d: node %s's refusal was of a higher term, below %d", r.name(f.Node), f.Own, r.name(f.Other), f.Term)
	},
	replay.TimedOut: func(r teller, f *replay.Fact) string {
		if f.Count == 1 {
			return fmt.Sprintf("node %s's election timeout elapsed: it stands for term %d", r.name(f.Node), f.Term)
		}
		return fmt.Sprintf("node %s's election timeout elapsed %d times, from term %d: it stands for term %d", r.name(f.Node), f.Count, f.Own, f.Term)
	},

	replay.AppendIsLate: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("this request is node %s's of term %d, which it led from %s, and arrives late", r.name(f.Node), f.Term, r.step(f.Since))
	},
	replay.DownNeverLed: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is down since %s, and never led term %d", r.name(f.Node), r.step(f.Since), f.Term)
	},
	replay.NewOfOtherTerm: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s's log ends at index %d; what it appends in term %d is of that term, and the message's entry at index %d is of term %d", r.name(f.Node), f.Last.Index, f.Term, f.At.Index, f.At.Term)
	},
	replay.TookCommands: func(r teller, f *replay.Fact) string {
		if f.Count == 1 {
			return fmt.Sprintf("node %s took a client's request: entry %s at index %d", r.name(f.Node), r.value(f.Mine), f.At.Index)
		}
		return fmt.Sprintf("node %s took %d client requests: entries %d to %d", r.name(f.Node), f.Count, f.At.Index, int(f.At.Index)+f.Count-1)
	},
	replay.Gap: func(r teller, f *replay.Fact) string {
		if f.Field == "lastIncludedIndex" {
			return fmt.Sprintf("node %s %s no entry at index %d for a snapshot to cover: its log ends at index %d", r.name(f.Node), has(f), f.At.Index, f.Last.Index)
		}
		return fmt.Sprintf("node %s %s no entry at index %d to send one after: its log ends at index %d", r.name(f.Node), has(f), f.At.Index, f.Last.Index)
	},
	replay.PrevTermDiffers: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s %s an entry of term %d at index %d; the message says %s %d", r.name(f.Node), has(f), f.At.Term, f.At.Index, f.Field, f.Term)
	},
	replay.DeviantPrevTerm: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("under %s node %s sends prevLogTerm %d here; the message says prevLogTerm %d", r.Rules.Name, r.name(f.Node), f.Own, f.Term)
	},
	replay.EntryDiffers: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s %s %s at index %d; the message has %s there", r.name(f.Node), has(f), r.entry(f.Mine), f.At.Index, r.value(f.Says))
	},
	replay.EntryElsewhere: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s has %s at index %d; the message says index %s", r.name(f.Node), r.entry(f.Mine), f.At.Index, r.value(f.Says))
	},
	replay.CommitAbove: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s %s commitIndex %s; the message says %s %s", r.name(f.Node), has(f), r.value(f.Has), f.Field, r.value(f.Says))
	},
	replay.Covered: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s's snapshot covers its log up to index %d, so it has no entry %d to send any more; it sends the snapshot (installSnapshot)", r.name(f.Node), f.Last.Index, f.At.Index+1)
	},
	replay.TookSnapshot: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s took a snapshot up to index %d, term %d", r.name(f.Node), f.At.Index, f.At.Term)
	},
	replay.AskedNotElected: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s does not lead term %d: it is a %s in term %d", r.name(f.Node), f.Term, f.Role, f.Own)
	},
	replay.AskedTooFewVotes: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s does not lead term %d: it has %d of %d votes, and %d are a majority", r.name(f.Node), f.Term, f.Count, r.Trace.Size(), f.Need)
	},
	replay.NeverLed: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is in term %d, and never led term %d", r.name(f.Node), f.Own, f.Term)
	},
	replay.VotedForOther: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s voted for node %s in term %d, so it cannot lead it", r.name(f.Node), r.name(f.Other), f.Term)
	},
	replay.NoMajority: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s cannot have been elected in term %d: by their terms, votes and logs %d of %d nodes could have voted for it, and %d are a majority", r.name(f.Node), f.Term, f.Count, r.Trace.Size(), f.Need)
	},
	replay.SaysOtherwise: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("with %s %s in place of %s the message fits what all sheets say", f.Field, r.value(f.Has), r.value(f.Says))
	},
	replay.ElectedUnseen: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s was elected leader of term %d off the page", r.name(f.Node), f.Term)
	},

	replay.EnteredTerm: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s came into term %d by somebody else's message and has voted for none in it, so it never stood for it and cannot lead it", r.name(f.Node), f.Term)
	},
	replay.SentBefore: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("this request is node %s's of term %d, sent before the first step", r.name(f.Node), f.Term)
	},

	replay.OtherEntry: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("in term %d node %s has sent %s at index %d (%s), and a leader's log has one entry at an index; the message has %s there", f.Term, r.name(f.Node), r.value(f.Has), f.At.Index, r.step(f.Since), r.value(f.Says))
	},
	replay.OtherEnd: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("in term %d node %s's log ended at %s (%s), and a candidate's log does not change; the message says %s", f.Term, r.name(f.Node), place(f.Last), r.step(f.Since), place(f.At))
	},
	replay.OtherValue: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("index %d of term %d is %s%s, and an index and a term name one entry; the message has %s", f.At.Index, f.At.Term, r.value(f.Mine), r.where(f), r.value(f.Says))
	},
	replay.OtherPredecessor: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("the entry %s at index %d comes after one of term %d%s; in the message it comes after one of term %d", r.value(f.Says), f.At.Index, f.Own, r.where(f), f.Term)
	},
	replay.CommittedMissing: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s has committed %s at index %d in term %d, so every leader of a later term has it; the message of term %d says %s", r.name(f.Other), r.value(f.Mine), f.At.Index, f.Own, f.Term, r.value(f.Says))
	},

	replay.AnswerTermBelow: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s answers in term %d to a request of term %d; whoever gets a request is in its term at least", r.name(f.Node), f.Own, f.Term)
	},
	replay.AgreesInOther: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s says yes in term %d to a request of term %d; a yes carries the request's term", r.name(f.Node), f.Own, f.Term)
	},
	replay.RefusesStart: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s refuses prevLogIndex 0 in term %d, the request's own; every log has the place before the first entry", r.name(f.Node), f.Term)
	},
	replay.RefusesConfirmed: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s has confirmed its leader's log of term %d up to index %d (%s), and refuses prevLogIndex %d in the same term", r.name(f.Node), f.Term, f.Last.Index, r.step(f.Since), f.At.Index)
	},
	replay.GrantsTwice: func(r teller, f *replay.Fact) string {
		whom := "node " + r.name(f.Other)
		if f.Other == f.Node {
			whom = "itself"
		}
		return fmt.Sprintf("node %s has voted for %s in term %d (%s), and a node has one vote a term", r.name(f.Node), whom, f.Term, r.step(f.Since))
	},
	replay.TermFell: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s was in term %d (%s), and terms never fall; here it answers in term %d", r.name(f.Node), f.Term, r.step(f.Since), f.Own)
	},

	replay.AnsweredBefore: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s gave this answer before the first step", r.name(f.Node))
	},
	replay.AnsweredUnseen: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s gave this vote in the election of term %d, which is off the page", r.name(f.Node), f.Term)
	},
	replay.MatchPastEnd: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s confirms index %d, and node %s's log ends at index %d: it answers nothing that node %s has sent", r.name(f.Node), f.At.Index, r.name(f.Other), f.Last.Index, r.name(f.Other))
	},
	replay.NeverAnswered: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s never gave node %s this answer: %s", r.name(f.Node), r.name(f.Other), r.answer(f))
	},

	replay.IsUnknown: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is unknown: what %s does to it cannot be told", r.name(f.Node), r.event(f))
	},
	replay.IsDown: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is down since %s: %s does not reach it", r.name(f.Node), r.step(f.Since), r.event(f))
	},
	replay.IsDownAlready: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is already down, since %s", r.name(f.Node), r.step(f.Since))
	},
	replay.DoesNotLead: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is a %s: only a leader takes a client's request", r.name(f.Node), f.Role)
	},
	replay.FollowsAlready: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s is a follower: only a leader or a candidate steps down", r.name(f.Node))
	},
	replay.LostOnRestart: func(r teller, f *replay.Fact) string {
		name := r.name(f.Node)
		if f.Field != "log" {
			return fmt.Sprintf("node %s's disk gave back %s %s; it was %s", name, f.Field, r.value(f.Says), r.value(f.Has))
		}
		if f.At.Index == f.Last.Index {
			return fmt.Sprintf("node %s's disk lost entry %d, the last", name, f.At.Index)
		}
		return fmt.Sprintf("node %s's disk lost entries %d to %d", name, f.At.Index, f.Last.Index)
	},

	replay.BothLead: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("nodes %s and %s both lead term %d", r.name(f.Other), r.name(f.Node), f.Term)
	},
	replay.LeadersMeet: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s leads term %d, and gets %s of term %d from node %s; it does not answer", r.name(f.Node), f.Term, r.request(f), f.Term, r.name(f.Other))
	},
	replay.LeaderDeletes: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s leads term %d, and its entry %s at index %d is gone", r.name(f.Node), f.Term, r.value(f.Says), f.At.Index)
	},
	replay.CommittedDeleted: func(r teller, f *replay.Fact) string {
		return r.committedDeleted(f)
	},
	replay.TwoEntries: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("at index %d node %s has %s and %s %s: one index and term, two entries", f.At.Index, r.name(f.Node), r.value(f.Mine), r.had(f), r.value(f.Says))
	},
	replay.TwoPredecessors: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("at index %d node %s has %s after an entry of term %d, and %s it after one of term %d", f.At.Index, r.name(f.Node), r.value(f.Mine), f.Own, r.had(f), f.Term)
	},
	replay.CommitsDiffer: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s commits %s at index %d, where node %s has committed %s", r.name(f.Node), r.value(f.Mine), f.At.Index, r.name(f.Other), r.value(f.Says))
	},
	replay.LeaderLacks: func(r teller, f *replay.Fact) string {
		return fmt.Sprintf("node %s commits %s at index %d in term %d, and node %s, which leads term %d, has %s there", r.name(f.Node), r.value(f.Mine), f.At.Index, f.Own, r.name(f.Other), f.Term, r.entry(f.Says))
	},
	replay.LeaderIsIncomplete: func(r teller, f *replay.Fact) string {
		if f.Says == (replay.None{}) {
			return fmt.Sprintf("node %s leads term %d with %s at index %d, which node %s's snapshot covers, committed in term %d", r.name(f.Node), f.Own, r.entry(f.Mine), f.At.Index, r.name(f.Other), f.Term)
		}
		return fmt.Sprintf("node %s leads term %d with %s at index %d, where node %s has committed %s in term %d", r.name(f.Node), f.Own, r.entry(f.Mine), f.At.Index, r.name(f.Other), r.value(f.Says), f.Term)
	},
}

func (r teller) committedDeleted(f *replay.Fact) string {
	how := "its commitIndex is"
	if f.Past {
		how = "it has applied up to"
	}
	at := ""
	if f.Other != raft.NoNode {
		at = fmt.Sprintf(" at node %s's request", r.name(f.Other))
	}
	return fmt.Sprintf("node %s had entry %s at index %d committed (%s %d), and deletes it%s; at index %d it now has %s",
		r.name(f.Node), r.value(f.Says), f.At.Index, how, f.Last.Index, at, f.At.Index, r.entry(f.Mine))
}

// has is the verb for what a sender has, or had.
func has(f *replay.Fact) string {
	if f.Past {
		return "had"
	}
	return "has"
}

// where says where an entry was seen: in a log, or in an earlier message.
func (r teller) where(f *replay.Fact) string {
	if f.Other != raft.NoNode {
		return fmt.Sprintf(" in node %s's log", r.name(f.Other))
	}
	return fmt.Sprintf(" in the message of %s", r.step(f.Since))
}

// had names the node that held an entry first, beside the fact's node.
func (r teller) had(f *replay.Fact) string {
	if f.Other == f.Node {
		return "it had earlier"
	}
	return fmt.Sprintf("node %s had", r.name(f.Other))
}

func (r teller) value(v replay.Value) string { return fmt.Sprint(item.Any(r.Trace, raft.NoNode, v)) }

// entry is an entry, or that there is none.
func (r teller) entry(v replay.Value) string {
	if v == (replay.None{}) {
		return "no entry"
	}
	return r.value(v)
}

func place(at raft.Mark) string {
	if at.Index == 0 {
		return "index 0"
	}
	return fmt.Sprintf("index %d, term %d", at.Index, at.Term)
}
