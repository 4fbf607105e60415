package intake

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func roster(t testing.TB, text string) *Roster {
	t.Helper()
	r, err := ReadRoster([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The exports of Canvas, Moodle, Gradescope, GitHub Classroom and nbgrader, with the
// headers that they have, and what people save themselves. A column that is read as
// another gives a mark to another student.
func TestReadRoster(t *testing.T) {
	for _, tt := range []struct {
		why, text string
		want      []Student
	}{
		{"Canvas's gradebook", "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Worksheet (77),Final Score\r\n" +
			"    Points Possible,,,,,184,(read only)\r\n\"Doe, Jane\",9001,u301,jdoe,1,,\r\n\"Student, Test\",9999,,abcdef0123,1,,\r\n\"Müller, Zoë\",9002,u302,zm@example.edu,2,,\r\n",
			[]Student{
				{ID: "9001", Name: "Doe, Jane", SIS: "u301", Login: "jdoe", Row: 3},
				{ID: "9002", Name: "Müller, Zoë", SIS: "u302", Login: "zm@example.edu", Row: 5}}},
		{"Canvas with first and last names", "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section\nDoe,Jane,9001,u301,jdoe,1\n",
			[]Student{{ID: "9001", Name: "Doe, Jane", SIS: "u301", Login: "jdoe", Row: 2}}},
		{"Moodle's grading worksheet", "Identifier,\"Full name\",\"ID number\",\"Email address\",Status,Grade,\"Maximum Grade\"\nParticipant 4711,Jane Doe,301,jane@example.edu,-,,184\n",
			[]Student{{ID: "4711", Name: "Jane Doe", SIS: "301", Email: "jane@example.edu", Row: 2}}},
		{"Moodle's participants", "First name,Last name,ID number,Email address,Groups\nJane,Doe,301,jane@example.edu,A\n",
			[]Student{{Name: "Doe, Jane", SIS: "301", Email: "jane@example.edu", Row: 2}}},
		{"Gradescope's roster", "Name,SID,Email,Role,Section\nJane Doe,301,jane@example.edu,Student,1\n",
			[]Student{{Name: "Jane Doe", SIS: "301", Email: "jane@example.edu", Row: 2}}},
		{"GitHub Classroom's", `"identifier","github_username","github_id","name"` + "\n\"jane@example.edu\",\"octojane\",\"583231\",\"Jane Doe\"\n\"bob\",\"\",\"\",\"\"\n",
			[]Student{{Name: "Jane Doe", Login: "octojane", Row: 2}, {ID: "bob", Row: 3}}},
		{"nbgrader's", "id,first_name,last_name,email,lms_user_id\njdoe,Jane,Doe,jane@example.edu,9001\n",
			[]Student{{ID: "9001", Name: "Doe, Jane", Email: "jane@example.edu", Row: 2}}},
		{"one's own, with semicolons", "E-mail;NAME;section\njane@example.edu;Jane Doe;1\n\n;;2\n",
			[]Student{{Name: "Jane Doe", Email: "jane@example.edu", Row: 2}}},
		{"of Excel", "sep=;\r\nlogin;name\r\njdoe;\"Doe; Jane\"\r\n", []Student{{Name: "Doe; Jane", Login: "jdoe", Row: 3}}},
		{"tabs", "Username\tStudent ID\njdoe\t301\n", []Student{{Login: "jdoe", SIS: "301", Row: 2}}},
		{"a student in two sections", "name,login,section\nJane,jdoe,1\nJane,jdoe,2\nJane,jane2,2\n", []Student{{Name: "Jane", Login: "jdoe", Row: 2}, {Name: "Jane", Login: "jane2", Row: 4}}},
	} {
		for _, text := range []string{tt.text, inUTF16(strings.TrimPrefix(tt.text, "\ufeff"))} {
			if diff := cmp.Diff(tt.want, roster(t, text).Students); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.why, diff)
			}
		}
	}
}

// What is not a roster is told in words, before anything is marked by it.
func TestReadRosterErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "names its columns",
		"points,grade\n1,2\n":        "this one has points, grade",
		"name,login\n":               "lists no students",
		"name\n\"Doe":                "line 2",
		"name\n\xff\xfe\xfd\n":       "UTF-8",
		"first name,section\nJane\n": "names its columns",
		"id\n\n\n":                   "lists no students",
	} {
		if _, err := ReadRoster([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

const aClass = "Student,ID,SIS User ID,SIS Login ID,Email\n" +
	"\"Doe, Jane\",9001,301001,jdoe,jane.doe@example.edu\n" +
	"\"Müller, Zoë\",9002,301002,zmueller,zoe@example.edu\n" +
	"Ann Smith,9003,301003,ann,as@example.edu\n" +
	"Ann Smithers,9004,301004,smithers-a,\n" +
	"李 小明,9005,301005,xl,\n" +
	"\"Lab, Ray\",9006,301006,lab,\n"

// The names of folders, as systems and people make them, find their row. One that
// finds another's gives that one's mark away.
func TestRosterFinds(t *testing.T) {
	r := roster(t, aClass)
	for _, tt := range []struct {
		name, want string
		how        match
	}{
		{"jdoe", "jdoe", asWhole},
		{"JDoe", "jdoe", asWhole},
		{"9001", "jdoe", asWhole},
		{"301001", "jdoe", asWhole},
		{"jane.doe@example.edu", "jdoe", asWhole},
		{"jane.doe", "jdoe", asWhole},
		{"Jane Doe", "jdoe", asWhole},
		{"Doe, Jane", "jdoe", asWhole},
		{"doejane", "jdoe", asWhole},
		{"jane_doe", "jdoe", asWhole},
		{"Zoë Müller", "zmueller", asWhole},
		{"Zoe\u0308 Mu\u0308ller", "zmueller", asWhole}, // as macOS writes it
		{"zoe muller", "zmueller", asWhole},
		{"Zoe Mueller", "zmueller", asWhole},
		{"Smith, Ann", "ann", asWhole},
		{"ann", "ann", asWhole},
		{"李小明", "xl", asWhole},

		{"worksheet-jdoe", "jdoe", asWord},                                // GitHub Classroom
		{"worksheet-1-jdoe", "jdoe", asWord},                              //
		{"jdoe_late_2026", "jdoe", asWord},                                //
		{"raft-smithers-a", "smithers-a", asWord},                         // a login with a hyphen
		{"ps1_Jane_Doe_sheet", "jdoe", asWord},                            //
		{"lab-2-jdoe", "jdoe", asWord},                                    // the longest word wins
		{"ws_301002", "zmueller", asWord},                                 // a student's number
		{"Worksheet_jdoe_attempt_2026-11-20-10-15-00_ws", "jdoe", asWord}, // Blackboard
		{"ann smithers", "smithers-a", asWhole},
		{"hw-ann-smith", "ann", asWord},

		{"assignment-9001", "", noMatch}, // four digits may be anything
		{"jdoesmith", "", noMatch},
		{"xjdoe", "", noMatch},
		{"ws-xl", "", noMatch}, // too short to be looked for
		{"jdoe-zmueller", "zmueller", asWord},
		{"sheet", "", noMatch},
		{"", "", noMatch},
		{"...", "", noMatch},
	} {
		rows, how := r.find(tt.name)
		got := ""
		for _, row := range rows {
			got += r.Students[row].Login
		}
		if got != tt.want || how != tt.how {
			t.Errorf("%q finds %q (%d), want %q (%d)", tt.name, got, how, tt.want, tt.how)
		}
	}
	two := roster(t, "name,login\nJane Doe,jd1\nJane Doe,jd2\n")
	if rows, _ := two.find("Jane Doe"); len(rows) != 2 {
		t.Errorf("a name of two students finds %v", rows)
	}
}

// A class from git, of nbgrader, or of plain names finds its rows, and what does
// not is told.
func TestRosterNamesStudents(t *testing.T) {
	for _, tt := range []struct {
		why     string
		files   []string
		want    map[string]string // the student's login, or else its name
		remarks []string
		missing string
	}{
		{"GitHub Classroom", []string{"ws-jdoe/sheet.yaml", "ws-jdoe/README.md", "ws-zmueller/a/sheet.yaml", "ws-octocat/s.yaml", "ws-ann.zip/ws/s.yaml"},
			map[string]string{"ws-jdoe/sheet.yaml": "jdoe", "ws-zmueller/a/sheet.yaml": "zmueller", "ws-octocat/s.yaml": "?ws-octocat", "ws-ann.zip/ws/s.yaml": "ann"},
			[]string{"ws-octocat: the roster has no such student; it is listed under its own name"}, "smithers-a xl lab"},
		{"nbgrader", []string{"submitted/jdoe/ws/sheet.yaml", "submitted/jdoe/ws/timestamp.txt", "submitted/ann/ws/sheet.yaml", "submitted/xl/ws/timestamp.txt"},
			map[string]string{"submitted/jdoe/ws/sheet.yaml": "jdoe", "submitted/ann/ws/sheet.yaml": "ann", "submitted/xl/ws/timestamp.txt": "xl"},
			nil, "zmueller smithers-a lab"},
		{"nbgrader's class of one", []string{"submitted/jdoe/ws/sheet.yaml", "submitted/jdoe/ws/timestamp.txt"},
			map[string]string{"submitted/jdoe/ws/sheet.yaml": "jdoe"}, nil, "zmueller ann smithers-a xl lab"},
		{"one file, wrapped", []string{"w/x/jdoe.yaml"}, map[string]string{"w/x/jdoe.yaml": "jdoe"}, nil, "zmueller ann smithers-a xl lab"},
		{"Canvas's, wrapped", []string{"w/x/doejane_9001_1_a.yaml"}, map[string]string{"w/x/doejane_9001_1_a.yaml": "jdoe"}, nil, "zmueller ann smithers-a xl lab"},
		{"plain names", []string{"Jane Doe.yaml", "smith.yaml", "Zoe Mueller.txt", "notes.txt"},
			map[string]string{"Jane Doe.yaml": "jdoe", "smith.yaml": "?smith", "Zoe Mueller.txt": "zmueller"},
			[]string{"smith.yaml: the roster has no such student; it is listed under its own name"}, "ann smithers-a xl lab"},
		{"Canvas", []string{"doejane_9001_55_a.yaml", "müllerzoë_LATE_9002_56_a.yaml", "nobody_77_57_a.yaml", "smithann_9003_58_text.html"},
			map[string]string{"doejane_9001_55_a.yaml": "jdoe", "müllerzoë_LATE_9002_56_a.yaml": "zmueller", "nobody_77_57_a.yaml": "?77 nobody", "smithann_9003_58_text.html": "ann"},
			[]string{"nobody_77_57_a.yaml: the roster does not list nobody"}, "smithers-a xl lab"},
		{"Moodle's numbers are others", []string{"Jane Doe_1_assignsubmission_file_/a.yaml", "Zoë Müller_9001_assignsubmission_file/a.yaml"},
			map[string]string{"Jane Doe_1_assignsubmission_file_/a.yaml": "jdoe", "Zoë Müller_9001_assignsubmission_file/a.yaml": "zmueller"},
			nil, "ann smithers-a xl lab"},
		{"a student of the same name", []string{"doejane_9001_1_a.yaml", "doejane_8_2_a.yaml"},
			map[string]string{"doejane_9001_1_a.yaml": "jdoe", "doejane_8_2_a.yaml": "?8 doejane"},
			[]string{"doejane_8_2_a.yaml: the roster does not list doejane"}, "zmueller ann smithers-a xl lab"},
		{"two names of one student", []string{"jdoe.yaml", "Jane Doe/a.yaml"},
			map[string]string{"jdoe.yaml": "jdoe", "Jane Doe/a.yaml": "jdoe"},
			[]string{"jdoe.yaml: by the roster it and DIR/Jane Doe are both Doe, Jane's; the later one counts"}, "zmueller ann smithers-a xl lab"},
		{"somebody takes a user name with another's in it", []string{"jdoe.yaml", "ws-jdoe-/a.yaml"},
			map[string]string{"jdoe.yaml": "jdoe", "ws-jdoe-/a.yaml": "?ws-jdoe-"},
			[]string{"ws-jdoe-: it may be Doe, Jane's, but DIR/jdoe.yaml fits that row of the roster better; it is listed under its own name"}, "zmueller ann smithers-a xl lab"},
		{"and nobody can tell whose it is", []string{"ws-jdoe-2/a.yaml", "ws-jdoe-x/a.yaml"},
			map[string]string{"ws-jdoe-2/a.yaml": "?ws-jdoe-2", "ws-jdoe-x/a.yaml": "?ws-jdoe-x"},
			[]string{"ws-jdoe-x: it and DIR/ws-jdoe-2 both fit Doe, Jane in the roster; neither is listed under that name"}, "jdoe zmueller ann smithers-a xl lab"},
		{"Blackboard has a text beside each file", []string{"Ws_jdoe_attempt_2026-11-20-10-15-00.txt", "Ws_jdoe_attempt_2026-11-20-10-15-00_ws.yaml", "jdoe.txt"},
			map[string]string{"Ws_jdoe_attempt_2026-11-20-10-15-00_ws.yaml": "jdoe"}, nil, "zmueller ann smithers-a xl lab"},
		{"names in a student's folder count for nothing", []string{"jdoe/ann.yaml", "ann/zmueller/xl.yaml"},
			map[string]string{"jdoe/ann.yaml": "jdoe", "ann/zmueller/xl.yaml": "ann"}, nil, "zmueller smithers-a xl lab"},
	} {
		dir, archive := t.TempDir(), t.TempDir()
		var entries []packed
		for _, name := range tt.files {
			if zip, in, ok := strings.Cut(name, ".zip/"); ok {
				writeIn(t, dir, zip+".zip", pack(t, in))
				entries = nil
				break
			}
			writeIn(t, dir, name, []byte("x"))
			entries = append(entries, packed{name: name, data: "x"})
		}
		from := []string{dir}
		if entries != nil {
			from = append(from, writeIn(t, archive, "class.zip", packAll(t, entries...)))
		}
		for _, from := range from {
			r := roster(t, aClass)
			in, err := Collect([]string{from}, Settings{Roster: r})
			if err != nil {
				t.Fatal(err)
			}
			got := under(from, in, func(f *Input) string {
				if f.Student.Row > 0 {
					return f.Student.Login
				}
				return "?" + whose(f)
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.why, diff)
			}
			var remarks []string
			for _, r := range in.Remarks {
				text := strings.ReplaceAll(fmt.Sprintf("%s: %s", r.Name, r.What), from, "DIR")
				remarks = append(remarks, strings.TrimPrefix(text, "DIR/"))
			}
			if diff := cmp.Diff(tt.remarks, remarks); diff != "" {
				t.Errorf("%s: remarks (-want +got):\n%s", tt.why, diff)
			}
			var missing []string
			for _, s := range in.Missing {
				missing = append(missing, s.Login)
			}
			if got := strings.Join(missing, " "); got != tt.missing {
				t.Errorf("%s: missing are %s, want %s", tt.why, got, tt.missing)
			}
		}
	}
}
