package grade

import (
	"cmp"
	"fmt"
	"math/big"
	"strings"
)

// Points is a number of points: an exact decimal, so that no sum depends on its
// order. The zero value is 0. It is a value; its methods change nothing.
//
// What people give is a whole number of millionths, and marking adds those as
// integers. A third of a point is none, and is kept as a fraction.
type Points struct {
	n int64    // in millionths, where r is nil
	r *big.Rat // what no n can be; nil otherwise
}

const onePoint = 1_000_000 // in millionths

// exactly gives the points of a fraction.
func exactly(r *big.Rat) Points {
	millionths := new(big.Rat).Mul(r, big.NewRat(onePoint, 1))
	if millionths.IsInt() && millionths.Num().IsInt64() {
		return Points{n: millionths.Num().Int64()}
	}
	return Points{r: r}
}

// ParsePoints reads a decimal such as 1 or 0.25.
func ParsePoints(s string) (Points, error) {
	const most = 64 // characters: nobody gives that many digits
	if len(s) > most || strings.Trim(s, "+-.0123456789") != "" {
		return Points{}, fmt.Errorf("%.60q is not a number of points", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Points{}, fmt.Errorf("%q is not a number of points", s)
	}
	return exactly(r), nil
}

// Whole gives a whole number of points.
func Whole(n int) Points { return exactly(new(big.Rat).SetInt64(int64(n))) }

func (p Points) rat() *big.Rat {
	if p.r == nil {
		return big.NewRat(p.n, onePoint)
	}
	return p.r
}

// What two numbers may be, so that their sum or their product is an int64.
const mostAdded, mostMultiplied = 1 << 62, 1 << 31

func areWithin(most int64, p, q Points) bool {
	return p.r == nil && q.r == nil && -most < p.n && p.n < most && -most < q.n && q.n < most
}

// Plus, Minus and Times are p with q added, taken away, and multiplied.
func (p Points) Plus(q Points) Points {
	if areWithin(mostAdded, p, q) {
		return Points{n: p.n + q.n}
	}
	return exactly(new(big.Rat).Add(p.rat(), q.rat()))
}

func (p Points) Minus(q Points) Points {
	if areWithin(mostAdded, p, q) {
		return Points{n: p.n - q.n}
	}
	return exactly(new(big.Rat).Sub(p.rat(), q.rat()))
}

func (p Points) Times(q Points) Points {
	if areWithin(mostMultiplied, p, q) && p.n*q.n%onePoint == 0 {
		return Points{n: p.n * q.n / onePoint}
	}
	return exactly(new(big.Rat).Mul(p.rat(), q.rat()))
}

// Percent is that many percent of p.
func (p Points) Percent(q Points) Points {
	return exactly(new(big.Rat).Mul(p.rat(), new(big.Rat).Quo(q.rat(), big.NewRat(100, 1))))
}

// Scaled is p of a whole as a part of another one, rounded to hundredths, halves
// away from 0; 0 of a whole of nothing.
func (p Points) Scaled(to, of Points) Points {
	if of.Sign() == 0 {
		return Points{}
	}
	scaled := new(big.Rat).Mul(p.rat(), new(big.Rat).Quo(to.rat(), of.rat()))
	rounded, _ := new(big.Rat).SetString(scaled.FloatString(2))
	return exactly(rounded)
}

// InUnits gives points in the largest unit in which all of them are whole.
func InUnits(ps []Points) []*big.Int {
	unit := big.NewInt(1)
	for _, p := range ps {
		denom := p.rat().Denom()
		common := new(big.Int).GCD(nil, nil, unit, denom)
		unit.Mul(unit, new(big.Int).Quo(denom, common))
	}
	out := make([]*big.Int, len(ps))
	for i, p := range ps {
		r := p.rat()
		out[i] = new(big.Int).Mul(r.Num(), new(big.Int).Quo(unit, r.Denom()))
	}
	return out
}

// Cmp compares: -1 where p is less than q, 0 where they are equal, 1 otherwise.
func (p Points) Cmp(q Points) int {
	if p.r == nil && q.r == nil {
		return cmp.Compare(p.n, q.n)
	}
	return p.rat().Cmp(q.rat())
}

// Sign is -1, 0 or 1, as p is.
func (p Points) Sign() int { return p.Cmp(Points{}) }

// Float is the nearest float64, for what is shown as a bar or sent as a part of
// one.
func (p Points) Float() float64 {
	f, _ := p.rat().Float64()
	return f
}

// String is the decimal, without zeros at its end: 1, 0.25. One that has no end is
// rounded to two places, for people.
func (p Points) String() string { return p.decimal(2) }

// MarshalJSON gives the decimal as a number. One that has no end is rounded to six
// places.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(p.decimal(6)), nil }

func (p Points) decimal(places int) string {
	r := p.rat()
	if n, exact := r.FloatPrec(); exact {
		places = n
	}
	return r.FloatString(places)
}

// written is p as MarshalJSON has it, which is not exact for a part without an end.
func (p Points) written() Points {
	if q, err := ParsePoints(p.decimal(6)); err == nil {
		return q
	}
	return p
}

// UnmarshalJSON reads a decimal.
func (p *Points) UnmarshalJSON(text []byte) (err error) {
	if string(text) == "null" {
		return nil
	}
	*p, err = ParsePoints(string(text))
	return err
}

// Part is p as a part of a whole that is not 0, exactly.
func (p Points) Part(whole Points) Points { return exactly(new(big.Rat).Quo(p.rat(), whole.rat())) }

// Of is p as a part of a whole, 0 where that is nothing.
func (p Points) Of(whole Points) float64 {
	if whole.Sign() == 0 {
		return 0
	}
	return p.Part(whole).Float()
}
