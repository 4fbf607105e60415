package lms

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The scanner reads what encoding/csv reads, or refuses with it; and it puts
// texts into cells that encoding/csv then finds there, and nothing else changed.
func TestScanCSV(t *testing.T) {
	const alphabet = `"",;` + "\r\n\r\n ab1é\t"
	runes := []rune(alphabet)
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringOfN(rapid.SampledFrom(runes), 0, 40, -1).Draw(t, "file"))
		comma := rapid.SampledFrom([]byte{',', ';'}).Draw(t, "delimiter")
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.FieldsPerRecord = rune(comma), -1
		want, wantErr := r.ReadAll()
		s, err := scanCSV(data, comma)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, and encoding/csv's %v", data, err, wantErr)
		}
		if err != nil {
			return
		}
		var got [][]string
		var edits []csvEdit
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for i, row := range s.rows {
			var texts []string
			for j, c := range row {
				texts = append(texts, c.text)
				if random.IntN(3) == 0 {
					edits = append(edits, csvEdit{i, j, rapid.StringOfN(rapid.SampledFrom([]rune(`a,;" `)), 1, 4, -1).Draw(t, "text")})
				}
			}
			got = append(got, texts)
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Fatalf("%q: rows %q, and encoding/csv's %q", data, got, want)
		}
		for _, e := range edits {
			want[e.row][e.col] = e.text
		}
		out, err := s.with(edits)
		if err != nil {
			t.Fatalf("%q with %v: %v", data, edits, err)
		}
		r = csv.NewReader(bytes.NewReader(out))
		r.Comma, r.FieldsPerRecord = rune(comma), -1
		if read, err := r.ReadAll(); err != nil || !slices.EqualFunc(read, want, slices.Equal[[]string]) {
			t.Fatalf("%q with %v is %q, which reads %q, %v", data, edits, out, read, err)
		}
	})
}

// If what was filled in does not read back, nothing is given out: here the cells
// that the scanner found are not those of the file.
func TestFillVerified(t *testing.T) {
	s, err := scanCSV([]byte("a,b\nc,d\n"), ',')
	if err != nil {
		t.Fatal(err)
	}
	s.rows[1][0].end++ // the comma too
	if out, err := s.with([]csvEdit{{1, 0, "x"}}); err == nil || !strings.Contains(err.Error(), "not written") || out != nil {
		t.Errorf("%q, %v", out, err)
	}
}
