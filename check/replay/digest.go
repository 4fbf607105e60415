package replay

import (
	"encoding/binary"
	"hash/maphash"

	"raftsheet/raft"
)

// A Digest stands for all of a cluster that its next steps depend on. Two clusters
// of the same nodes with the same Digest go on alike: whatever is applied to both,
// the same can be sent, the same is answered, and every table says the same. Which
// steps have led there, and which of them broke a safety property, is not in it.
//
// It is made with a seed of the running program, and means nothing to another.
type Digest [2]uint64

// seeds make two independent halves, so that among millions of clusters no two that
// differ come to the same digest.
var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// Digest gives the cluster's digest as it is now.
func (c *Cluster) Digest() Digest {
	e := encoder{buf: make([]byte, 0, 2048)}
	e.put(uint64(c.up), uint64(c.doubtful), uint64(c.unread), uint64(c.losing))
	for i, n := range c.nodes {
		e.put(uint64(c.group[i]), uint64(c.met[i]), uint64(c.unsent[i]))
		if n != nil {
			e.node(n)
			e.terms(c.run.terms[i])
		}
	}
	d := e.sum()
	// What is kept in maps is added up, so that its order does not count.
	c.senders.digest(&d)
	c.claims.digest(&d)
	c.given.digest(&d)
	return d
}

// An encoder writes down a state, number by number.
type encoder struct{ buf []byte }

func (e *encoder) put(numbers ...uint64) {
	for _, n := range numbers {
		e.buf = binary.AppendUvarint(e.buf, n)
	}
}

func (e *encoder) sum() Digest {
	return Digest{maphash.Bytes(seeds[0], e.buf), maphash.Bytes(seeds[1], e.buf)}
}

func (e *encoder) node(n *raft.Node) {
	s := &n.State
	e.put(uint64(s.CurrentTerm), uint64(s.VotedFor), uint64(s.CommitIndex), uint64(s.LastApplied), uint64(s.Role),
		uint64(s.Leader), uint64(s.Votes), uint64(s.Extra.Answered), uint64(s.Extra.Again),
		uint64(n.Configuration.Voters), uint64(n.Configuration.Joint), uint64(len(s.NextIndex)))
	for i := range s.NextIndex {
		e.put(uint64(s.NextIndex[i]), uint64(s.MatchIndex[i]))
	}
	e.log(s.Log)
}

func (e *encoder) log(log raft.Log) {
	base, entries := log.Snapshot(), log.Entries()
	e.put(uint64(base.Index), uint64(base.Term), uint64(len(entries)))
	for _, entry := range entries {
		e.entry(entry)
	}
}

func (e *encoder) entry(entry raft.Entry) {
	e.put(uint64(entry.Term), uint64(len(entry.Value)))
	e.buf = append(e.buf, entry.Value...)
}

// terms is a node's history, of which tables may ask; not the steps in which it came
// about.
func (e *encoder) terms(lines []Term) {
	lines = merged(lines)
	e.put(uint64(len(lines)))
	for _, line := range lines {
		e.put(uint64(line.First), uint64(line.Term), uint64(line.VotedFor), uint64(line.Roles))
	}
}

// A part is what of the digest a kind of map has.
type part uint64

const (
	ofCandidacies part = iota
	ofLeaderships
	ofLeaders
	ofAsked
	ofUnseen
	ofSkipped
	ofEntries
	ofEnds
	ofMarks
	ofGrants
	ofAcked
	ofTerms
	ofPending
	ofAnswers
	ofSuccesses
)

// add adds an entry of a map.
func (d *Digest) add(of part, entry func(e *encoder)) {
	e := encoder{buf: make([]byte, 0, 64)}
	e.put(uint64(of))
	entry(&e)
	sum := e.sum()
	d[0] += sum[0]
	d[1] += sum[1]
}

func (e *encoder) stand(s stand) { e.put(uint64(s.node), uint64(s.term)) }
func (e *encoder) mark(m raft.Mark) {
	e.put(uint64(m.Index), uint64(m.Term))
}

func (p *senders) digest(d *Digest) {
	for at, c := range p.candidacies {
		d.add(ofCandidacies, func(e *encoder) { e.stand(at); e.mark(c.last) })
	}
	for at, l := range p.leaderships {
		d.add(ofLeaderships, func(e *encoder) { e.stand(at); e.log(l.log); e.put(uint64(l.commit)) })
	}
	for term, id := range p.leaderOf {
		d.add(ofLeaders, func(e *encoder) { e.put(uint64(term), uint64(id)) })
	}
	for term := range p.asked {
		d.add(ofAsked, func(e *encoder) { e.put(uint64(term)) })
	}
	for at := range p.unseen {
		d.add(ofUnseen, func(e *encoder) { e.stand(at) })
	}
	for id, runs := range p.skipped {
		for _, s := range runs {
			d.add(ofSkipped, func(e *encoder) { e.put(uint64(id), uint64(s.first), uint64(s.last)); e.mark(s.candidacy.last) })
		}
	}
}

func (k *claims) digest(d *Digest) {
	for at, c := range k.entries {
		d.add(ofEntries, func(e *encoder) { e.stand(at.stand); e.put(uint64(at.at)); e.claim(c) })
	}
	for at, c := range k.ends {
		d.add(ofEnds, func(e *encoder) { e.stand(at); e.claim(c) })
	}
	for at, c := range k.marks {
		d.add(ofMarks, func(e *encoder) { e.mark(at); e.claim(c) })
	}
	for at, c := range k.grants {
		d.add(ofGrants, func(e *encoder) { e.stand(at); e.claim(c) })
	}
	for at, c := range k.acked {
		d.add(ofAcked, func(e *encoder) { e.stand(at); e.claim(c) })
	}
	for id, c := range k.terms {
		d.add(ofTerms, func(e *encoder) { e.put(uint64(id)); e.claim(c) })
	}
	for _, p := range k.pending {
		d.add(ofPending, func(e *encoder) { e.put(uint64(p.sender), uint64(p.term), uint64(p.fact.Node), uint64(p.fact.What)) })
	}
}

func (e *encoder) claim(c claim) {
	e.entry(c.entry)
	e.mark(c.mark)
	e.put(uint64(c.node), uint64(c.term))
}

func (g *responses) digest(d *Digest) {
	if g == nil {
		return
	}
	for a, entries := range g.answers {
		d.add(ofAnswers, func(e *encoder) { e.answer(a); e.put(uint64(entries)) })
	}
	for pair, match := range g.success {
		d.add(ofSuccesses, func(e *encoder) { e.put(uint64(pair[0]), uint64(pair[1]), uint64(match)) })
	}
}

func (e *encoder) answer(a answer) {
	kinds := uint64(0)
	if a.vote {
		kinds |= 1
	}
	if a.ok {
		kinds |= 2
	}
	e.put(uint64(a.from), uint64(a.to), kinds, uint64(a.term), uint64(a.match))
}
