package cmd

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"raftsheet/check/grade"
)

// fileNames gives each submission's page a file name of its own, of characters
// that every system takes.
type fileNames struct {
	taken map[string]bool // in lower case, since some systems ignore case
	again map[string]int  // how often a name came back, by the name in lower case
}

func newFileNames() fileNames {
	return fileNames{make(map[string]bool), make(map[string]int)}
}

// of gives a submission's file name, without an extension. A file that the LMS named
// keeps its name, by which the LMS takes the page back. That of another student who is
// known has the name and the number, whatever the file was called; and that of one who
// is not, the name of the file, after that of the folder or archive.
func (f fileNames) of(s *grade.Submission) string {
	base := strings.TrimSuffix(filepath.Base(filepath.ToSlash(s.Name)), filepath.Ext(s.Name))
	byLMS := s.By.ID != "" && base != s.By.ID && strings.Contains(base, s.By.ID)
	switch {
	case byLMS:
	case s.By.Known():
		base = joined(s.By.Name, cmp.Or(s.By.ID, s.By.SIS, s.By.Login))
	case !strings.Contains(base, s.By.Name) || base == "":
		base = joined(s.By.Name, base)
	}
	return f.unique(portable(base))
}

// joined joins the parts of a name that are there.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "_")
}

// portable replaces what some system does not take in a file name, and cuts it
// short.
func portable(name string) string {
	const most = 80 // bytes, of the 255 that systems take with an extension
	var b strings.Builder
	for _, r := range name {
		switch {
		case b.Len() >= most:
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '-' && b.Len() > 0:
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "submission"
	}
	return b.String()
}

// unique numbers a name that is taken: sheet, sheet-2, sheet-3.
func (f fileNames) unique(name string) string {
	low := strings.ToLower(name)
	free := name
	for f.taken[strings.ToLower(free)] {
		f.again[low]++
		free = fmt.Sprintf("%s-%d", name, f.again[low]+1)
	}
	f.taken[strings.ToLower(free)] = true
	return free
}
