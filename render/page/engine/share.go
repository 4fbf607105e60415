package engine

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"raftsheet/check/editor"
	"raftsheet/trace"
)

// A link goes to others: it has no student's name in it, and no marking scheme.

// private are the keys at the top of a document that no link has.
var private = []string{"student", "grading"}

func (e *Engine) share(r *Request) (any, error) {
	text := editor.Without(r.Text, private)
	src, _ := trace.Parse(r.Name, []byte(text), limits())
	if len(src.Traces) > 0 {
		for _, t := range src.Traces {
			if t.Student != "" || t.Grading.Pos.IsValid() {
				return nil, unshared()
			}
		}
	}
	if was, _ := trace.Parse(r.Name, []byte(r.Text), limits()); len(was.Traces) > len(src.Traces) || mayName().MatchString(text) {
		return nil, unshared()
	}
	out := Text{Text: text}
	if text != strings.ReplaceAll(r.Text, "\r\n", "\n") && text != r.Text {
		out.Say = fmt.Sprintf("The link has no %s and no %s.", private[0], private[1])
	}
	return out, nil
}

// mayName finds what could be one of the private keys in text that is not read.
var mayName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^["']?(?:student|grading)["']?[ \t]*:|[{,][ \t\n]*["']?(?:student|grading)["']?[ \t]*:`)
})

func unshared() error {
	return errors.New("the link would hold the student's name or the grading, which raftsheet cannot take out of this text: remove the keys student and grading, then share it")
}
