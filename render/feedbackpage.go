package render

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

// This file has what the HTML pages share. A page stands alone: nothing is
// loaded, and no script runs. What is put into it is clean, and html/template
// escapes it.

//go:embed feedbackpage.css
var pageStyle string

//go:embed feedbackpage.gohtml
var pageParts string

// pagePolicy lets a page load nothing, and apply its one style.
func pagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// page makes the template of a page from its text.
func page(name, text string, funcs template.FuncMap) *template.Template {
	t := template.New(name).Funcs(template.FuncMap{
		"policy": pagePolicy,
		"style":  func() template.CSS { return template.CSS(pageStyle) },
	}).Funcs(funcs)
	return template.Must(template.Must(t.Parse(pageParts)).Parse(text))
}
