package raft

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"testing"
)

// A mutated copy of this package calls the functions of this file where the
// original has an operator or a value; mutate_test.go writes that copy. Each is
// given the number of its first mutant. It does what stood there, unless one of
// its mutants is switched on.

// mutantVariable is the environment variable that names the mutant to be
// switched on.
const mutantVariable = "RAFTSHEET_MUTANT"

// mutantOn is the number of that mutant, 0 if there is none.
var mutantOn, _ = strconv.Atoi(os.Getenv(mutantVariable))

// mutantPatience ends a mutant that never would: so often may it be asked.
var mutantPatience = 1_000_000

// mutantIs reports whether that mutant is switched on.
func mutantIs(number int) bool {
	if number != mutantOn {
		return false
	}
	if mutantPatience--; mutantPatience < 0 {
		panic("the mutant does not come to an end")
	}
	return true
}

// instead gives the one of the others whose mutant is switched on, the first of
// them numbered so, or what was there.
func instead[T any](first int, was T, others ...T) T {
	for i, other := range others {
		if mutantIs(first + i) {
			return other
		}
	}
	return was
}

const (
	always = "always"
	never  = "never"
)

// neighbours is what each comparison is replaced by: those that differ from it
// in one of less, equal and greater (one of them in no case is the other), and
// its negation.
var neighbours = map[string][]string{
	"<":  {"<=", "!=", never, ">="},
	"<=": {"<", "==", always, ">"},
	">":  {">=", "!=", never, "<="},
	">=": {">", "==", always, "<"},
	"==": {"<=", ">=", never, "!="},
	"!=": {"<", ">", always, "=="},
}

// mutantOrder is x op y.
func mutantOrder[T cmp.Ordered](first int, ops []string, x, y T) bool {
	switch c := cmp.Compare(x, y); instead(first, ops[0], ops[1:]...) {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "==":
		return c == 0
	case "!=":
		return c != 0
	case always:
		return true
	}
	return false
}

// mutantSame is x == y, or x != y, of what has no order.
func mutantSame[T comparable](first int, ops []string, x, y T) bool {
	switch instead(first, ops[0], ops[1:]...) {
	case "==":
		return x == y
	case "!=":
		return x != y
	case always:
		return true
	}
	return false
}

// mutantBoth is x && y, and mutantEither x || y; each has the other's place as
// its mutant.
func mutantBoth(first int, x bool, y func() bool) bool {
	if mutantIs(first) {
		return x || y()
	}
	return x && y()
}

func mutantEither(first int, x bool, y func() bool) bool {
	if mutantIs(first) {
		return x && y()
	}
	return x || y()
}

// mutantCondition is x: mutated, its negation, always or never.
func mutantCondition(first int, x bool) bool { return instead(first, x, !x, true, false) }

// mutantNumber is x op y: mutated, x alone or the opposite.
func mutantNumber[T ~int | ~uint8 | ~uint64](first int, op string, x, y T) T {
	switch op {
	case "+":
		return instead(first, x+y, x, x-y)
	case "-":
		return instead(first, x-y, x, x+y)
	case "&":
		return instead(first, x&y, x, x|y)
	}
	return instead(first, x/y, x, x*y)
}

// mutantMin and mutantMax are min and max: mutated, the other, x or y.
func mutantMin[T cmp.Ordered](first int, x, y T) T { return instead(first, min(x, y), max(x, y), x, y) }
func mutantMax[T cmp.Ordered](first int, x, y T) T { return instead(first, max(x, y), min(x, y), x, y) }

// mutantValue is x: mutated, the zero value.
func mutantValue[T any](first int, x T) T {
	var zero T
	return instead(first, x, zero)
}

// opposite is the outcome of a rule's negation.
var opposite = map[Outcome]Outcome{Passed: Refused, Refused: Passed, Acted: Idle, Idle: Acted, Ignored: Acted}

// mutantOutcome is the outcome from which a rule starts: mutated, the opposite.
func mutantOutcome(first int, o Outcome) Outcome { return instead(first, o, opposite[o]) }

// mutantDecision is a rule's decision: mutated, its negation.
func mutantDecision(first int, d *Decision) *Decision {
	if mutantIs(first) {
		d.Outcome = opposite[d.Outcome]
	}
	return d
}

// With no mutant switched on, the hooks do what they stand for: otherwise what
// the mutation test kills is not this package.
func TestMutationHooks(t *testing.T) {
	yes, no := func() bool { return true }, func() bool { return false }
	for _, p := range [][2]Index{{1, 2}, {2, 2}, {2, 1}} {
		x, y := p[0], p[1]
		for op, want := range map[string]bool{"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y, "==": x == y, "!=": x != y} {
			ops := slices.Concat([]string{op}, neighbours[op])
			if mutantOrder(1, ops, x, y) != want || (op == "==" || op == "!=") && mutantSame(1, ops, x, y) != want {
				t.Errorf("%d %s %d is %t as a hook", x, op, y, !want)
			}
		}
		for op, want := range map[string]Index{"+": x + y, "-": x - y, "/": x / y, "&": x & y} {
			if got := mutantNumber(1, op, x, y); got != want {
				t.Errorf("%d %s %d is %d as a hook", x, op, y, got)
			}
		}
		if mutantMin(1, x, y) != min(x, y) || mutantMax(1, x, y) != max(x, y) || mutantValue(1, x) != x {
			t.Errorf("min, max or value of %d and %d differ as hooks", x, y)
		}
	}
	for _, x := range []bool{true, false} {
		if mutantCondition(1, x) != x || mutantBoth(1, x, yes) != x || mutantBoth(1, x, no) ||
			mutantEither(1, x, no) != x || !mutantEither(1, x, yes) {
			t.Errorf("and, or, or the condition itself differ as hooks of %t", x)
		}
	}
	for o := range opposite {
		if mutantOutcome(1, o) != o || mutantDecision(1, &Decision{Outcome: o}).Outcome != o {
			t.Errorf("the outcome %v differs as a hook", o)
		}
	}
}
