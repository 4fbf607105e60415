package lms

import (
	"strings"
	"testing"

	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// Whatever a variant is called, the table of a class that has several reads back as what
// it is. If this fails, a spreadsheet runs the name of a worksheet.
func TestVariantsHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		c := rendertest.HostileVariants(t, text)
		for _, format := range []string{"csv", "junit", "json"} {
			out := bookGrades(t, format, c, true)
			rendertest.NoneHidden(t, out)
		}
		rows := readCSV(t, bookGrades(t, "csv", c, true))
		if len(rows) != 3 || rows[0][5] != "variant" {
			t.Fatalf("%q: %q", text, rows)
		}
		for _, row := range rows[1:] {
			astray := strings.HasSuffix(row[0], "-x")
			if cell := row[5]; astray && cell != "other one" || !astray && (!strings.HasSuffix(cell, doc.Line(text)) || strings.ContainsAny(cell[:1], "=+-@\t\r\n")) {
				t.Errorf("%q: the variant of %q is %q", text, row[0], cell)
			}
		}
	}
}
