package page

import (
	"raftsheet/raft"
)

// The JSON of a page, which its script reads. It has one line for each thing that a
// step does, so that its size is in proportion to what happened. Nodes are their
// numbers, from 1.
type (
	// A Data is all that a page shows.
	Data struct {
		Shapes  []string `json:"shapes"`            // that the texts of the page have
		Rules   []Rule   `json:"rules"`             // of the figures, in their order
		Traces  []Trace  `json:"traces"`            // the documents of a file, in order
		Predict bool     `json:"predict,omitempty"` // answers are hidden until the reader has given one
		ID      string   `json:"id,omitempty"`      // of a lesson: tells its answers from those of others
	}

	// A Rule is what the page says of a rule wherever one decides.
	Rule struct {
		Name  string `json:"name"`  // AE2
		Place string `json:"place"` // AppendEntries rule 2, §5.3
		Says  string `json:"says"`  // what it decides
	}

	// A Trace is one document, under one set of rules or under two side by side.
	Trace struct {
		Title string   `json:"title"`
		Nodes []string `json:"nodes"`
		Sides []Replay `json:"sides"`
		Apart []int    `json:"apart,omitempty"` // the steps in which the sides differ
	}

	// A Replay is a trace under one set of rules.
	Replay struct {
		By    string   `json:"by"`    // whose answers these are: Figure 2, or the name of other rules
		Start []Change `json:"start"` // what the nodes are before the first step
		First []Wrong  `json:"first,omitempty"`
		Steps []Step   `json:"steps"`
		Terms [][]Term `json:"terms"`          // by node: its history after the last step
		Life  []int    `json:"life,omitempty"` // where each step begins in the picture, in pixels from the top, and where the last ends; none without a picture
	}

	// A Step is what happens in one step of a trace.
	Step struct {
		ID      string   `json:"id"`
		Head    Text     `json:"head"`             // the name of the message, or the line of another event
		Note    string   `json:"note,omitempty"`   // the trace's own
		Fields  *Text    `json:"fields,omitempty"` // of the message: a line each, name and value with a tab between
		Sender  int      `json:"sender,omitempty"` // of the message
		Row     []Answer `json:"row,omitempty"`    // one for each node, where the step has a message
		Others  []Doing  `json:"others,omitempty"` // what nodes do besides
		Wrong   []Wrong  `json:"wrong,omitempty"`
		Notes   []Wrong  `json:"notes,omitempty"`
		Changes []Change `json:"changes,omitempty"`
	}

	// An Answer is a node's cell of the response row.
	Answer struct {
		Says    string `json:"a,omitempty"` // ok, no, - for none, ? where it cannot be told, empty where there is nothing
		Term    string `json:"t,omitempty"` // where it is not the message's
		Asked   bool   `json:"q,omitempty"` // whether the node has an answer to predict
		Written string `json:"w,omitempty"` // what the trace says, where it says anything
		Wrong   *Text  `json:"x,omitempty"` // that this is wrong: in one line, what is right
		Why     *Text  `json:"y,omitempty"` // where the rule that decides does not say it all
		Rules   *Text  `json:"r,omitempty"` // that the node went by, a line each, see [builder.rules]
		Then    *Text  `json:"s,omitempty"` // that the sender went by when it got the answer
		Got     *Text  `json:"m,omitempty"` // the message, where each node gets another
	}

	// A Doing is what one node does in a step beside answering.
	Doing struct {
		Node  int   `json:"n"`
		Says  *Text `json:"y,omitempty"` // where no rule decides it
		Rules *Text `json:"r,omitempty"`
	}

	// A Wrong is a finding: something wrong in the trace, or worth knowing.
	Wrong struct {
		Node  int    `json:"n,omitempty"`
		Field string `json:"f,omitempty"` // of the node's state, where it is about one: commitIndex, log[3]
		Wrote string `json:"w,omitempty"` // what the trace says there
		Head  Text   `json:"h"`
		Why   Text   `json:"y"`
	}

	// A Term is a line of a node's history: the term, what the node was in it, and
	// for whom it voted.
	Term struct {
		Term raft.Term `json:"t"`
		Role string    `json:"r"`
		Vote string    `json:"v"`
	}

	// A Change is what a step changes of a node, or of several alike: the fields that
	// have another value.
	Change struct {
		Nodes  Nodes       `json:"n"`
		Is     *string     `json:"is,omitempty"` // down, or not on this page; empty for neither
		Role   *string     `json:"r,omitempty"`
		Term   *raft.Term  `json:"t,omitempty"`
		Vote   *string     `json:"v,omitempty"`
		Leader *string     `json:"k,omitempty"` // that the node knows
		Commit *raft.Index `json:"c,omitempty"`
		Apply  *raft.Index `json:"a,omitempty"` // lastApplied
		Voters *string     `json:"w,omitempty"` // whom it counts, where the trace says so
		Base   *raft.Mark  `json:"b,omitempty"` // what its snapshot covers: the last index, and the term there
		Log    *LogChange  `json:"l,omitempty"`
		Others []Follower  `json:"o,omitempty"` // of a leader: what it knows of others
	}

	// Nodes are numbers of nodes.
	Nodes []int

	// A LogChange says that a log is what it was before an index, and has these
	// entries from there on. What a snapshot covers is not in a log any more.
	LogChange struct {
		From    raft.Index
		Entries []raft.Entry
	}

	// A Follower is what a leader knows of another node.
	Follower struct {
		Node  int
		Next  raft.Index // nextIndex
		Match raft.Index // matchIndex
	}
)
