package quiz

import (
	"strings"

	"raftsheet/render/doc"
)

// This file has a question's text as HTML, without a line break. It has no style of
// its own: it is shown within a system's page.

// A page is how a format has text within HTML: escaped, and a cell in its place.
type page struct {
	escape func(clean string) string
	cell   func(n int) string
}

func (p page) text(s string) string { return p.escape(doc.Clean(s)) }

// html gives blocks as HTML.
func (p page) html(bs []Block) string {
	var out strings.Builder
	for _, b := range bs {
		if b.Head != "" {
			out.WriteString("<p><strong>" + p.text(b.Head) + "</strong></p>")
		}
		if b.Text != "" {
			out.WriteString("<p>" + p.text(b.Text) + "</p>")
		}
		if len(b.Rows) == 0 {
			continue
		}
		out.WriteString(`<table border="1" cellpadding="4">`)
		if b.Columns != nil {
			out.WriteString("<thead><tr>")
			for _, name := range b.Columns {
				out.WriteString(`<th scope="col">` + p.text(name) + "</th>")
			}
			out.WriteString("</tr></thead>")
		}
		out.WriteString("<tbody>")
		for _, row := range b.Rows {
			p.row(&out, row)
		}
		out.WriteString("</tbody></table>")
	}
	return out.String()
}

func (p page) row(out *strings.Builder, row []Entry) {
	out.WriteString("<tr>")
	for i, e := range row {
		switch {
		case e.Cell > 0:
			out.WriteString("<td>" + p.cell(e.Cell) + "</td>")
		case i == 0:
			out.WriteString(`<th scope="row">` + p.text(e.Text) + "</th>")
		default:
			out.WriteString("<td>" + p.text(e.Text) + "</td>")
		}
	}
	out.WriteString("</tr>")
}

// reasons lists why cells are what they are, as HTML.
func (p page) reasons(cells []Cell) string {
	var out strings.Builder
	out.WriteString("<ul>")
	for i := range cells {
		c := &cells[i]
		out.WriteString("<li><strong>" + p.text(c.Label+": "+c.Right[0]) + "</strong><br>" + p.text(c.Why) + "</li>")
	}
	out.WriteString("</ul>")
	return out.String()
}

// plain is text within HTML that no format takes apart.
func plain(clean string) string { return inHTML.Replace(clean) }

var inHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// unstarred is a right answer in which Moodle takes no star for any letters.
func unstarred(right string) string { return strings.ReplaceAll(right, "*", `\*`) }

// oneLine is text without line breaks, for a name.
func oneLine(s string) string { return strings.Join(strings.Fields(doc.Clean(s)), " ") }
