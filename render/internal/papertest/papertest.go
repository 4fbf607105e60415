// Package papertest reads pages back with other people's programs: poppler's for
// PDF, TeX Live's for LaTeX. It knows nothing of what is on them. Only tests import
// it; a test is skipped where a program is not installed.
package papertest

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"raftsheet/raft/wide"
)

// Text is the text of a PDF's pages, as pdftotext finds it.
func Text(t testing.TB, pdf []byte) []string {
	t.Helper()
	text := run(t, pdf, "pdftotext", "-layout", "-", "-")
	return strings.Split(strings.TrimSuffix(text, "\f"), "\f")
}

// Info is what pdfinfo says of a PDF.
func Info(t testing.TB, pdf []byte) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for line := range strings.Lines(run(t, pdf, "pdfinfo", "-")) {
		name, value, _ := strings.Cut(line, ":")
		out[name] = strings.TrimSpace(value)
	}
	return out
}

// A Word is a word on a page, and where: in points, from the upper left corner.
type Word struct {
	Page int     `xml:"-"` // from 1
	X    float64 `xml:"xMin,attr"`
	Y    float64 `xml:"yMin,attr"`
	Text string  `xml:",chardata"`
}

// Words are the words of a PDF, in the order of its pages.
func Words(t testing.TB, pdf []byte) []Word {
	t.Helper()
	var read struct {
		Pages []struct {
			Words []Word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal([]byte(run(t, pdf, "pdftotext", "-bbox", "-", "-")), &read); err != nil {
		t.Fatal(err)
	}
	var out []Word
	for i, p := range read.Pages {
		for _, w := range p.Words {
			w.Page = i + 1
			out = append(out, w)
		}
	}
	return out
}

// run gives a file to a program of poppler's, and what the program prints. It fails
// for what the program complains of.
func run(t testing.TB, file []byte, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(wide.Tool(t, name), args...)
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(file), &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("%s: %v\n%s", name, err, complaints.String())
	}
	return out.String()
}

// Compile makes a PDF of LaTeX with an engine, pdflatex or xelatex, and gives its
// log too. It fails where TeX stops. TeX runs no program, and writes beside the file
// alone.
func Compile(t testing.TB, engine string, tex []byte) (pdf []byte, log string) {
	t.Helper()
	path, dir := wide.Tool(t, engine), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "page.tex"), tex, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the number of pages is known the second time
		cmd := exec.Command(path, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", engine, err, tail(string(out)))
		}
		log = string(out)
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "page.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return pdf, log
}

// tail is the end of a long text.
func tail(s string) string { return s[max(0, len(s)-3000):] }

// Squeezed is a text without its spaces, which depend on where lines break.
func Squeezed(pages ...string) string {
	return strings.Join(strings.Fields(strings.Join(pages, " ")), "")
}
