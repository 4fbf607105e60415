package cmd

import (
	"testing"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
)

// The pages of one class are called in one way: as the LMS calls its files, so that it
// takes them back, or else by name and number, whatever students call their files. If
// this fails, whoever gives out the pages looks for each of them.
func TestPageNames(t *testing.T) {
	names := newFileNames()
	ada := intake.Student{ID: "1003", Name: "Ada Abel", Row: 2}
	for _, c := range []struct {
		by         intake.Student
		file, want string
	}{
		{intake.Student{ID: "3101", Name: "abelada"}, "class/abelada_3101_9001_worksheet.yaml", "abelada_3101_9001_worksheet"},
		{ada, "class/1003.yaml", "Ada_Abel_1003"},
		{ada, "class/my sheet.yaml", "Ada_Abel_1003-2"},
		{intake.Student{Login: "bbeck", Name: "Bo Beck", Row: 3}, "class/bbeck/sheet.yaml", "Bo_Beck_bbeck"},
		{intake.Student{ID: "12345", Name: "Cleo Chen"}, "class/Cleo Chen_12345_assignsubmission_file_/x.yaml", "Cleo_Chen_12345"},
		{intake.Student{Name: "lea"}, "class/lea.yaml", "lea"},
		{intake.Student{Name: "dan"}, "class/dan/lea.yaml", "dan_lea"},
	} {
		s := &grade.Submission{By: c.by}
		s.Name = c.file
		if got := names.of(s); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.file, c.by.Name, got, c.want)
		}
	}
}
