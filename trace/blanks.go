package trace

// A FormBlank is a place of a form in which something is to be written: the keys to it
// from the step down, such as response and 3, or state, 1 and log.
type FormBlank []string

// blanks are those of a form, in the order in which they are written; nil where nobody
// asks for them.
type blanks []FormBlank

// These stand in a form while it is written: a blank, and where a step begins. No text
// of a trace has them: what does not print is written as an escape.
const blankSign, stepSign = "\x02", "\x03"

// mark notes the blanks of a value, and puts their sign in.
func (b *blanks) mark(v *value, path ...string) {
	switch {
	case b == nil:
	case v.open == 0 && v.text == "" && !v.block:
		v.text = blankSign
		*b = append(*b, path)
	default:
		items := v.items
		v.items = make([]value, len(items))
		for i, item := range items {
			b.mark(&item, append(path[:len(path):len(path)], item.key)...)
			v.items[i] = item
		}
	}
}
