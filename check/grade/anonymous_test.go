package grade

import (
	"fmt"
	"strings"
	"testing"
)

// An anonymous class has no name of a student or a file left, whatever is said of
// them; its marks are the same, and its order tells nothing.
func TestAnonymous(t *testing.T) {
	var inputs []Input
	for _, name := range []string{"Zoe Quill", "Ann Byron", "Bob Moog"} {
		for attempt := range 2 {
			in := handedIn(name, oneVote)
			in.Name = fmt.Sprintf("%s-%d.yaml", strings.ToLower(name), attempt)
			in.Attempt, in.With = attempt, []Student{{Name: "Ann Byron"}}
			inputs = append(inputs, in)
		}
	}
	inputs = append(inputs, handedIn("Broken Reed", "steps: [unfinished"))
	class := MarkAll(newKey(t, oneVote), inputs, Settings{})
	nameless := class.Anonymous()
	if len(nameless.Submissions) != len(class.Submissions) {
		t.Fatalf("%d of %d submissions", len(nameless.Submissions), len(class.Submissions))
	}
	marks := make(map[string]int)
	for i := range class.Submissions {
		r, ok := class.Submissions[i].Counts()
		marks[fmt.Sprint(class.Submissions[i].Outcome, r, ok)]++
	}
	for i := range nameless.Submissions {
		s := &nameless.Submissions[i]
		r, ok := s.Counts()
		marks[fmt.Sprint(s.Outcome, r, ok)]--
		said := fmt.Sprint(s.Name, s.Student, s.With, s.By, s.Why, s.Errors)
		if s.Sheet != nil {
			said += fmt.Sprint(s.Sheet.Remarks)
		}
		for _, name := range []string{"Zoe", "zoe", "Ann", "ann ", "Bob", "bob", "Broken", "Reed"} {
			if strings.Contains(said, name) {
				t.Errorf("%q is left in %q", name, said)
			}
		}
	}
	for what, n := range marks {
		if n != 0 {
			t.Errorf("%s: %d more than without names", what, n)
		}
	}
	if class.Submissions[0].Student.Name == nameless.Submissions[0].Student.Name {
		t.Errorf("the class itself is %q", class.Submissions[0].Student.Name)
	}
}
