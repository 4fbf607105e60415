package quiz

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// This file writes QTI 1.2 as Canvas exports and imports it: a zip with a manifest, and
// for each quiz its questions and its settings. In Canvas all cells of a question count
// alike, and are all chosen or all typed. So a step is a question for each of these kinds
// that it asks, as a rule one or two.

// A qtiItem is one question of Canvas.
type qtiItem struct {
	Ident    string         `xml:"ident,attr"`
	Title    string         `xml:"title,attr"`
	Metadata []qtiField     `xml:"itemmetadata>qtimetadata>qtimetadatafield"`
	Text     qtiText        `xml:"presentation>material>mattext"`
	Blanks   []qtiBlank     `xml:"presentation>response_lid"`
	Score    qtiVar         `xml:"resprocessing>outcomes>decvar"`
	Rules    []qtiCondition `xml:"resprocessing>respcondition"`
	Feedback qtiFeedback    `xml:"itemfeedback"`
}

type (
	qtiFile struct {
		XMLName    xml.Name      `xml:"http://www.imsglobal.org/xsd/ims_qtiasiv1p2 questestinterop"`
		Assessment qtiAssessment `xml:"assessment"`
	}
	qtiAssessment struct {
		Ident   string     `xml:"ident,attr"`
		Title   string     `xml:"title,attr"`
		Fields  []qtiField `xml:"qtimetadata>qtimetadatafield"`
		Section struct {
			Ident string    `xml:"ident,attr"`
			Items []qtiItem `xml:"item"`
		} `xml:"section"`
	}
	qtiField struct {
		Label string `xml:"fieldlabel"`
		Entry string `xml:"fieldentry"`
	}
	qtiText struct {
		Type string `xml:"texttype,attr"`
		Text string `xml:",chardata"`
	}
	qtiBlank struct {
		Ident  string     `xml:"ident,attr"`
		Name   string     `xml:"material>mattext"`
		Labels []qtiLabel `xml:"render_choice>response_label"`
	}
	qtiLabel struct {
		Ident string  `xml:"ident,attr"`
		Text  qtiText `xml:"material>mattext"`
	}
	qtiVar struct {
		Max  string `xml:"maxvalue,attr"`
		Min  string `xml:"minvalue,attr"`
		Name string `xml:"varname,attr"`
		Type string `xml:"vartype,attr"`
	}
	qtiCondition struct {
		Continue string       `xml:"continue,attr"`
		Other    *struct{}    `xml:"conditionvar>other"`
		Equal    *qtiEqual    `xml:"conditionvar>varequal"`
		Set      *qtiSet      `xml:"setvar"`
		Feedback *qtiShowThis `xml:"displayfeedback"`
	}
	qtiEqual struct {
		Of    string `xml:"respident,attr"`
		Label string `xml:",chardata"`
	}
	qtiSet struct {
		Action string `xml:"action,attr"`
		Name   string `xml:"varname,attr"`
		To     string `xml:",chardata"`
	}
	qtiShowThis struct {
		Type  string `xml:"feedbacktype,attr"`
		Ident string `xml:"linkrefid,attr"`
	}
	qtiFeedback struct {
		Ident string  `xml:"ident,attr"`
		Text  qtiText `xml:"flow_mat>material>mattext"`
	}
)

func writeQTI(w io.Writer, all []*Quiz, _ func(string)) error {
	z := zip.NewWriter(w)
	manifest := newManifest()
	for i, q := range all {
		id := identOf(fmt.Sprint(i), q.Title, q.Variant)
		manifest.add(id)
		for _, file := range []struct {
			name string
			v    any
		}{{id + "/" + id + ".xml", q.qti(id)}, {id + "/assessment_meta.xml", q.settings(id)}} {
			if err := addXML(z, file.name, file.v); err != nil {
				return err
			}
		}
	}
	if err := addXML(z, "imsmanifest.xml", manifest); err != nil {
		return err
	}
	return z.Close()
}

// addXML adds a file to an archive, which is the same whenever it is made.
func addXML(z *zip.Writer, name string, v any) error {
	var text bytes.Buffer
	if err := writeXML(&text, v); err != nil {
		return err
	}
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = f.Write(text.Bytes())
	return err
}

