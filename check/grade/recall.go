package grade

import "raftsheet/trace"

// This file lets a sheet's answers go once they are marked, and reads them again for
// who asks for more than the marks. A class has many sheets; what was read of each
// takes several times its file, and hardly any report asks for it.

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
