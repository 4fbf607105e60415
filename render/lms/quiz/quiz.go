package quiz

import (
	"fmt"
	"slices"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/render/doc"
)

// mostLines bounds what the questions of a key repeat: each tells the steps before it.
const mostLines = 100_000

// New makes the questions of a key. It is an error if what is right in a cell cannot be
// told, or if the questions together repeat more than anybody imports.
func New(k *grade.Key) (*Quiz, error) {
	q := k.Questions()
	z := &Quiz{Title: q.Title, Variant: q.Variant}
	if doc.Clean(z.Title) == "" {
		z.Title = "Worksheet"
	}
	b := newBuilder(k, q)
	b.start = b.cluster()
	lines := 0
	for i := range q.Steps {
		asked := slices.DeleteFunc(item.OfStep(q, &q.Steps[i]), func(it item.Item) bool { return q.Unknown.Has(it.Node) })
		if len(asked) > 0 {
			if lines += i + 1; lines > mostLines {
				return nil, fmt.Errorf("%s: too many steps for an LMS: each question repeats the messages before it, and together that is over %d lines; cut the trace", k.Trace.File, mostLines)
			}
			step, err := b.step(&q.Steps[i], asked)
			if err != nil {
				return nil, err
			}
			z.Steps = append(z.Steps, *step)
			z.Whole = z.Whole || k.Steps[i].Whole
		}
		b.happened(&q.Steps[i])
	}
	return z, nil
}