// identOf names a thing within everything that is imported into a course: imported
// again, it takes the place of the one before.
func identOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "g" + hex.EncodeToString(sum[:16])
}

func (z *Quiz) qti(id string) qtiFile {
	var out qtiFile
	out.Assessment.Ident, out.Assessment.Title = id, oneLine(z.called())
	out.Assessment.Fields = []qtiField{{"cc_maxattempts", "1"}}
	out.Assessment.Section.Ident = "root_section"
	for i := range z.Steps {
		s := &z.Steps[i]
		parts := partsOf(s)
		for n, cells := range parts {
			title := oneLine(z.name(s))
			if len(parts) > 1 {
				title += fmt.Sprintf(", part %d of %d", n+1, len(parts))
			}
			item := s.qtiItem(cells)
			item.Ident, item.Title = identOf(id, s.ID, fmt.Sprint(n)), title
			out.Assessment.Section.Items = append(out.Assessment.Section.Items, item)
		}
	}
	return out
}

// partsOf gives the cells of a step, by their places from 1, in parts that are a question
// each: those to choose and those to type, and by their points.
func partsOf(s *Step) [][]int {
	type kind struct {
		chosen bool
		points string
	}
	at := make(map[kind]int)
	var out [][]int
	for i := range s.Cells {
		k := kind{s.Cells[i].Choices != nil, s.Cells[i].Points.String()}
		n, is := at[k]
		if !is {
			n = len(out)
			at[k] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], i+1)
	}
	return out
}

// qtiItem makes the question of some cells of a step, given by their places from 1.
func (s *Step) qtiItem(places []int) qtiItem {
	cells := make([]Cell, len(places))
	blank := make(map[int]string)
	for i, n := range places {
		cells[i], blank[n] = s.Cells[n-1], fmt.Sprint("c", i+1)
	}
	p := page{canvasText, func(n int) string {
		if blank[n] == "" {
			return "…" // of another part
		}
		return "[" + blank[n] + "]"
	}}
	kind := "multiple_dropdowns_question"
	if cells[0].Choices == nil {
		kind = "fill_in_multiple_blanks_question"
	}
	item := qtiItem{Text: qtiText{"text/html", "<div>" + p.html(s.Text) + p.html(s.Form) + "</div>"},
		Score: qtiVar{"100", "0", "SCORE", "Decimal"},
		Rules: []qtiCondition{{Continue: "Yes", Other: new(struct{}), Feedback: &qtiShowThis{"Response", "general_fb"}}}}
	item.Feedback.Ident, item.Feedback.Text = "general_fb", qtiText{"text/html", p.reasons(cells)}
	var ids []string
	for i, c := range cells {
		b := qtiBlank{Ident: fmt.Sprint("response_c", i+1), Name: fmt.Sprint("c", i+1)}
		choices := c.Choices
		if choices == nil {
			choices = c.Right // all of them right
		}
		for _, choice := range choices {
			id := fmt.Sprint(1001 + len(ids))
			ids = append(ids, id)
			b.Labels = append(b.Labels, qtiLabel{id, qtiText{"text/plain", doc.Clean(choice)}})
			if choice == c.Right[0] {
				item.Rules = append(item.Rules, qtiCondition{Continue: "Yes", Equal: &qtiEqual{b.Ident, id},
					Set: &qtiSet{"Add", "SCORE", fmt.Sprintf("%.2f", 100/float64(len(cells)))}})
			}
		}
		item.Blanks = append(item.Blanks, b)
	}
	item.Metadata = []qtiField{{"question_type", kind}, {"points_possible", points(cells).String()}, {"original_answer_ids", strings.Join(ids, ",")}}
	return item
}

// canvasText is text in which Canvas finds no cell: those it takes for one are words in
// brackets.
func canvasText(clean string) string {
	return strings.ReplaceAll(plain(clean), "[", "<span>[</span>")
}

// max is the points of all questions.
func (z *Quiz) max() (sum grade.Points) {
	for i := range z.Steps {
		sum = sum.Plus(points(z.Steps[i].Cells))
	}
	return sum
}
