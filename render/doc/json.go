package doc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// WriteJSON writes a value as JSON, indented by two spaces. What [Clean] would
// show as an escape is written as one of JSON's own, so that the text can be
// looked at and a reader gets it back as it was.
func WriteJSON(w io.Writer, v any) error {
	text, err := EncodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// JSONString is a text as a JSON string, in its quotes. It is a double-quoted
// string of YAML too, if the text is clean.
func JSONString(s string) string {
	text, _ := EncodeJSON(s) // a string has no way to fail
	return string(bytes.TrimSuffix(text, []byte("\n")))
}

// EncodeJSON gives what [WriteJSON] writes.
func EncodeJSON(v any) ([]byte, error) { return encodeJSON(v, "") }

// encodeJSON gives JSON whose lines but the first begin with what it stands in.
func encodeJSON(v any, within string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent(within, "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeHidden(b.Bytes()), nil
}

// escapeHidden escapes what is hidden in a JSON text. Such characters, and the
// sign #, stand in its strings alone. What a CI service takes for a command goes
// too. The name of a key may be section_start, with its quote before the colon.
func escapeHidden(text []byte) []byte {
	if bytes.Contains(text, []byte("##")) || bytes.Contains(text, []byte("section_")) || bytes.Contains(text, []byte("travis_")) {
		text = []byte(breakCommands(string(text), `#\u0023$1`, `$1\u003a`))
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		plain := 0
		for plain < len(text) && text[plain] < 0x7f {
			plain++
		}
		out = append(out, text[:plain]...)
		if text = text[plain:]; len(text) == 0 {
			break
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case !hidden(r, 0):
			out = append(out, text[:n]...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		text = text[n:]
	}
	return out
}
