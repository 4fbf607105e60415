package trace

import "strings"

// A FormPart is a step of a form, or what comes before the steps, cut at its blanks:
// the text before the first, between each and the next, and after the last.
type FormPart struct {
	Text   []string
	Blanks []FormBlank // one fewer
}

// FormParts gives what [WriteForm] writes: what comes before the steps, and then each
// of them. The texts with values of the format between them are a trace, also where
// steps are left out, or come in another order.
func FormParts(t *Trace) ([]FormPart, error) {
	var found blanks
	w := writer{t: t, form: true, blanks: &found}
	if w.document(); w.err != nil {
		return nil, w.err
	}
	var parts []FormPart
	for _, part := range strings.Split(w.String(), stepSign) {
		text := strings.Split(part, blankSign)
		n := len(text) - 1
		parts, found = append(parts, FormPart{text, found[:n:n]}), found[n:]
	}
	return parts, nil
}
