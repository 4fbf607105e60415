package grade

import "raftsheet/trace"

// This file lets go of a sheet's answers once they are marked, and reads them again
// where more than the marks is asked for. A class has many sheets; what was read of each
// takes several times its file, and the report on copies alone asks for it.

// letGo lets go of the answers of a sheet that was marked from this reading.
func (s *Sheet) letGo(r *reading) {
	s.steps, s.origin = nil, &origin{r.file.Name, r.file.Bytes(), r.nth}
}

// recall reads the answers again that were let go, and holds them until the function that
// it gives is called. One goroutine at a time may call it for a sheet.
func (s *Sheet) recall() (done func()) {
	if s.steps != nil || s.origin == nil {
		return func() {}
	}
	k, from := s.Key, s.origin
	f, _ := trace.Parse(from.name, from.data, k.limits()) // what is wrong with it was told when it was marked
	s.steps = k.asked((&Sheet{Key: k}).align(f.Traces[from.nth]))
	return func() { s.steps = nil }
}
