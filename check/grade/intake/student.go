package intake

// A Student is who handed something in. What the LMS and the roster do not say is
// empty.
type Student struct {
	ID    string // the LMS's number for the student or the participant
	Name  string // as the roster, the LMS or the file name has it
	SIS   string // the school's number: Canvas's SIS User ID, Moodle's ID number, Gradescope's sid
	Login string // Canvas's SIS Login ID, a username
	Email string
	Row   int // the line of the roster that lists the student, from 1; 0 if none does
}

// Identity is the part of a Student that tells it from others: the row of the
// roster, or else a number alone, since an LMS may write one name in two ways.
func (s Student) Identity() Student {
	switch {
	case s.Row > 0:
		return Student{Row: s.Row}
	case s.ID != "":
		return Student{ID: s.ID}
	case s.SIS != "":
		return Student{SIS: s.SIS}
	case s.Email != "":
		return Student{Email: s.Email}
	}
	return s
}

// Known reports whether the LMS or the roster says who this is. Otherwise the name
// is that of a file or a folder.
func (s Student) Known() bool { return s != Student{Name: s.Name} }

// Called names a student to an instructor, by whatever is known.
func (s Student) Called() string {
	for _, name := range []string{s.Name, s.Login, s.Email, s.SIS, s.ID} {
		if name != "" {
			return name
		}
	}
	return "?"
}
