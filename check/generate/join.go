package generate

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Join gives a class that has worksheets already n more of them, which are as hard and
// have other messages. Those that are there come first, and stay as they are. The wish
// is the one that they were made by.
func Join(w Wish, seed uint64, there []*trace.Trace, n int) (*Class, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	m := &maker{w: &w, taken: make(map[string]int), joins: true}
	var sheets []*Sheet
	for _, t := range there {
		s, err := sheetOf(t)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
		for _, text := range messagesOf(t, pointers(t.Steps)) {
			m.taken[text]++
		}
	}
	m.like, m.target = sheets[0].answers, typical(sheets)
	if len(w.AtStake) == 0 {
		w.AtStake = commonlyRevealed(sheets)
	}
	c, err := m.class(seed, len(there), n)
	if err != nil {
		return nil, err
	}
	c.Sheets = append(sheets, c.Sheets...)
	return c, nil
}

func pointers(steps []trace.Step) []*trace.Step {
	out := make([]*trace.Step, len(steps))
	for i := range steps {
		out[i] = &steps[i]
	}
	return out
}

// typical is how many cells of each rule the worksheets ask: that of the middle one,
// where they differ.
func typical(sheets []*Sheet) Profile {
	p := make(Profile)
	for _, rule := range Rules() {
		var of []int
		for _, s := range sheets {
			of = append(of, s.Profile[rule])
		}
		slices.Sort(of)
		if n := of[len(of)/2]; n > 0 {
			p[rule] = n
		}
	}
	return p
}

// commonlyRevealed gives what of the commonest misunderstandings all of the worksheets
// reveal.
func commonlyRevealed(sheets []*Sheet) []raft.Deviation {
	var out []raft.Deviation
	for _, d := range raft.Deviations() {
		if slices.Contains(commonest, d.Name) && !slices.ContainsFunc(sheets, func(s *Sheet) bool { return !s.Reveals(d) }) {
			out = append(out, d)
		}
	}
	return out
}
