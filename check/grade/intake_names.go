package grade

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An owner is what an LMS says of a file in its name.
type owner struct {
	Student
	Late    bool
	Attempt int
}

// or is the owner, if there is one, or else whom a name says.
func (o owner) or(name string, isFile bool) owner {
	if o.ID != "" {
		return o
	}
	return ownerOf(name, isFile)
}

var (
	// Canvas: doejane_LATE_12345_678901_sheet.yaml, of a file;
	// doejane_12345_text.html, of what was typed; and where students are
	// anonymous LATE_anon_aB3dE_678901_sheet.yaml. The student chooses only
	// what follows the numbers.
	canvas = regexp.MustCompile(`(?s)^(?:(LATE_)?(anon_[0-9A-Za-z]{5})|([\p{L}\p{M}\p{N}_]+?)(_LATE)?_(\d{1,18}))_(?:(\d{1,18})_.+|(?:text|link)\.html)$`)

	// Moodle: Jane Doe_12345_assignsubmission_file_, or without the last _, as a
	// folder; as the beginning of a file's name where it makes no folders. There
	// is no other _ in the name, so that what a file of Canvas's ends in is never
	// taken for it.
	moodle = regexp.MustCompile(`^([^_]+)_(\d+)_assignsubmission_[a-z]+(?:_|$)`)
)

// ownerOf reads the name of a file or archive, or of a folder, as an LMS gives
// it. The ID is empty of any other.
func ownerOf(name string, isFile bool) owner {
	if m := moodle.FindStringSubmatch(name); m != nil {
		return owner{Student: Student{ID: m[2], Name: m[1]}}
	}
	m := canvas.FindStringSubmatch(name)
	if m == nil || !isFile || m[3] != strings.ToLower(m[3]) {
		return owner{}
	}
	o := owner{Student: Student{ID: m[5], Name: m[3]}, Late: m[1]+m[4] != ""}
	if m[2] != "" {
		o.Student = Student{ID: m[2], Name: m[2]}
	}
	o.Attempt, _ = strconv.Atoi(m[6]) // none of what was typed
	return o
}

// A naming is how a student whom no LMS names is called.
type naming struct {
	*found
	by   *place // what has the name
	next *place // the folder to be set before it, if need be
}

// same is said of two files of one student: alice.yaml, and what is alone in
// alice.zip beside it.
func (n *naming) same(m *naming) bool { return n.by.up == m.by.up && n.by.title == m.by.title }

// lengthen sets the next folder before the name, unless there is none. Those
// below an argument come first.
func (n *naming) lengthen(below bool) bool {
	if n.next == nil || n.next.title == "" || below && !n.next.below {
		return false
	}
	n.Student.Name = n.next.title + "/" + n.Student.Name
	n.next = n.next.up
	return true
}

// nameStudents names the students whom no LMS names; see Collect.
func (c *collector) nameStudents() {
	var all []*naming
	for _, f := range c.found {
		if f.Student.ID == "" {
			by := f.at.outermostAlone()
			f.Student.Name = by.title
			all = append(all, &naming{f, by, by.up})
		}
	}
	for tellApart(all, true) || tellApart(all, false) {
	}
}

// outermostAlone gives the outermost place below an argument that holds the file
// and nothing else.
func (p *place) outermostAlone() *place {
	for p.up != nil && p.up.below && p.up.files == 1 {
		p = p.up
	}
	return p
}

// tellApart lengthens the names that are shared by different students, once each,
// and says whether there were any.
func tellApart(all []*naming, below bool) (lengthened bool) {
	first := make(map[string]*naming)
	shared := make(map[string]bool)
	for _, n := range all {
		name := n.Student.Name
		if first[name] == nil {
			first[name] = n
		}
		shared[name] = shared[name] || !n.same(first[name])
	}
	for _, n := range all {
		if shared[n.Student.Name] && n.lengthen(below) {
			lengthened = true
		}
	}
	return lengthened
}

// isDebris is said of a file or folder that an operating system has made.
func isDebris(name string) bool {
	switch strings.ToLower(name) {
	case "thumbs.db", "desktop.ini", "icon\r", "__macosx":
		return true
	}
	return strings.HasPrefix(name, ".")
}

func isSheet(name string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(path.Ext(name)))
}

func isZip(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

// withoutExt is a file's name without its extension, if anything is left of it.
func withoutExt(name string) string {
	if short := strings.TrimSuffix(name, path.Ext(name)); short != "" {
		return short
	}
	return name
}

// readable gives a name of a file system as UTF-8: a byte that is none becomes
// \x and its number, so that no two names become one.
func readable(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		if _, size := utf8.DecodeRuneInString(name[i:]); r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, name[i])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// high are the characters 128 to 255 of IBM code page 437, in which a zip
// archive has the names that are not UTF-8.
const high = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
	"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"

var codePage437 = []rune(high)

// zipped gives a name in a zip archive as UTF-8. Most of the names that are so
// already are not marked as such.
func zipped(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	var b strings.Builder
	for _, c := range []byte(name) {
		if c < 128 {
			b.WriteByte(c)
		} else {
			b.WriteRune(codePage437[c-128])
		}
	}
	return b.String()
}
