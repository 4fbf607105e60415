package intake

import (
	"fmt"
	"testing"
)

// An LMS's name that is read wrongly gives one student's mark to another, or to
// nobody. The names are as Canvas (lib/content_zipper.rb) and Moodle
// (mod/assign/classes/downloader.php) make them.
func TestOwnerOf(t *testing.T) {
	nobody := owner{}
	of := func(id, name string, late bool, attempt int) owner {
		return owner{Student{ID: id, Name: name}, late, attempt}
	}
	for _, tt := range []struct {
		why  string
		name string
		file bool
		want owner
	}{
		{"Canvas, in time", "doejane_12345_678901_sheet.yaml", true, of("12345", "doejane", false, 678901)},
		{"Canvas, late", "doejane_LATE_12345_678901_sheet.yaml", true, of("12345", "doejane", true, 678901)},
		{"Canvas numbers a file handed in again", "doejane_12345_678902_sheet-1.yaml", true, of("12345", "doejane", false, 678902)},
		{"Canvas keeps letters of any script", "müllerzoë_1_2_a.yml", true, of("1", "müllerzoë", false, 2)},
		{"an archive is a file", "doejane_12345_678901_work.zip", true, of("12345", "doejane", false, 678901)},
		{"a student's own numbers come last", "doejane_12345_678901_x_99_88_sheet.yaml", true, of("12345", "doejane", false, 678901)},
		{"a student's own LATE is not Canvas's", "doejane_12345_678901_LATE_9_9_x.yaml", true, of("12345", "doejane", false, 678901)},
		{"typed into the page", "doejane_12345_text.html", true, of("12345", "doejane", false, 0)},
		{"a link, late", "doejane_LATE_12345_link.html", true, of("12345", "doejane", true, 0)},
		{"anonymous", "anon_aB3dE_678901_sheet.yaml", true, of("anon_aB3dE", "anon_aB3dE", false, 678901)},
		{"anonymous and late", "LATE_anon_12345_678901_sheet.yaml", true, of("anon_12345", "anon_12345", true, 678901)},
		{"Canvas gives names in small letters", "Week_1_2_sheet.yaml", true, nobody},
		{"and without spaces", "week 1_2_3_sheet.yaml", true, nobody},
		{"one number alone", "doejane_12345_sheet.yaml", true, nobody},
		{"a number that is none of an LMS's", "doejane_1_99999999999999999999_sheet.yaml", true, nobody},
		{"no folder is Canvas's", "doejane_12345_678901_work", false, nobody},

		{"Moodle's folder", "Jane Q. Doe_12345_assignsubmission_file_", false, of("12345", "Jane Q. Doe", false, 0)},
		{"Moodle's folder since 4.0", "Jane Q. Doe_12345_assignsubmission_file", false, of("12345", "Jane Q. Doe", false, 0)},
		{"Moodle without folders", "Jane Q. Doe_12345_assignsubmission_file_sheet.yaml", true, of("12345", "Jane Q. Doe", false, 0)},
		{"what was typed", "Jane Q. Doe_12345_assignsubmission_onlinetext", false, of("12345", "Jane Q. Doe", false, 0)},
		{"anonymous", "Participant_12345_assignsubmission_file_", false, of("12345", "Participant", false, 0)},
		{"a student's own file is called as another's folder", "Jane_1_assignsubmission_file_Bob_2_assignsubmission_file_x.yaml", true, of("1", "Jane", false, 0)},
		{"a file in Canvas is called as Moodle's folder", "jane_1_2_Bob_99_assignsubmission_file_x.yaml", true, of("1", "jane", false, 2)},
		{"a file in Moodle is called as Canvas's", "jane_1_assignsubmission_file_2_3_x.yaml", true, of("1", "jane", false, 0)},
		{"a team without a number", "Default group_assignsubmission_file_", false, nobody},

		{"a plain name", "alice.yaml", true, nobody},
		{"nothing", "", true, nobody},
	} {
		if got := ownerOf(tt.name, tt.file); got != tt.want {
			t.Errorf("%s: %q: got %+v, want %+v", tt.why, tt.name, got, tt.want)
		}
	}
}

// FuzzOwnerOf looks for a name of a student's own that changes whose a file is.
func FuzzOwnerOf(f *testing.F) {
	for _, s := range []string{"sheet.yaml", "x_1_2_y.yaml", "_LATE_3_4_.zip", "Bob_2_assignsubmission_file_x", "_assignsubmission_file_", "a\nb", "\xff", "text.html"} {
		f.Add(s, uint32(12345), uint32(678901), true)
	}
	f.Fuzz(func(t *testing.T, own string, id, attachment uint32, late bool) {
		ownerOf(own, true)
		if own == "" {
			return
		}
		mark := ""
		if late {
			mark = "_LATE"
		}
		who := Student{ID: fmt.Sprint(id), Name: "doejane"}
		name := fmt.Sprintf("doejane%s_%d_%d_%s", mark, id, attachment, own)
		if got := ownerOf(name, true); got != (owner{who, late, int(attachment)}) {
			t.Errorf("%q is said to be %+v's", name, got)
		}
		who.Name = "Jane Doe"
		name = fmt.Sprintf("Jane Doe_%d_assignsubmission_file_%s", id, own)
		if got := ownerOf(name, true); got.Student != who {
			t.Errorf("%q is said to be %+v's", name, got)
		}
	})
}
