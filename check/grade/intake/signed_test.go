package intake

import "testing"

// An instructor is told of a sheet that is signed with another's name, and not of one
// that its student signs in another way. One false alarm a class is one too many.
func TestSignedByAnother(t *testing.T) {
	r := roster(t, aClass)
	jane, zoe, ann, xiao := r.Students[0], r.Students[1], r.Students[2], r.Students[4]
	canvas := Student{ID: "12", Name: "doejane"}
	moodle := Student{ID: "12", Name: "Jane Q. Doe"}
	for _, tt := range []struct {
		why, signed string
		of          Student
		roster      *Roster
		want        bool
	}{
		{"nothing", " ", jane, r, false},
		{"the name", "Jane Doe", jane, r, false},
		{"the other way round", "Doe, Jane", jane, r, false},
		{"a middle name", "Jane Quinn Doe", jane, r, false},
		{"a nickname", "Janey", jane, r, false},
		{"the login", "jdoe", jane, r, false},
		{"the number", "301001", jane, r, false},
		{"no accents", "Zoe Mueller", zoe, r, false},
		{"both of a pair", "Jane Doe and Bob Ray", jane, r, false},
		{"nobody in the roster", "Bob Ray", jane, r, false},
		{"in another script", "Li Xiaoming", xiao, r, false},
		{"another student's name", "Zoë Müller", jane, r, true},
		{"without accents", "ZOE MULLER", jane, r, true},
		{"another's login", "zmueller", jane, r, true},
		{"another's number", "301002", jane, r, true},
		{"another's address", "zoe@example.edu", jane, r, true},
		{"one name of another's", "Zoë", jane, r, true},
		{"another of nearly the same name", "Ann Smithers", ann, r, true},
		{"one's own of nearly the same name", "Ann Smith", ann, r, false},

		{"Canvas's name", "Jane Doe", canvas, nil, false},
		{"one of its words", "jane", canvas, nil, false},
		{"of short names", "Li Xu", Student{ID: "3", Name: "xuli"}, nil, false},
		{"initials", "J.D.", canvas, nil, false},
		{"a number", "301001", canvas, nil, false},
		{"another script", "李小明", canvas, nil, false},
		{"another name", "Bob Ray", canvas, nil, true},
		{"another name in Moodle", "Bob Ray", moodle, nil, true},
		{"a common last name", "Bob Doe", moodle, nil, false},
		{"umlauts", "Goetz Mueller", Student{ID: "4", Name: "müllergötz"}, nil, false},
		{"not in the roster, but Canvas names it", "Bob Ray", canvas, r, true},
		{"Canvas hides the names", "Bob Ray", Student{ID: "anon_aB3dE", Name: "anon_aB3dE"}, nil, false},
		{"Moodle does", "Bob Ray", Student{ID: "12", Name: "Participant"}, nil, false},
		{"a file's own name", "Bob Ray", Student{Name: "sheet"}, nil, false},
		{"Gradescope names it", "Bob Ray", Student{Name: "Jane Doe", SIS: "301"}, nil, true},
	} {
		if got := SignedByAnother(tt.signed, tt.of, tt.roster); got != tt.want {
			t.Errorf("%s: %q of %+v: %t", tt.why, tt.signed, tt.of, got)
		}
	}
}
