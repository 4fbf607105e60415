package render

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"

	"raftsheet/check/grade"
)

//go:embed feedback.gohtml
var feedbackPageText string

var feedbackPage = sync.OnceValue(func() *template.Template {
	return page("feedback", feedbackPageText, template.FuncMap{
		"capital": capital, "changes": changes, "tone": verdictTone, "sign": verdictSign,
		"untestedIntro": func() string { return untestedIntro },
	})
})

// feedbackHTML writes feedback as a page.
func feedbackHTML(w io.Writer, f *feedback, _ FeedbackOptions) error {
	var b bytes.Buffer
	if err := feedbackPage().Execute(&b, f); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Heading is the page's title.
func (f *feedback) Heading() string {
	switch {
	case f.Who == "":
		return f.File
	case f.Title == "":
		return f.Who
	}
	return f.Who + ": " + f.Title
}

// verdictTone is a verdict's class of style.
func verdictTone(v grade.Verdict) string {
	switch v {
	case grade.Right:
		return "good"
	case grade.Follows, grade.ForHuman:
		return "note"
	}
	return "bad"
}

// verdictSign is a verdict's sign, so that colour alone says nothing.
func verdictSign(v grade.Verdict) string {
	return [...]string{grade.Right: "✓", grade.Follows: "↳", grade.Wrong: "✗", grade.Blank: "○", grade.ForHuman: "?"}[v]
}
