package grade

import "raftsheet/check/order"

// A Game is what the sheets of a group have come to together.
type Game struct {
	*order.Result

	run       *carried           // the order as the sheets have it
	wrong     []order.Difference // in it
	notMarked []int              // cells that are wrong in it, or in others, and nobody can say whose mistake they are
	doubts    []*doubtful        // by sheet: what of it is in doubt
}
