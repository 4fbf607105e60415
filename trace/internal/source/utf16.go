package source

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// FromUTF16 decodes UTF-16, with its mark or without. It reports whether the bytes
// are that.
func FromUTF16(data []byte) ([]byte, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = data[2:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order, data = binary.BigEndian, data[2:]
	case !isUTF16(data):
		return nil, false
	case data[0] == 0:
		order = binary.BigEndian
	}
	if len(data)%2 == 1 && data[len(data)-1] == '\n' {
		data = data[:len(data)-1] // a tool of another mind has ended the file
	}
	if len(data)%2 == 1 {
		return nil, false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := []byte(string(utf16.Decode(units)))
	// Halves of pairs come out as the replacement character: then it was no text.
	return text, bytes.Count(text, []byte("\ufffd")) == 0
}

// isUTF16 knows UTF-16 by its mark, or by every other one of its first bytes.
func isUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	return len(data) >= 4 && (data[0] == 0) != (data[1] == 0) && (data[0] == 0) == (data[2] == 0) && (data[1] == 0) == (data[3] == 0)
}
