package engine

import (
	"cmp"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/editor"
	"raftsheet/check/finding"
	"raftsheet/render"
	"raftsheet/render/page"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// This file answers what is asked while somebody types.

func (e *Engine) check(r *Request) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := e.checkedFile(r)
	out := &Checked{Problems: []Problem{}, Traces: []TracePlaces{}}
	for _, err := range f.Stopped() {
		out.Errors++
		out.Problems = append(out.Problems, Problem{Span: spanOf(f.Source, err.Pos), Severity: "error", Kind: "malformed", Message: err.Msg, Step: err.Step}) // of one reading there are few
	}
	for i, rep := range f.Reports {
		out.report(f, rep, i+1)
	}
	slices.SortStableFunc(out.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	out.Summary, out.Agrees = summary(f), out.Errors == 0
	if r.Page && len(f.Reports) > 0 {
		out.steps(f)
	}
	if r.Page && len(f.Errors) > 0 && len(r.Text) <= mostMended {
		out.Meant = render.Suggestions(mend.Mend(f.Name, []byte(r.Text)).Changes)
	}
	return out, nil
}

// report adds what was found in a trace, and where its steps are.
func (c *Checked) report(f *check.File, rep *check.Report, number int) {
	c.Errors += rep.More
	for i := range rep.Findings {
		fd := &rep.Findings[i]
		severity, count, most := "error", &c.Errors, mostFound
		switch {
		case fd.Kind == finding.Unfilled:
			continue
		case rep.Mode.Severity(fd) != finding.Error:
			severity, count, most = "note", &c.Notes, mostNotes
		}
		if *count++; *count <= most {
			c.Problems = append(c.Problems, Problem{Span: spanOf(f.Source, fd.Pos), Severity: severity, Kind: fd.Kind.String(),
				Message: render.Headline(fd, rep.Run.Rules), Reason: render.Reason(fd), Trace: number, Step: fd.Step})
		}
	}
	t := rep.Run.Trace
	places := TracePlaces{Line: int(t.Pos.Line), Steps: make([]int, len(t.Steps))}
	for i := range t.Steps {
		places.Steps[i] = int(t.Steps[i].Pos.Line)
	}
	c.Traces = append(c.Traces, places)
}

// steps adds the step page's data.
func (c *Checked) steps(f *check.File) {
	sides := make([][]*check.Report, len(f.Reports))
	for i, rep := range f.Reports {
		sides[i] = []*check.Report{rep}
	}
	steps := 0
	for _, rep := range f.Reports {
		steps += len(rep.Run.Steps)
	}
	data, pictures, err := page.StepsOf(sides, page.Options{Plain: steps > mostDrawn})
	if err != nil {
		c.TooLong = err.Error()
		return
	}
	c.Page, c.Pictures = &data, pictures
}

// spanOf is what is written at a place. The end of a word is its own; for that of
// brackets the file has to be gone through, which is done where something stands there.
func spanOf(src *trace.File, at trace.Pos) Span {
	if !at.IsValid() {
		return Span{1, 1, 1, 1}
	}
	r := trace.Range{Start: at, End: trace.Pos{Line: at.Line, Column: at.Column + int32(src.Word(at))}}
	if word := src.Excerpt(at).Word; strings.HasPrefix(word, "[") || strings.HasPrefix(word, "{") {
		r = src.Range(at)
	}
	return Span{int(r.Start.Line), int(r.Start.Column), int(r.End.Line), int(r.End.Column)}
}

// summary says what was compared.
func summary(f *check.File) string {
	if len(f.Reports) == 0 {
		return "nothing could be checked"
	}
	var all []string
	for i, rep := range f.Reports {
		if i == mostSummed {
			all = append(all, render.Count(len(f.Reports)-i, "document more", "documents more"))
			break
		}
		line := render.Summary(rep)
		if len(f.Reports) == 1 {
			line = strings.TrimPrefix(line, f.Name+": ")
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

func (e *Engine) complete(r *Request) (any, error) {
	where, words := editor.Complete(r.Text, caret(r))
	out := Completions{Span: Span{int(where.Start.Line), int(where.Start.Column), int(where.End.Line), int(where.End.Column)}, Items: []Item{}}
	for _, w := range words {
		out.Items = append(out.Items, Item(w))
	}
	return out, nil
}

func (e *Engine) hover(r *Request) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h, _ := editor.HoverAt(e.checkedFile(r), caret(r))
	return Hover{Span{int(h.Range.Start.Line), int(h.Range.Start.Column), int(h.Range.End.Line), int(h.Range.End.Column)}, h.Head, h.Says, h.Wrong}, nil
}

// caret is where the caret of a request is.
func caret(r *Request) trace.Pos {
	const most = 1 << 30
	return trace.Pos{Line: int32(min(max(r.Line, 1), most)), Column: int32(min(max(r.Column, 1), most))}
}
