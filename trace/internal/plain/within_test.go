package plain_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/raft/wide"
)

// Files that are plain, or one byte or one odd scalar away from it, are read as the YAML
// library reads them. Of whatever may be in a file most is handed over at once, and
// tells nothing; here nearly all of it is compared. If this fails, a file that people
// write is misread.
func TestWithin(t *testing.T) {
	compare(t, rand.New(rand.NewPCG(wide.Of[uint64](2, rand.Uint64()), 0)), wide.Of(20_000, 1_000_000))
}

// compare makes up files until so many of them were plain, and have been compared.
func compare(t *testing.T, r *rand.Rand, most int) {
	c := &count{t: t}
	for c.isPlain < most {
		w := &writer{Rand: r, odd: r.IntN(3), more: max(0, r.IntN(24)-20)}
		text := w.whole()
		c.see([]byte(text))
		for range 3 {
			c.see([]byte(slip(r, text)))
		}
		c.see([]byte(slip(r, slip(r, text))))
	}
	c.print()
	if c.isPlain*3 < c.texts {
		t.Errorf("only %d of %d texts are plain", c.isPlain, c.texts)
	}
}

// whole is a document, or several, as files have it: with a byte order mark or without,
// all of its lines ended in one way, the last perhaps not.
func (w *writer) whole() string {
	text := w.document()
	switch w.IntN(8) {
	case 0:
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	case 1:
		text = strings.TrimRight(text, " \r\n")
	case 2:
		text = "\ufeff" + text
	case 3: // all of it indented
		if !strings.Contains(text, "---") {
			text = "  " + strings.ReplaceAll(text, "\n", "\n  ")
		}
	}
	return text
}

// slip changes a text by a byte: one is left out, put in, put in place of another, or
// has changed its place with the next.
func slip(r *rand.Rand, text string) string {
	const (
		common = " \n:-#,[]{}'\"?"
		all    = common + "a0~.|>&*!%@`<=_+\t\\$(é"
	)
	of := common
	if r.IntN(3) == 0 {
		of = all
	}
	b := of[r.IntN(len(of))]
	if text == "" {
		return string([]byte{b})
	}
	at := r.IntN(len(text))
	// Most slips of people are where something is written that means something.
	if i := strings.IndexAny(text[at:], common); i >= 0 && r.IntN(3) > 0 {
		at += i
	}
	switch r.IntN(4) {
	case 0:
		return text[:at] + text[at+1:]
	case 1:
		return text[:at] + string([]byte{b}) + text[at:]
	case 2:
		return text[:at] + string([]byte{b}) + text[at+1:]
	}
	if at+1 == len(text) {
		return text + text[at:]
	}
	return text[:at] + string([]byte{text[at+1], text[at]}) + text[at+2:]
}

// oddScalar is a scalar of any characters that it may have, or nearly.
func (w *writer) oddScalar() string {
	letters := []rune("ab01é日\u00a0👍:-#[]{},?'\"!&*%@|>~.=<_+/\\ $()`x")
	if w.IntN(12) == 0 {
		n := 1 + w.IntN(4)
		if w.IntN(40) == 0 {
			n = 1015 + w.IntN(16) // as long as a key may be
		}
		return strings.Repeat(w.one("k", "é", "k "), n) + "k"
	}
	var b strings.Builder
	quote := w.one("", "", "", "", "'", `"`)
	b.WriteString(quote)
	if quote == "" && w.IntN(2) == 0 {
		b.WriteString(w.one("a", "é", "1", "-", ".", "=", "(", "<", "~"))
	}
	for range w.IntN(6) {
		r := letters[w.IntN(len(letters))]
		switch {
		case quote == "'" && r == '\'':
			b.WriteString("''")
		case quote == `"` && (r == '"' || r == '\\'):
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString(quote)
	return b.String()
}

// word is one that reads as something else than text, or is taken for it.
func (w *writer) word() string {
	return w.one("null", "Null", "NULL", "nULL", "~", "true", "True", "TRUE", "tRUE", "false", "False", "yes", "No", "on", "OFF", "y", "N",
		"0", "-0", "+1", "007", "08", "0o17", "0b101", "0xFF", "-0x1f", "1_000", "1__0", "_1", "12345678901234567", "999999999999999999", "1234567890123456789", "-9223372036854775808",
		"9223372036854775808", "18446744073709551616", "1.", ".5", "-.5", "+.5e3", "1e3", "1E-400", "1e", "e1", "1.2.3", "0.0", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", ".Nan",
		"2001-12-14", "2001-1-1", "2001-12-14 21:59:43", "2001-13-40", "2001-12-14T21:59:43Z", "1:30", "190:20:30", "1,000", "=", "<", "<<<")
}
