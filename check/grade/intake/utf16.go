package intake

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

const byteOrderMark = "\ufeff"

// fromUTF16 decodes UTF-16, as Windows writes it: with its mark, or without one
// where every other byte of the first letters is zero. Halves of pairs make it no
// text.
func fromUTF16(data []byte) (string, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(data) < 4 || len(data)%2 == 1:
		return "", false
	case data[0] == 0xff && data[1] == 0xfe:
		data = data[2:]
	case data[0] == 0xfe && data[1] == 0xff:
		order, data = binary.BigEndian, data[2:]
	case data[0] == 0 && data[2] == 0 && data[1] != 0 && data[3] != 0:
		order = binary.BigEndian
	case data[1] != 0 || data[3] != 0 || data[0] == 0 || data[2] == 0:
		return "", false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := string(utf16.Decode(units))
	return text, !strings.ContainsAny(text, "\ufffd\x00")
}
