package intake

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// This file tells a sheet from what is none: by its content, whatever it is called,
// so that worksheet.txt and Worksheet.YAML.txt are sheets and a README is not.

// headBytes is how much of a file is looked at to tell what it is.
const headBytes = 8 << 10

// A kind is what a file is.
type kind uint8

const (
	sheet    kind = iota
	foreign       // text that is not a sheet, or bytes that nobody knows
	document      // a photo, a PDF, ...: it may be a worksheet in another form
)

// A form is one of the forms in which people hand in what cannot be read, and how
// its files begin.
type form struct {
	name string
	is   func(head []byte) bool
}

// forms are in the order in which they are tried.
var forms = []form{
	{"a photo", begins("\xff\xd8\xff", "\x89PNG\r\n", "GIF87a", "GIF89a", "II*\x00", "MM\x00*")},
	{"a photo", func(head []byte) bool { return hasAt(head, 0, "RIFF") && hasAt(head, 8, "WEBP") }},
	{"a photo", func(head []byte) bool { // of the family of MP4: HEIC is what a telephone makes
		return hasAt(head, 4, "ftyphei") || hasAt(head, 4, "ftyphev") || hasAt(head, 4, "ftypmif1") || hasAt(head, 4, "ftypmsf1") || hasAt(head, 4, "ftypavif")
	}},
	{"a video", func(head []byte) bool { return hasAt(head, 4, "ftyp") }},
	{"a PDF", begins("%PDF-")},
	{"a Word document", zipWith("word/")},
	{"a text document", zipWith("mimetypeapplication/vnd.oasis.opendocument.text")},
	{"a spreadsheet", zipWith("xl/", "mimetypeapplication/vnd.oasis.opendocument.spreadsheet")},
	{"a presentation", zipWith("ppt/", "mimetypeapplication/vnd.oasis.opendocument.presentation")},
	{"a Pages document", zipWith("Index/Document.iwa")},
	{"an Office document", begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, // Word's before 2007, among others
	{"an RTF document", begins(`{\rtf`)},
	{"a web page", func(head []byte) bool {
		text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n"))
		return bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html"))
	}},
}

func hasAt(head []byte, at int, text string) bool {
	return len(head) > at && bytes.HasPrefix(head[at:], []byte(text))
}

func begins(with ...string) func(head []byte) bool {
	return func(head []byte) bool {
		for _, text := range with {
			if hasAt(head, 0, text) {
				return true
			}
		}
		return false
	}
}

// zipWith tells documents that are zip archives by the names of what is in them.
func zipWith(names ...string) func(head []byte) bool {
	return func(head []byte) bool {
		for _, name := range names {
			if hasAt(head, 0, "PK\x03\x04") && bytes.Contains(head, []byte(name)) {
				return true
			}
		}
		return false
	}
}

// kindOf tells what a file is, and why it is not a sheet. Its head is its first
// bytes. What is neither one of the forms nor called .yaml or .yml is a sheet if
// it looks like one.
func kindOf(name string, head []byte, isSheet func([]byte) bool) (kind, string) {
	for _, f := range forms {
		if f.is(head) {
			return document, "it is " + f.name + "; " + lookAtIt
		}
	}
	ext := strings.ToLower(path.Ext(name))
	switch {
	case ext == ".html" || ext == ".htm": // Canvas and Moodle save what was typed as a part of a page
		return document, "it is a web page; " + lookAtIt
	case isYAML(name) || isSheet != nil && isSheet(head):
		return sheet, ""
	case !isText(head):
		return foreign, "it is not text, and of a kind that is not known; " + lookAtIt
	}
	return foreign, notSheet + "; " + lookAtIt
}

const (
	lookAtIt = "an instructor has to look at it and give its marks by hand"
	notSheet = "it has none of a worksheet's keys, such as nodes or steps"
)

// isText reports whether the first bytes of a file are those of a text in UTF-8 or
// UTF-16.
func isText(head []byte) bool {
	if _, ok := fromUTF16(head[:len(head)&^1]); ok {
		return true
	}
	for i := max(0, len(head)-utf8.UTFMax+1); i < len(head); i++ {
		if !utf8.FullRune(head[i:]) { // the last letter is cut
			head = head[:i]
		}
	}
	return utf8.Valid(head) && bytes.IndexByte(head, 0) < 0
}

// headOf gives the first bytes of a file.
func headOf(open func() (io.ReadCloser, error)) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}
