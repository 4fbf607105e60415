package intake

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// isDebris reports whether a file or folder is one that an operating system makes.
func isDebris(name string) bool {
	switch strings.ToLower(name) {
	case "thumbs.db", "desktop.ini", "icon\r", "__macosx":
		return true
	}
	return strings.HasPrefix(name, ".")
}

// isYAML reports whether a file is called as YAML files are. Windows hides a .txt
// that its editor has added.
func isYAML(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".txt")
	return slices.Contains([]string{".yaml", ".yml"}, path.Ext(name))
}

// isReadme reports whether a file is one that comes with a class or an assignment,
// by its name without the extension.
func isReadme(title string) bool {
	return slices.Contains([]string{"readme", "license", "licence", "copying", "changelog", "makefile", "instructions", "assignment"}, strings.ToLower(title))
}

func isZip(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

// withoutExt is a file's name without its extension, if anything is left of it.
func withoutExt(name string) string {
	short := strings.TrimSuffix(name, path.Ext(name))
	if strings.EqualFold(path.Ext(name), ".txt") && isYAML(short) {
		short = strings.TrimSuffix(short, path.Ext(short))
	}
	if short != "" {
		return short
	}
	return name
}

// readable gives a name of a file system as UTF-8: a byte that is not part of any
// becomes \x and its number, so that no two names become one.
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

// zipped gives a name in a zip archive as UTF-8. Most archives that hold UTF-8 do
// not set the flag that says so, so the bytes decide.
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

const maxName = 1024 // bytes of a name in an archive

// cut shortens a name to what can be shown.
func cut(name string) string {
	if len(name) <= maxName {
		return name
	}
	n := maxName
	for !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n] + "..."
}
