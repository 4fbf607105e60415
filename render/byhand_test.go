package render

import (
	"html"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// What an instructor has decided is shown as such in every format, with the note: a
// student must be able to tell it from what the program found.
func TestByHandIsShown(t *testing.T) {
	class := rendertest.ByHand(t, "see me: \"after\" <class>")
	want := map[string][]string{
		"ann.yaml": {"4 of 4 points", "marked by hand", "1 of 1 point", "yes!", "An instructor decided what this is worth.", "Note: see me: \"after\" <class>"},
		"ben.yaml": {"4 of 4 points", "An instructor read this as ok.", "Note: see me"},
		"cem.yaml": {"3.5 of 4 points", "marked by hand", "0.5 of 1 point", "maybe", "Note: see me"},
		"dan.yaml": {"An instructor has marked this file by hand: 2 of 4 points", "see me"},
	}
	for i := range class.Submissions {
		s := &class.Submissions[i]
		for _, format := range readable {
			text := unwrapped(html.UnescapeString(feedbackIn(t, format, s, class.Key, false)))
			if format == "markdown" {
				text = strings.ReplaceAll(text, `\`, "")
			}
			for _, w := range want[s.Name] {
				if !strings.Contains(text, w) && !strings.Contains(tagless(text), w) {
					t.Errorf("%s of %s: no %q in\n%s", format, s.Name, w, text)
				}
			}
			if strings.Contains(text, "review.yaml") || strings.Contains(text, "no mark yet") || strings.Contains(text, "no points yet") {
				t.Errorf("%s of %s names the instructor's file, or says that it waits:\n%s", format, s.Name, text)
			}
		}
	}
	var b strings.Builder
	if err := doc.Write(&b, "text", Marks(class), doc.Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"4 of 4  Ann  (1 by hand", "2 of 4  Dan  (by hand: review.yaml:", "4 files: 3 marked, 1 marked by hand"} {
		if !strings.Contains(b.String(), w) {
			t.Errorf("no %q in\n%s", w, b.String())
		}
	}
	b.Reset()
	if err := doc.Write(&b, "text", Class(class), doc.Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"by hand", "dan.yaml, of Dan, marked by hand: 2 of 4 points"} {
		if !strings.Contains(b.String(), w) {
			t.Errorf("the class: no %q in\n%s", w, b.String())
		}
	}
	if items := class.Items(); items.Cells[0].By[grade.ByHand] != 2 || items.Cells[0].By[grade.Right] != 1 || items.Sheets != 3 {
		t.Errorf("of the first question %v, of %d sheets", items.Cells[0].By, items.Sheets)
	}
}

// tagless is HTML without its tags.
func tagless(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '<':
			depth++
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// A note is an instructor's, and may hold anything: it stays a text.
func TestByHandHostile(t *testing.T) {
	for _, hostile := range rendertest.Lines {
		class := rendertest.ByHand(t, hostile)
		for i := range class.Submissions {
			for _, format := range readable {
				rendertest.NoneHidden(t, feedbackIn(t, format, &class.Submissions[i], class.Key, true))
			}
		}
	}
}
