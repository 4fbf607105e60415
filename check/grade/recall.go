package grade

import (
	"raftsheet/check/item"
	"raftsheet/trace"
)

// This file lets a sheet's answers go once they are marked, and reads them again for
// who asks for more than the marks. A class has many sheets; what was read of each
// takes several times its file, and hardly any report asks for it.

// asked gives, by the key's steps, what a sheet that is aligned to the key says of what
// the key asks for: nothing else changes a mark.
func (k *Key) asked(a alignment) []*trace.Step {
	steps := make([]*trace.Step, len(k.Steps))
	for i := range steps {
		steps[i] = item.OnlyAsked(k.Steps[i].items, a.steps[i])
	}
	return steps
}

// An origin is the text that a sheet was marked by: as it was handed in, or with its
// slips set right and with what an instructor has read in it.
type origin struct {
	name string
	data []byte
	nth  int // which of its traces was marked, from 0
}

// letGo lets a sheet's answers go, which was marked as it was read; recall reads them
// again.
func (s *Sheet) letGo(r *reading) {
	s.steps, s.origin = nil, &origin{r.file.Name, r.file.Bytes(), r.nth}
}

// recall has the answers of a sheet that were let go at hand, until what it gives is
// called. It may be called for a sheet by one goroutine at a time.
func (s *Sheet) recall() (done func()) {
	if s.steps != nil || s.origin == nil {
		return func() {}
	}
	k, from := s.Key, s.origin
	f, _ := trace.Parse(from.name, from.data, k.limits()) // what is wrong with it was told when it was marked
	s.steps = k.asked((&Sheet{Key: k}).align(f.Traces[from.nth]))
	return func() { s.steps = nil }
}
