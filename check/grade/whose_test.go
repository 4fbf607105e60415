package grade

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/check/grade/intake"
)

// A sheet in a file that says nothing of whose it is belongs to the student of the roster
// whose name and variant are on it, and to nobody where that could be another's. If this
// fails, a student who handed in is told to have handed in nothing, or a mark goes to
// whoever is named on a sheet.
func TestSheetNamesItsStudent(t *testing.T) {
	const lea, ann = "Lea Lund", "Ann Abel"
	type file struct {
		by              Student
		signed, variant string
	}
	unknown := Student{Name: "homework"}
	for _, c := range []struct {
		why     string
		files   []file
		by      string // of the first
		missing string
		remark  string
	}{
		{"name and variant are hers", []file{{unknown, lea, "B"}}, lea, ann, "listed as Lea Lund of the roster"},
		{"the name in another order", []file{{unknown, "Lund, Lea", "b"}}, lea, ann, "listed as Lea Lund of the roster"},
		{"the name alone", []file{{unknown, lea, ""}}, "homework", ann, "it says student: Lea Lund, and Lea Lund of the roster handed in nothing else"},
		{"the variant is another's", []file{{unknown, lea, "A"}}, "homework", ann, "it says student: Lea Lund"},
		{"the variant alone", []file{{unknown, "", "B"}}, "homework", ann + ", " + lea, "the roster has no such student"},
		{"two sheets are signed so", []file{{unknown, lea, "B"}, {Student{Name: "other"}, lea, "B"}}, "homework", ann, "it says student: Lea Lund"},
		{"she has a sheet of her own", []file{{unknown, lea, "B"}, {Student{ID: "2", Name: lea, Row: 3}, lea, "B"}}, "homework", ann, "the roster has no such student"},
		{"the LMS says whose it is", []file{{Student{ID: "9", Name: "Zoe"}, lea, "B"}}, "Zoe", ann + ", " + lea, "the roster has no such student"},
	} {
		roster, err := intake.ReadRoster([]byte("id,name,variant\n1,Ann Abel,A\n2,Lea Lund,B\n"))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := NewKeys("keys", []*Key{variantKey(t, "A", 1), variantKey(t, "B", 2)})
		if err != nil {
			t.Fatal(err)
		}
		found := &intake.Intake{}
		for i, f := range c.files {
			in := handedIn(f.by.Name, fmt.Sprintf("student: %s\nvariant: %s\nnodes: 3\nsteps: [{id: V, requestVote: {candidateId: 1, term: 2}, response: {2: ok, 3: ok}}]\n", f.signed, f.variant))
			in.Student = f.by
			found.Inputs = append(found.Inputs, in)
			if i == 0 {
				found.Remarks = append(found.Remarks, intake.Remark{Name: in.Name, What: "the roster has no such student", Unlisted: true})
			}
		}
		for _, s := range roster.Students {
			if len(c.files) == 1 || s.Row != c.files[1].by.Row {
				found.Missing = append(found.Missing, s)
			}
		}
		class := MarkEach(keys, found.Inputs, Settings{Roster: roster})
		class.Settle(found)
		for i := range class.Submissions {
			if s := &class.Submissions[i]; s.Name == found.Inputs[0].Name && s.By.Name != c.by {
				t.Errorf("%s: it is %s's, want %s", c.why, s.By.Name, c.by)
			}
		}
		var missing []string
		for _, s := range found.Missing {
			missing = append(missing, s.Called())
		}
		if got := strings.Join(missing, ", "); got != c.missing {
			t.Errorf("%s: missing are %s, want %s", c.why, got, c.missing)
		}
		if len(found.Remarks) == 0 || !strings.HasPrefix(found.Remarks[0].What, c.remark) {
			t.Errorf("%s: the remarks are %v, want %s", c.why, found.Remarks, c.remark)
		}
	}
}

// A class is listed as its names are sorted. If this fails, Émile is looked for in vain
// between Dan and Finn.
func TestOrderOfNames(t *testing.T) {
	var in []Input
	for _, name := range []string{"Zoe", "émile", "Finn", "Émile", "dan", "Øystein", "Pia"} {
		in = append(in, Input{Name: name, Student: Student{Name: name}, Refused: "it is a photo"})
	}
	c := MarkAll(newKey(t, alignKey), in, Settings{})
	got := ""
	for i := range c.Submissions {
		got += " " + c.Submissions[i].By.Name
	}
	if got != " dan Émile émile Finn Øystein Pia Zoe" {
		t.Errorf("the order is%s", got)
	}
}
