package quiz

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"raftsheet/render/doc"
)

// This file writes GIFT: of each step one question in which the nodes are matched with
// their answers, and a question for each other cell, since what is matched would have
// the right terms and logs among its choices, and no others. GIFT has no points.

func writeGIFT(w io.Writer, all []*Quiz, tell func(string)) error {
	tell("GIFT has no points: each question counts 1")
	out := bufio.NewWriter(w)
	for _, z := range all {
		fmt.Fprintf(out, "$CATEGORY: $course$/top/%s\n\n", strings.ReplaceAll(oneLine(z.called()), "/", "//"))
		for i := range z.Steps {
			s := &z.Steps[i]
			var answers []Cell
			for _, c := range s.Cells {
				if c.Answer {
					answers = append(answers, c)
				}
			}
			if len(answers) > 1 {
				z.gift(out, s, "answers", "Which node answers what?", matched(answers), answers)
			}
			for _, c := range s.Cells {
				if !c.Answer || len(answers) == 1 {
					z.gift(out, s, c.Label, "Asked: "+c.Label+".", alone(&c), []Cell{c})
				}
			}
		}
	}
	return out.Flush()
}

// gift writes one question.
func (z *Quiz) gift(w io.Writer, s *Step, part, asks string, answers []string, of []Cell) {
	p := page{escape: plain}
	text := p.html(s.Text) + p.html([]Block{{Text: asks}})
	fmt.Fprintf(w, "::%s::[html]%s{\n%s\n####%s\n}\n\n", giftCode(oneLine(z.name(s)+": "+part)), giftCode(text),
		strings.Join(answers, "\n"), giftCode(p.reasons(of)))
}

// matched has a line for each node with its answer, and one without a node for each
// answer that nobody gives, so that all may be chosen.
func matched(answers []Cell) []string {
	var out []string
	given := make(map[string]bool)
	for _, c := range answers {
		out = append(out, "="+giftCode(plain(doc.Clean(c.Label)))+" -> "+giftCode(c.Right[0]))
		given[c.Right[0]] = true
	}
	for _, choice := range answers[0].Choices {
		if !given[choice] {
			out = append(out, "= -> "+giftCode(choice))
		}
	}
	return out
}

// alone has the choices of a cell, or each way to type what is right. An arrow would
// make pairs of a question, whatever is before it: with a star in it, for no letters, it
// is none.
func alone(c *Cell) []string {
	var out []string
	for _, choice := range c.Choices {
		sign := "~"
		if choice == c.Right[0] {
			sign = "="
		}
		out = append(out, sign+giftCode(plain(doc.Clean(choice))))
	}
	if c.Choices == nil {
		for _, right := range c.Right {
			out = append(out, "="+giftCode(strings.ReplaceAll(unstarred(right), "->", "-*>")))
		}
	}
	return out
}

// giftCode escapes what GIFT reads as its own.
var giftCode = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`, "\r", " ").Replace
