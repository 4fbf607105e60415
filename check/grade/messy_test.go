package grade_test

import (
	"os"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// The newcomer's class: thirty sheets as students hand them in. Nearly all of them
// are right, and most are not YAML as the specification has it. Each has the mark
// that a kind instructor would give by hand, and two need one.
func TestMessyClass(t *testing.T) {
	want := map[string]string{ // by student; 184 where none is named
		"brandtpia":  "165.6",      // all right, a day late
		"okaforada":  "53",         // left blank from RV4 on
		"petrovilya": "183 to 184", // a sentence in a cell
		"quinntess":  "",           // a photo
		"youngmax":   "174",        // with mistakes
		"zhouli":     "173",        // the same with one more
	}
	const folder = "../../examples/grading/messy"
	data, err := os.ReadFile("../../examples/grading/key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := trace.Parse("key.yaml", data, trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	key, err := grade.NewKey(file.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	handedIn, err := intake.Collect([]string{folder}, intake.Settings{IsSheet: trace.LooksKeyed})
	if err != nil {
		t.Fatal(err)
	}
	class := grade.MarkAll(key, handedIn.Inputs, grade.Settings{Diagnose: true})
	if len(class.Submissions) != 30 || len(handedIn.Passed) > 0 {
		t.Errorf("%d sheets, and %v passed over", len(class.Submissions), handedIn.Passed)
	}
	review := 0
	for i := range class.Submissions {
		s := &class.Submissions[i]
		if s.ToReview() {
			review++
		}
		counts, named := want[s.By.Name]
		if !named {
			counts = "184"
		}
		got := ""
		if r, ok := s.Counts(); ok {
			got = r.String()
		}
		if got != counts {
			t.Errorf("%s counts %q, want %q: %s %s", s.Name, got, counts, s.Outcome, s.Why)
		}
	}
	if review != 2 {
		t.Errorf("%d sheets need an instructor, and two may", review)
	}
}
