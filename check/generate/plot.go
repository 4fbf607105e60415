package generate

import "raftsheet/raft"

// A move is something that may happen next. Its weight says how often it does, 0
// where the story has no room for it; do reports whether it has been made.
type move struct {
	name   string
	weight func(p *play) int
	do     func(p *play, d dice) bool
}

// moves are all that happens on a worksheet.
var moves = []move{
	{"win", func(p *play) int { return p.election(5, 3) }, win},
	{"lose", func(p *play) int { return p.extra(2, 2) }, lose},
	{"split", func(p *play) int { return p.extra(4, 1) }, split},
	{"fall short", func(p *play) int { return p.extra(1, 0) }, fallShort},
	{"ask again", func(p *play) int { return p.extra(3, 1) }, askAgain},

	{"extend", func(p *play) int { return p.appends * max(1, 8-2*p.lagging()) }, extend},
	{"repair", func(p *play) int { return p.appends * 4 * min(3, p.lagging()) }, repair},
	{"heartbeat", func(p *play) int { return p.appends * 2 }, heartbeat},
	{"send again", func(p *play) int { return p.appends }, sendAgain},
	{"deposed", func(p *play) int { return p.appends * 2 }, deposed},

	{"arrive", func(p *play) int { return (p.votes + p.appends + 1) / 2 }, arrive},
	{"restart", func(p *play) int { return 2 * (p.votes + p.appends) }, restart},
	{"answer", func(p *play) int { return 4 * (p.votes + p.appends) }, reply},
}

// lagging is how many nodes the leader knows to lack entries.
func (p *play) lagging() int {
	if id := p.leader(); id != raft.NoNode {
		return len(p.behind(id))
	}
	return 0
}

// election is the weight of an election that somebody wins, without a leader and with
// one.
func (p *play) election(without, with int) int {
	if p.leader() == raft.NoNode {
		return p.votes * 8 * without
	}
	if p.w.Leaders > 0 && p.won >= p.w.Leaders || p.heard == 0 && p.appends > 0 {
		return 0 // a new leader first sends something
	}
	return p.votes * 4 * with
}

// extra is the weight of an election that may be lost. The last RequestVote is not for
// it, as long as a leader is needed to send what is left.
func (p *play) extra(without, with int) int {
	if p.votes < 2 && p.appends > 0 {
		return 0
	}
	switch {
	case p.leader() == raft.NoNode:
		return p.votes * 8 * without
	case p.heard == 0 && p.appends > 0:
		return 0
	}
	return p.votes * 2 * with
}

// next makes the next move. It reports whether the story goes on.
func (p *play) next(d dice) bool {
	p.weather(d)
	weights := make([]int, len(moves))
	for i := range moves {
		weights[i] = moves[i].weight(p)
	}
	for {
		i := d.weighed(weights)
		if i < 0 {
			return false
		}
		at := len(p.steps)
		if moves[i].do(p, d) {
			return true
		}
		if len(p.steps) > at {
			return false // it went wrong half-way
		}
		weights[i] = 0
	}
}
