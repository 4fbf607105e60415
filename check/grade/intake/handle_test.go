package intake

import "testing"

// Each student has a text by which the roster finds that student and no other. If this
// fails, what is typed in for one is marked as another's.
func TestHandle(t *testing.T) {
	for _, tt := range []struct {
		why, text string
		want      []string
	}{
		{"logins", "Student,ID,SIS Login ID\n\"Doe, Jane\",1,jdoe\n\"Roe, Ron\",2,rroe\n", []string{"jdoe", "rroe"}},
		{"a login that is another's name", "Student,ID,SIS Login ID\nAda,1,x\nBen,2,ada\n", []string{"x", "ada"}},
		{"a login without which there is an address", "name,login,email\nAda,,a@example.edu\nBen,ben,\n", []string{"a@example.edu", "ben"}},
		{"names alone", "name\nJane Doe\nRon Roe\n", []string{"Jane Doe", "Ron Roe"}},
		{"one name twice", "name,section\nJane Doe,1\nRon Roe,2\n", []string{"Jane Doe", "Ron Roe"}},
		{"nothing of one's own", "name,id\nJane Doe,1\nJane Doe,2\nDoe Jane,2\n", []string{"1", "", ""}},
		{"a number that begins an address", "id,email\n7,ada@example.edu\n8,7@example.edu\n", []string{"ada@example.edu", "8"}},
	} {
		r := roster(t, tt.text)
		for i, s := range r.Students {
			got := r.Handle(s)
			if got != tt.want[i] {
				t.Errorf("%s: row %d has %q; want %q", tt.why, s.Row, got, tt.want[i])
			}
			if found, ok := r.Find(got); got != "" && (!ok || found != s) {
				t.Errorf("%s: %q finds %v; want %v", tt.why, got, found, s)
			}
		}
	}
	if s, ok := roster(t, "name\nJane Doe\n").Find(""); ok {
		t.Errorf("nothing finds %v", s)
	}
}
