package explore

import "raftsheet/raft"

// kinds says of each kind of action who does it, when it is enabled, and what it
// does. To add a kind is to add a constant, a row, and a file with the functions
// of the row; a switch in [Scope] turns it on, and an [Event] tells of it.
//
// Of behaviours of one length, a search finds the first in this order: what
// leaders do comes first, elections come late, steps down and crashes last.
var kinds = [numKinds]struct {
	by     actor
	enable func(e *enabled, id raft.NodeID) // adds the actions that the actor has
	play   func(p *player, a action)
}{
	client:   {leaders, enableClient, playClient},
	send:     {leaders, enableSend, playSend},
	arrive:   {network, enableArrive, playArrive},
	stand:    {others, enableStand, playStand},
	ask:      {others, enableAsk, playAsk},
	stepDown: {anyone, enableStepDown, playStepDown},
	restart:  {anyone, enableRestart, playRestart},
}

// An actor is who does what actions of a kind are. Servers that only vote do
// nothing by themselves.
type actor uint8

// The actors, in the order in which a search lets them act.
const (
	leaders actor = iota
	network       // not a server: messages in flight arrive by themselves
	others        // servers that do not lead
	anyone
)

// list gives the actions that the cluster allows. They are good until the next
// call.
func (e *enabled) list(c *cluster) []action {
	e.look(c)
	e.each(leaders, e.leaders)
	e.enable(network, raft.NoNode)
	e.each(others, e.scope.acting()&^e.leaders)
	e.each(anyone, e.scope.acting())
	return e.actions
}

func (e *enabled) each(by actor, ids raft.NodeSet) {
	for id := range ids.All() {
		e.enable(by, id)
	}
}

func (e *enabled) enable(by actor, id raft.NodeID) {
	for k := range kinds {
		if kinds[k].by == by {
			kinds[k].enable(e, id)
		}
	}
}

// play plays an action on a cluster. What comes of it is p.now; where it breaks
// a property, p.broken says which.
func (p *player) play(c *cluster, a action) {
	p.start(c)
	kinds[a.kind].play(p, a)
}
