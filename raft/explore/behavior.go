package explore

import "raftsheet/raft"

// A Behavior is what happens in a cluster, from its first state on, and the
// property that breaks in the end. It is data: whoever shows it finds the words.
type Behavior struct {
	Scope   Scope        // in which it was found
	Initial []raft.State // by NodeID-1
	Steps   []Step
	Breach  Breach // of [None], if no property breaks
}

// A Step is an action, and the states to which it leads.
type Step struct {
	Events []Event
	States []raft.State // by NodeID-1
}

// Actions is the behaviour's length, in actions as the package's documentation
// has them.
func (b *Behavior) Actions() int { return len(b.Steps) }

// behavior plays a search's actions once more, and tells what happens. Every
// action of the path is in the numbers of the canonical state that it was found
// in; the behaviour calls each server by its number in the beginning.
func (s Scope) behavior(rules *raft.Rules, path []action) *Behavior {
	p, w, names := newPlayer(&s, rules), newWriter(&s), newNaming()
	p.telling = true
	var at cluster
	b := &Behavior{Scope: s, Initial: p.states(&at, &names)}
	for _, a := range path {
		p.play(&at, a)
		step := Step{States: p.states(&p.now, &names)}
		for _, e := range p.told {
			step.Events = append(step.Events, e.named(&names))
		}
		b.Steps = append(b.Steps, step)
		b.Breach = p.broken.named(&names)
		text := w.canonical(&p.now)
		names = names.reordered(w.order, s.Nodes)
		at = read(text, s.Nodes)
	}
	return b
}

// states gives the servers' states, by their names.
func (p *player) states(c *cluster, names *naming) []raft.State {
	all := make([]raft.State, p.scope.Nodes)
	for i := range all {
		s := &c.servers[i]
		next, match := make([]raft.Index, len(all)), make([]raft.Index, len(all))
		all[names[i+1]-1] = names.state(s.state(p.logOf(s.log), next, match))
	}
	return all
}
