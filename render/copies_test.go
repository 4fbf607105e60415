package render

import (
	"strings"
	"testing"

	"raftsheet/check/grade/copies"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func copiesIn(t *testing.T, format string, r *copies.Report) string {
	t.Helper()
	var b strings.Builder
	if err := doc.Write(&b, format, Copies(r), doc.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The evidence as an instructor reads it before a conversation.
func TestCopiesGolden(t *testing.T) {
	r := copies.Find(rendertest.AlikeClass(t))
	for _, format := range readable {
		rendertest.Golden(t, "copies."+map[string]string{"text": "txt", "markdown": "md", "html": "html"}[format], copiesIn(t, format, r))
	}
}

// Where nothing is found the report says so, and accuses nobody.
func TestCopiesOfNobody(t *testing.T) {
	r := copies.Find(rendertest.QuizClass(t))
	r.Matches = nil
	text := strings.Join(strings.Fields(copiesIn(t, "text", r)), " ")
	if !strings.Contains(text, "no sheets share more mistakes than chance and shared misunderstandings explain") || strings.Contains(text, "Ann") {
		t.Errorf("of nobody:\n%s", text)
	}
}

// The figure is a number that can be said aloud, and never one that it is not.
func TestChances(t *testing.T) {
	for _, c := range []struct {
		chance float64
		want   string
	}{
		{1e-9, "in less than one of a million classes like this"},
		{1 / 23456.0, "in one of 20,000 classes like this"},
		{1 / 96.0, "in one of 96 classes like this"},
		{.3, "in one of 3 classes like this"},
		{.6, "in about every second class like this"},
		{1, "in every class like this: their mistakes alone are not evidence, for a form that several students fill in alike saves the same bytes"},
	} {
		if got := chanceWord(c.chance); got != c.want {
			t.Errorf("%v: %q, want %q", c.chance, got, c.want)
		}
	}
}
