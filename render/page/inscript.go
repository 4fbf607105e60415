package page

import (
	"bytes"
	"encoding/json"
	"html/template"
	"strings"

	"raftsheet/render/doc"
)

// inScript gives a value as JSON that can stand in a script's element: nothing in it
// ends the element, and nothing in it is hidden.
func inScript(v any) (template.JS, error) {
	text, err := doc.EncodeJSON(v)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return "", err
	}
	return template.JS(strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(b.String())), nil
}

// scriptOf is the script of a page, made of several files in a row. The remarks on lines
// of their own stay at home: they are a tenth of it.
func scriptOf(files ...string) string {
	var b strings.Builder
	for _, file := range files {
		for line := range strings.Lines(file) {
			if !strings.HasPrefix(strings.TrimLeft(line, " "), "//") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}
