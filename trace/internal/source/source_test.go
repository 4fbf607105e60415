package source

import "testing"

func TestLines(t *testing.T) {
	f := &Source{data: []byte("\ufeffone\r\n\r\n日本語\nfour")}
	for line, want := range map[int32]string{-1: "", 0: "", 1: "one", 2: "", 3: "日本語", 4: "four", 5: "", 1 << 30: ""} {
		if got := f.Line(line); got != want {
			t.Errorf("line %d is %q, not %q", line, got, want)
		}
	}
	empty := &Source{}
	if got := empty.Line(1); got != "" || empty.Word(Pos{1, 1}) != 1 {
		t.Errorf("an empty file has the line %q", got)
	}
}

// Offsets and places are two names of one thing.
func TestOffsets(t *testing.T) {
	for _, data := range []string{"", "a", "a\nb", "\n\n", "é本\r\n👪 x\n", "\ufeffa\nb", "\ufeff"} {
		for offset := 0; offset <= len(data); offset++ {
			if offset < len(data) && (data[offset]&0xC0 == 0x80 || data[offset] == '\r') || offset < len(bom) && len(data) >= len(bom) && data[:len(bom)] == bom {
				continue // inside a character, or at none
			}
			s := &Source{data: []byte(data)}
			if p := s.Pos(offset); s.Offset(p) != offset {
				t.Errorf("%q: offset %d is at %s, which is at offset %d", data, offset, p, s.Offset(p))
			}
		}
	}
}

func TestWord(t *testing.T) {
	for _, tt := range []struct {
		line   string
		column int32
		want   int
	}{
		{"response: {2: ok}", 1, len("response")},
		{"response: {2: ok}", 11, 1},
		{"response: {2: ok}", 15, len("ok")},
		{`note: "a b" # c`, 7, len(`"a b"`)},
		{`note: 'a`, 7, len(`'a`)},
		{"title: 日本 語", 8, 2},
		{"term: ", 7, 1},
		{"term:", 99, 1},
		{"[1:x, 2]", 2, len("1:x")},
	} {
		f := &Source{data: []byte(tt.line + "\nnext")}
		if got := f.Word(Pos{1, tt.column}); got != tt.want {
			t.Errorf("at column %d of %q stands a word of %d characters, not %d", tt.column, tt.line, tt.want, got)
		}
	}
}

// Bytes that are no text are refused at their place, before anything else.
func TestBytes(t *testing.T) {
	const start = "nodes: 3\ntitle: é"
	for _, tt := range []struct{ why, in, want string }{
		{"a byte that is no UTF-8", start + "\xff\n", "2:9: this byte is not UTF-8; save the file as UTF-8"},
		{"half a character", start + "\xe6\x97", "2:9: this byte is not UTF-8; save the file as UTF-8"},
		{"a surrogate", start + "\xed\xa0\x80", "2:9: this byte is not UTF-8; save the file as UTF-8"},
		{"NUL", start + "\x00", "2:9: this is a NUL character; a trace is text"},
		{"escape", start + "\x1b[2J", `2:9: this is the control character U+001B; remove it, or write it as "\x1b" in double quotes`},
		{"delete", start + "\x7f", `2:9: this is the control character U+007F; remove it, or write it as "\x7f" in double quotes`},
		{"next line", start + "\u0085", `2:9: this is the control character U+0085; remove it, or write it as "\x85" in double quotes`},
		{"control sequence introducer", start + "\u009b31m", `2:9: this is the control character U+009B; remove it, or write it as "\x9b" in double quotes`},
		{"a carriage return", start + "\rsteps: []\n", "2:9: this carriage return has no line feed after it; end lines with LF or CR LF"},
		{"carriage returns for line ends", "nodes: 3\rsteps: []\r", "1:9: this carriage return has no line feed after it; end lines with LF or CR LF"},
		{"line separator", start + "\u2028", "2:9: this is the line separator U+2028; end lines with LF"},
		{"paragraph separator", start + "\u2029", "2:9: this is the line separator U+2029; end lines with LF"},
		{"a byte order mark within", start + "\ufeff", "2:9: this is a byte order mark; only the start of a file may have one"},
		{"a noncharacter", start + "\uffff", "2:9: U+FFFF is not a character"},
		{"UTF-16, little end first", "\xff\xfen\x00o\x00", "1:1: the file is in UTF-16; save it as UTF-8"},
		{"UTF-16, big end first", "\xfe\xff\x00n\x00o", "1:1: the file is in UTF-16; save it as UTF-8"},
		{"UTF-16 without a mark", "n\x00o\x00", "1:1: the file is in UTF-16; save it as UTF-8"},
	} {
		got := ""
		if bad := New([]byte(tt.in)).Check(); bad != nil {
			got = bad.Pos.String() + ": " + bad.Msg
		}
		if got != tt.want {
			t.Errorf("%s: the check says\n%s\nnot\n%s", tt.why, got, tt.want)
		}
	}
}

// A byte among letters, which are looked at eight together, is told as one by itself
// is. If this fails, a control character reaches a terminal, or a file is refused
// for nothing.
func TestCheckEight(t *testing.T) {
	for b := range 256 {
		alone := New([]byte{byte(b)}).Check()
		for at := range 17 {
			text := []byte("abcdefghijklmnopq")
			text[at] = byte(b)
			got := New(text).Check()
			if (got == nil) != (alone == nil) || got != nil && (got.Msg != alone.Msg || got.Pos != Pos{1, int32(at + 1)}) {
				t.Errorf("the byte %#x at %d: %v, by itself %v", b, at, got, alone)
			}
		}
	}
}

// What does not show, or would change how a line does, is told as an escape.
func TestClip(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"plain é 日本 ✓":           "plain é 日本 ✓",
		"a\nb\tc\r":              `a\nb\tc\r`,
		"\x1b[2J\u009b31m":       `\x1b[2J\u009b31m`,
		"\u202eabc\u200b\u00a0d": `\u202eabc\u200b\u00a0d`,
		"\U000e0041":             `\U000e0041`,
		"1234567890123456789012345678901234567890":  "1234567890123456789012345678901234567890",
		"12345678901234567890123456789012345678901": "1234567890123456789012345678901234567890...",
		"日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語": "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日...",
	} {
		if got := Clip(in); got != want {
			t.Errorf("%q is shown as %q, not %q", in, got, want)
		}
	}
}
