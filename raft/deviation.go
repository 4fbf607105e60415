package raft

// A Deviation is Raft as people get it wrong: a change to one rule of Figure 2,
// with a name. Each is a row of data.
type Deviation struct {
	Name     string
	Rule     string // the short name of the rule that it changes, or several: C2 L4; persistent or volatile for what survives a crash
	Believed string // what somebody who deviates believes, in one sentence
	Wrong    string // why it is not
	Section  string // of the paper: 5.4.1

	apply func(r *Rules)
}

// With gives the rules with the deviations in place, each on top of those
// before it; r stays as it is.
func (r *Rules) With(ds ...Deviation) *Rules {
	changed := *r
	for _, d := range ds {
		d.apply(&changed)
		changed.addName(d.Name)
	}
	return &changed
}

// addName adds to the name of what deviates.
func (r *Rules) addName(name string) {
	if r.Name == figure2 {
		r.Name = name
		return
	}
	r.Name += "," + name
}

// as gives the deviation of the catalogue in the form that it has in a set.
func (d Deviation) as(believed string, apply func(*Rules)) Deviation {
	d.Believed, d.apply = believed, apply
	return d
}

// after has a rule decide as before, and then changes what has come of it.
func after[M any](rule *func(*Node, M) *Decision, change func(n *Node, m M, d *Decision)) {
	right := *rule
	*rule = func(n *Node, m M) *Decision {
		d := right(n, m)
		change(n, m, d)
		return d
	}
}

// checkBy keeps a check's figures and puts another condition in its place.
func checkBy[M any](rule *func(*Node, M) *Decision, passes func(*Node, M) bool) {
	after(rule, func(n *Node, m M, d *Decision) { d.pass(passes(n, m)) })
}

// pass settles a check.
func (d *Decision) pass(ok bool) {
	if d.Outcome = Refused; ok {
		d.Outcome = Passed
	}
}
