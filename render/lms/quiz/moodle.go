package quiz

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// This file writes Moodle's XML: one question of the type Cloze for each step. Moodle
// finds the cells in the question's text by {points:TYPE:alternatives}, and decodes the
// entities of HTML in the alternatives once. So what would end one is written as an
// entity: backslashes are not taken off everywhere.

type (
	moodleQuiz struct {
		XMLName   xml.Name `xml:"quiz"`
		Questions []any    `xml:"question"`
	}
	moodleCategory struct {
		Type string `xml:"type,attr"`
		Name string `xml:"category>text"`
	}
	moodleCloze struct {
		Type     string     `xml:"type,attr"`
		Name     string     `xml:"name>text"`
		Text     moodleText `xml:"questiontext"`
		Feedback moodleText `xml:"generalfeedback"`
		Penalty  string     `xml:"penalty"`
	}
	moodleText struct {
		Format string `xml:"format,attr"`
		Text   string `xml:"text"`
	}
)

func writeMoodle(w io.Writer, all []*Quiz, tell func(string)) error {
	var out moodleQuiz
	for _, z := range all {
		out.Questions = append(out.Questions, moodleCategory{"category", "$course$/top/" + strings.ReplaceAll(oneLine(z.called()), "/", "//")})
		points := z.inUnits(tell)
		for i := range z.Steps {
			s := &z.Steps[i]
			of := points[:len(s.Cells)]
			points = points[len(s.Cells):]
			p := page{clozeText, func(n int) string { return cloze(&s.Cells[n-1], of[n-1]) }}
			out.Questions = append(out.Questions, moodleCloze{Type: "cloze", Name: oneLine(z.name(s)), Penalty: "0",
				Text: moodleText{"html", p.html(s.Text) + p.html(s.Form)}, Feedback: moodleText{Format: "html"}})
		}
	}
	return writeXML(w, out)
}

// writeXML writes a value as a document of XML.
func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// inUnits gives the points of all cells as whole numbers, which Cloze takes.
func (z *Quiz) inUnits(tell func(string)) []string {
	var all []grade.Points
	var sum grade.Points
	for i := range z.Steps {
		for j := range z.Steps[i].Cells {
			p := z.Steps[i].Cells[j].Points
			all, sum = append(all, p), sum.Plus(p)
		}
	}
	out := make([]string, len(all))
	whole := true
	for i, n := range grade.InUnits(all) {
		out[i] = n.String()
		whole = whole && out[i] == all[i].String()
	}
	if !whole {
		tell(fmt.Sprintf("%s: Moodle's Cloze has whole points, so they are multiplied; set the quiz's maximum grade to %s", oneLine(z.called()), sum))
	}
	return out
}

// cloze is a cell as the text of a question has it. Each answer of a drop-down, and
// whatever else is typed, comes with the reason.
func cloze(c *Cell, points string) string {
	why := ""
	if c.Why != "" {
		why = "#" + clozeCode(plain(doc.Clean(c.Why)))
	}
	var alternatives []string
	kind := "SHORTANSWER"
	if c.Choices != nil {
		kind = "MULTICHOICE"
		for _, choice := range c.Choices {
			sign := ""
			if choice == c.Right[0] {
				sign = "="
			}
			alternatives = append(alternatives, sign+clozeCode(plain(doc.Clean(choice)))+why)
		}
	} else {
		for _, right := range c.Right {
			alternatives = append(alternatives, "="+clozeCode(unstarred(right))+why)
		}
		alternatives = append(alternatives, "*"+why)
	}
	return "{" + points + ":" + kind + ":" + strings.Join(alternatives, "~") + "}"
}

// clozeCode is text within a cell, which Moodle decodes once. It then takes the backslash
// off \# and \}, so that these have one more.
var clozeCode = strings.NewReplacer(`\#`, "&#92;&#92;&#35;", `\}`, "&#92;&#92;&#125;",
	"&", "&#38;", "<", "&#60;", ">", "&#62;", `"`, "&#34;", "'", "&#39;", `\`, "&#92;",
	"~", "&#126;", "#", "&#35;", "{", "&#123;", "}", "&#125;").Replace

// clozeText is text outside of the cells: no cell begins in it, and no file is put in
// its place.
func clozeText(clean string) string { return clozeBraces.Replace(plain(clean)) }

var clozeBraces = strings.NewReplacer("{", "&#123;", "}", "&#125;", "@", "&#64;")
