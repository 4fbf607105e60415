package explore

import "raftsheet/raft"

// A Property is one of the safety properties of the paper's Figure 3.
type Property uint8

// The properties in the figure's order. None is the property of a [Breach] where
// nothing broke.
const (
	None Property = iota
	ElectionSafety
	LeaderAppendOnly
	LogMatching
	LeaderCompleteness
	StateMachineSafety
)

var propertyNames = [...]string{"none", "Election Safety", "Leader Append-Only", "Log Matching",
	"Leader Completeness", "State Machine Safety"}

// String gives the property's name in Figure 3.
func (p Property) String() string { return propertyNames[p] }

// A Breach is a property that broke, and where.
type Breach struct {
	Property Property
	Node     raft.NodeID // whose change broke it

	// Other is who else led the term, whose log differs, or who had committed
	// something else. It is Node where that contradicts its own past.
	Other raft.NodeID

	Term         raft.Term  // Node's, or that of the entries at Index
	Index        raft.Index // where entries contradict each other
	First        raft.Index // Log Matching: where the two logs begin to differ
	Mine, Theirs raft.Entry // what Node has there, and what is there otherwise; zero for no entry
	Since        raft.Term  // Leader Completeness: the term in which Theirs was committed
}

func (b Breach) named(n *naming) Breach {
	b.Node, b.Other = n[b.Node], n[b.Other]
	return b
}
