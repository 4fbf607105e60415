package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

func gradesJSON(t *testing.T, c *grade.Class, reveal bool) string {
	t.Helper()
	var b strings.Builder
	if err := Grades(&b, c, "v1", reveal); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Law: what is read of a class's report is what the class has come to. If this
// fails, --against tells of marks that have not moved, or not of those that have.
func TestBeforeIsTheClass(t *testing.T) {
	classes := []*grade.Class{rendertest.QuizClass(t), rendertest.ByHand(t, "x")}
	for _, hostile := range rendertest.Lines {
		classes = append(classes, rendertest.HostileClass(t, hostile))
	}
	for _, c := range classes {
		for _, reveal := range []bool{false, true} {
			got, err := Before("before.json", []byte(gradesJSON(t, c, reveal)))
			if err != nil {
				t.Fatal(err)
			}
			want := c.Results("v1")
			same := cmp.Comparer(func(a, b grade.Points) bool { return a.Cmp(b) == 0 })
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("-class +report:\n%s", diff)
			}
			if m := want.Since(got); len(m.Moved)+len(m.New)+len(m.Gone) > 0 {
				t.Errorf("something has moved: %+v", m)
			}
		}
	}
}

// What is not a report is an error at its place.
func TestBeforeErrors(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "b.json:1:1: this is not JSON: it ends too soon"},
		{"{\n  \"version\": 1,\n  \"submissions\": [{]\n}\n", "b.json:3:20: this is not JSON: "},
		{"{\"version\": 1, \"submissions\": [", "b.json:1:32: this is not JSON: it ends too soon"},
		{"{\n  \"version\": 2,\n  \"submissions\": []\n}\n", "b.json:2:3: this report is of version 2"},
		{"{\n  \"version\": \"x\",\n  \"submissions\": []\n}\n", "b.json:2:16: version: a JSON string does not belong here"},
		{"{\"traces\": []}", "b.json:1:1: this is not a report of grade"},
		{"[]", "b.json:1:1: this is not a report of grade"},
		{"{\"version\": 1, \"submissions\": [{\"totals\": {\"counted\": \"many\"}}]}", "b.json:1:"},
		{"{\"version\": 1, \"submissions\": [{\"totals\": {\"counted\": 1e999}}]}", "b.json:1:"},
	} {
		_, err := Before("b.json", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%q gives %v, want %s", c.text, err, c.says)
		}
	}
}
