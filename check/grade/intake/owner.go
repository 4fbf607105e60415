package intake

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// An owner is what the file name that an LMS gives says of a file.
type owner struct {
	Student
	Late    bool
	Attempt int
}

var (
	// Canvas: doejane_LATE_12345_678901_sheet.yaml, of a file;
	// doejane_12345_text.html, of what was typed; and where students are
	// anonymous LATE_anon_aB3dE_678901_sheet.yaml. The student chooses only
	// what follows the numbers.
	canvas = lazily(`(?s)^(?:(LATE_)?(anon_[0-9A-Za-z]{5})|([\p{L}\p{M}\p{N}_]+?)(_LATE)?_(\d{1,18}))_(?:(\d{1,18})_.+|(?:text|link)\.html)$`)

	// Moodle: Jane Doe_12345_assignsubmission_file_, or without the last _, as a
	// folder; as the beginning of a file's name where it makes no folders. There
	// is no other _ in the name, so that what a file of Canvas's ends in is never
	// taken for it.
	moodle = lazily(`^([^_]+)_(\d+)_assignsubmission_[a-z]+(?:_|$)`)
)

// ownerOf reads the name that an LMS gives a file, an archive or a folder. Any
// other name gives an owner without ID.
func ownerOf(name string, isFile bool) owner {
	if m := moodle().FindStringSubmatch(name); m != nil {
		return owner{Student: Student{ID: m[2], Name: m[1]}}
	}
	m := canvas().FindStringSubmatch(name)
	if m == nil || !isFile || m[3] != strings.ToLower(m[3]) {
		return owner{}
	}
	o := owner{Student: Student{ID: m[5], Name: m[3]}, Late: m[1]+m[4] != ""}
	if m[2] != "" {
		o.Student = Student{ID: m[2], Name: m[2]}
	}
	o.Attempt, _ = strconv.Atoi(m[6]) // typed text has none, and stays 0
	return o
}

// lazily gives a regular expression that is compiled when it is first used: most runs
// of a command use none of them.
func lazily(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
