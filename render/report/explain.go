package report

import (
	"io"

	"raftsheet/render"
	"raftsheet/render/doc"
)

// Explain writes why nodes did what they did in a step.
func Explain(w io.Writer, es []render.Explanation) error {
	return doc.WriteJSON(w, struct {
		Version      int                  `json:"version"`
		Explanations []render.Explanation `json:"explanations"`
	}{1, es})
}
