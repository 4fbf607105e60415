package quiz

import "encoding/xml"

// This file has what a package for Canvas has beside the questions: the settings of
// each quiz, and the manifest.

type (
	canvasSettings struct {
		XMLName xml.Name `xml:"http://canvas.instructure.com/xsd/cccv1p0 quiz"`
		Ident   string   `xml:"identifier,attr"`
		Title   string   `xml:"title"`
		Shuffle bool     `xml:"shuffle_answers"`
		Scoring string   `xml:"scoring_policy"`
		Kind    string   `xml:"quiz_type"`
		Points  string   `xml:"points_possible"`
	}
	qtiManifest struct {
		XMLName   xml.Name      `xml:"http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1 manifest"`
		Ident     string        `xml:"identifier,attr"`
		Schema    string        `xml:"metadata>schema"`
		Version   string        `xml:"metadata>schemaversion"`
		None      struct{}      `xml:"organizations"`
		Resources []qtiResource `xml:"resources>resource"`
	}
	qtiResource struct {
		Ident   string    `xml:"identifier,attr"`
		Type    string    `xml:"type,attr"`
		Href    string    `xml:"href,attr,omitempty"`
		Files   []qtiHref `xml:"file"`
		Depends *struct {
			On string `xml:"identifierref,attr"`
		} `xml:"dependency"`
	}
	qtiHref struct {
		Href string `xml:"href,attr"`
	}
)

// settings are those of a quiz of Canvas.
func (z *Quiz) settings(id string) canvasSettings {
	return canvasSettings{Ident: id, Title: oneLine(z.called()), Scoring: "keep_highest", Kind: "assignment", Points: z.max().String()}
}

func newManifest() *qtiManifest {
	return &qtiManifest{Ident: identOf("manifest"), Schema: "IMS Content", Version: "1.1.3"}
}

// add adds a quiz, with its settings beside it.
func (m *qtiManifest) add(id string) {
	questions, settings := id+"/"+id+".xml", id+"/assessment_meta.xml"
	r := qtiResource{Ident: id, Type: "imsqti_xmlv1p2", Files: []qtiHref{{questions}}}
	r.Depends = &struct {
		On string `xml:"identifierref,attr"`
	}{id + "_meta"}
	m.Resources = append(m.Resources, r, qtiResource{Ident: id + "_meta", Type: "associatedcontent/imscc_xmlv1p1/learning-application-resource",
		Href: settings, Files: []qtiHref{{settings}}})
}
