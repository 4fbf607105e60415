package page

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"raftsheet/render/doc"
)

// The sentences of a replay are few, and their figures many. A Text is a sentence
// with its figures taken out: the number of its shape, which every sentence that
// differs in figures alone has, and the figures. A page of thousands of steps then
// has a few numbers for each sentence. The shape is made from the finished
// sentence, so that nobody who writes one has to know of it.
type Text struct {
	shape   int
	figures []uint64

	// Where nodes do alike, their texts differ in the node. See [Text.beside].
	node uint64
	same bool
}

// MarshalJSON gives the number of the shape, in a list with the figures if there
// are any. There the text's own node is -1. A text that is the same as that of the node
// before is true.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.same {
		return []byte("true"), nil
	}
	if len(t.figures) == 0 {
		return json.Marshal(t.shape)
	}
	out := strconv.AppendInt([]byte("["), int64(t.shape), 10)
	for _, f := range t.figures {
		if out = append(out, ','); t.isOwn(f) {
			out = append(out, "-1"...)
			continue
		}
		out = strconv.AppendUint(out, f, 10)
	}
	return append(out, ']'), nil
}

func (t *Text) isOwn(figure uint64) bool { return t.node != 0 && figure == t.node }

// beside says whose a text is, and whether it is the same as that of the node before, nil
// for none. It gives what the next one is beside.
func (t *Text) beside(before *Text, node int) *Text {
	if t == nil {
		return before
	}
	t.node = uint64(node)
	t.same = before != nil && t.shape == before.shape && slices.EqualFunc(t.figures, before.figures, func(a, b uint64) bool {
		return t.isOwn(a) == before.isOwn(b) && (a == b || t.isOwn(a))
	})
	return t
}

// figure is where a shape has a figure. Text that is clean has none of it.
const figure = '\x01'

// mostDigits bounds a figure: a script's numbers are exact so far.
const mostDigits = 15

// shapes numbers the shapes of texts.
type shapes struct {
	all []string
	of  map[string]int
}

// say gives the text of a sentence.
func (s *shapes) say(sentence string) Text {
	var p pieces
	p.says(sentence)
	return s.text(&p)
}

// text gives the text of some pieces.
func (s *shapes) text(p *pieces) Text {
	shape := p.shape.String()
	n, is := s.of[shape]
	if !is {
		if s.of == nil {
			s.of = make(map[string]int)
		}
		n, s.all = len(s.all), append(s.all, shape)
		s.of[shape] = n
	}
	return Text{shape: n, figures: p.figures}
}

// tell gives a text back in words.
func (s *shapes) tell(t Text) string {
	var b strings.Builder
	at := 0
	for _, r := range s.all[t.shape] {
		if r != figure {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strconv.FormatUint(t.figures[at], 10))
		at++
	}
	return b.String()
}

// pieces are a text as it is put together.
type pieces struct {
	shape   strings.Builder
	figures []uint64
}

// fixed adds words whose digits are no figures, such as the name of a rule.
func (p *pieces) fixed(words string) { p.shape.WriteString(words) }

// says adds a sentence: made clean, with its figures taken out.
func (p *pieces) says(sentence string) {
	for s := doc.Clean(sentence); s != ""; {
		at := strings.IndexAny(s, "0123456789")
		if at < 0 {
			p.shape.WriteString(s)
			return
		}
		p.shape.WriteString(s[:at])
		s = s[at:]
		n := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if n > mostDigits || n > 1 && s[0] == '0' { // written back, it would be another
			p.shape.WriteString(s[:n])
		} else {
			v, _ := strconv.ParseUint(s[:n], 10, 64)
			p.shape.WriteRune(figure)
			p.figures = append(p.figures, v)
		}
		s = s[n:]
	}
}
