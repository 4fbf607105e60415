package explore

// A Delivery is what becomes of a request and its answer.
type Delivery uint8

// The deliveries. A request that is lost is one that is not sent.
const (
	Answered        Delivery = iota // the request arrives, and so does its answer
	AnswerLost                      // the request arrives, the answer is lost
	RequestLate                     // the request stays in flight
	RequestRepeated                 // both arrive, and the request stays in flight as well
	AnswerLate                      // the request arrives, the answer stays in flight
	numDeliveries
)

// stays reports whether a message stays in flight.
func (d Delivery) stays() bool { return d >= RequestLate }

// postsRequest reports whether the request does.
func (d Delivery) postsRequest() bool { return d == RequestLate || d == RequestRepeated }

// allows reports whether a request, for votes or with entries, may be delivered
// so, with that many messages in flight already.
func (s *Scope) allows(d Delivery, votes bool, posted uint8) bool {
	if d.stays() && int(posted) >= s.InFlight {
		return false
	}
	either := func(vote, entries Late) bool {
		return votes && s.Late&vote != 0 || !votes && s.Late&entries != 0
	}
	switch d {
	case AnswerLost:
		return s.Lost
	case RequestLate:
		return either(LateVotes, LateAppends)
	case RequestRepeated:
		return either(RepeatedVotes, RepeatedAppends)
	case AnswerLate:
		return either(LateGrants, LateAcks)
	}
	return true
}
