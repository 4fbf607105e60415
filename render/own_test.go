package render

import (
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

// A sheet that a scheme marks, as its student and its instructor read it.
func TestOwnGolden(t *testing.T) {
	c := rendertest.OwnClass(t, "own")
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome == grade.Marked {
			rendertest.Golden(t, "own-feedback.txt", feedbackIn(t, "text", s, c.KeyOf(s), true))
			rendertest.Golden(t, "own-feedback.html", feedbackIn(t, "html", s, c.KeyOf(s), false))
		}
	}
	rendertest.Golden(t, "own-class.txt", classIn(t, "text", c))
}

// Without reveal no figure of the reference's is shown: of a message that nobody could
// have sent the rule alone.
func TestOwnHidden(t *testing.T) {
	c := rendertest.OwnClass(t, "own")
	for i := range c.Submissions {
		s := &c.Submissions[i]
		hidden, open := feedbackIn(t, "text", s, c.KeyOf(s), false), feedbackIn(t, "text", s, c.KeyOf(s), true)
		const figure = "node 1 leads term 1"
		if s.Outcome == grade.Marked && (strings.Contains(hidden, figure) || !strings.Contains(open, figure)) {
			t.Errorf("%q is for those alone to whom the answers are revealed:\n%s\n%s", figure, hidden, open)
		}
	}
}
