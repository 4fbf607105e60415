package intake

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

const aSheet = "title: Raft\nnodes: 3\nsteps: []\n"

// The beginnings of files, as their formats define them.
const (
	jpeg = "\xff\xd8\xff\xe1\x00\x18Exif\x00\x00"
	png  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	heic = "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
	webp = "RIFF\x24\x00\x00\x00WEBPVP8 "
	mov  = "\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00"
	pdf  = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
	doc  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"
)

func inUTF16(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// A file is a sheet by what it is, whatever it is called, in a folder as in an
// archive. If it fails, a student's work is passed over, or a photo is a 0.
func TestSheetsByContent(t *testing.T) {
	docx := string(pack(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"))
	odt := string(packAll(t, packed{name: "mimetype", data: "application/vnd.oasis.opendocument.text", change: func(*zip.FileHeader) {}}))
	xlsx := string(pack(t, "[Content_Types].xml", "xl/workbook.xml"))
	for _, tt := range []struct {
		name, data string
		why        string // how the reason begins; empty for a sheet
	}{
		{"a.yaml", aSheet, ""},
		{"a.YAML", aSheet, ""},
		{"a.Yml", aSheet, ""},
		{"a.yaml", "broken beyond help", ""},
		{"a.yaml.txt", "broken beyond help", ""},
		{"a.txt", aSheet, ""},
		{"a.TXT", aSheet, ""},
		{"a.json", `{"title": "x", "nodes": 3}`, ""},
		{"a.md", "Here you are:\n\n```yaml\n" + aSheet + "```\n", ""},
		{"a", aSheet, ""},
		{"a.raft", strings.ReplaceAll(aSheet, "\n", "\r"), ""},
		{"a.yaml", inUTF16(aSheet), ""},
		{"a.yaml", "", ""},

		{"a.jpg", jpeg, "it is a photo;"},
		{"a.yaml", jpeg, "it is a photo;"},
		{"a.PNG", png, "it is a photo;"},
		{"a.heic", heic, "it is a photo;"},
		{"a", webp, "it is a photo;"},
		{"a.gif", "GIF89a\x01", "it is a photo;"},
		{"a.tiff", "II*\x00\x08", "it is a photo;"},
		{"a.mov", mov, "it is a video;"},
		{"a.pdf", pdf, "it is a PDF;"},
		{"a.txt", pdf, "it is a PDF;"},
		{"a.docx", docx, "it is a Word document;"},
		{"a.odt", odt, "it is a text document;"},
		{"a.xlsx", xlsx, "it is a spreadsheet;"},
		{"a.doc", doc, "it is an Office document;"},
		{"a.rtf", `{\rtf1\ansi nodes: 3}`, "it is an RTF document;"},
		{"a.html", "<p>nodes: 3</p>", "it is a web page;"},
		{"a.txt", "\ufeff<!DOCTYPE html>\n<html>", "it is a web page;"},
		{"a.txt", "My answers are: ok, no, ok", notSheet},
		{"a.txt", inUTF16("Antwort: geht nicht, zu müde"), notSheet},
		{"a.txt", "", notSheet},
		{"a.bin", "\x7fELF\x02\x01\x00", "it is not text"},
		{"a.jpg", jpeg + strings.Repeat("\x00", maxBytes), "it is a photo;"},
		{"a.txt", aSheet + strings.Repeat("#", maxBytes), "it is larger than"},
	} {
		dir := t.TempDir()
		writeIn(t, dir, "jane/"+tt.name, []byte(tt.data))
		writeIn(t, dir, "bob/sheet.yaml", []byte(aSheet))
		class := writeIn(t, t.TempDir(), "class.zip", packAll(t, packed{name: "jane/" + tt.name, data: tt.data}, packed{name: "bob/sheet.yaml", data: aSheet}))
		for _, from := range []string{dir, class} {
			in := collect(t, from)
			if len(in.Inputs) != 2 {
				t.Errorf("%s of %.20q: %d inputs", tt.name, tt.data, len(in.Inputs))
				continue
			}
			got := in.Inputs[1]
			if !strings.HasPrefix(got.Refused, tt.why) || (got.Refused == "") != (tt.why == "") || got.Student.Name != "jane" {
				t.Errorf("%s of %.20q: %q, of %s; want %q", tt.name, tt.data, got.Refused, got.Student.Name, tt.why)
			}
			if review := strings.HasSuffix(got.Refused, lookAtIt); got.Review != review {
				t.Errorf("%s of %.20q: to review: %t", tt.name, tt.data, got.Review)
			}
		}
		// Named one by one it is the same.
		in := collect(t, filepath.Join(dir, "jane", tt.name))
		if got := in.Inputs[0].Refused; !strings.HasPrefix(got, tt.why) || (got == "") != (tt.why == "") {
			t.Errorf("%s of %.20q by its name: %q, want %q", tt.name, tt.data, got, tt.why)
		}
	}
}

// A README beside a sheet costs its student nothing, and prose that is all a student
// handed in is seen by a person.
func TestForeignFiles(t *testing.T) {
	files := map[string]string{
		"README.txt":                        "the class of 2026",
		"LICENSE":                           "MIT",
		"jane/README.md":                    "my work",
		"jane/ws":                           aSheet,
		"bob/b.txt":                         "I was ill.",
		"bob/a.js":                          "let x = 1",
		"bob/node_modules/x.js":             "let x = 2",
		"cy/notes.txt":                      "see the photo",
		"cy/IMG_1.JPG":                      jpeg,
		"dan.txt":                           "all answers are ok",
		"eve.yaml":                          aSheet,
		"eve.txt":                           "a remark",
		"faye_7_100_a.txt":                  "see the other one",
		"faye_7_101_b.txt":                  "sorry",
		"Gus_8_assignsubmission_file/n.txt": "no",
	}
	dir := t.TempDir()
	var entries []packed
	for name, data := range files {
		writeIn(t, dir, name, []byte(data))
		entries = append(entries, packed{name: name, data: data})
	}
	want := map[string]string{
		"jane/ws":                           "jane ",
		"bob/a.js":                          "bob " + notSheet + "; " + lookAtIt,
		"cy/IMG_1.JPG":                      "cy it is a photo; " + lookAtIt,
		"dan.txt":                           "dan " + notSheet + "; " + lookAtIt,
		"eve.yaml":                          "eve ",
		"faye_7_101_b.txt":                  "7 faye " + notSheet + "; " + lookAtIt,
		"Gus_8_assignsubmission_file/n.txt": "8 Gus " + notSheet + "; " + lookAtIt,
	}
	ask := func(f *Input) string { return whose(f) + " " + f.Refused }
	class := writeIn(t, t.TempDir(), "class.zip", packAll(t, entries...))
	for _, from := range []string{dir, class} {
		in := collect(t, from)
		if diff := cmp.Diff(want, under(from, in, ask)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, p := range in.Passed {
			if p.Why != notSheet {
				t.Errorf("%s is passed over: %s", p.Name, p.Why)
			}
		}
		if len(in.Passed) != len(files)-len(want) {
			t.Errorf("%d files are passed over: %v", len(in.Passed), in.Passed)
		}
	}
}

// The letters of a file may be cut where its beginning ends.
func TestIsText(t *testing.T) {
	long := []byte(strings.Repeat("ü", headBytes))
	for i := 1; i < 5; i++ {
		if !isText(long[:i]) {
			t.Errorf("%d bytes of ü are not text", i)
		}
	}
	if isText([]byte("a\xffb")) || isText([]byte("a\x00b")) || isText(bytes.Repeat([]byte("\xff"), 9)) {
		t.Error("what is not text is")
	}
}

// A key or a roster among the rest is nobody's.
func TestAside(t *testing.T) {
	dir := tree(t, "key.yaml", "roster.csv", "class/jane.yaml", "class/bob.yaml")
	info := func(name string) os.FileInfo {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	in, err := Collect([]string{dir}, Settings{Keys: []os.FileInfo{info("key.yaml")}, RosterFile: info("roster.csv")})
	if err != nil || len(in.Inputs) != 2 || in.Inputs[0].Student.Name != "bob" || len(in.Passed) != 2 {
		t.Errorf("%+v, %v", in, err)
	}
}
