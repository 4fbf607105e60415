package engine

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/grade"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/render"
	"raftsheet/render/diagram"
	"raftsheet/render/doc"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// This file answers what is asked by a button. It reads the text anew, so that nobody
// who types waits for it.

// reports gives the traces of a request's text checked. It is an error where there are
// none.
func reports(r *Request) (*check.File, error) {
	f := checkText(r)
	if len(f.Reports) == 0 {
		return nil, f.Errors
	}
	return f, nil
}

// chosen is the trace that a request is about.
func chosen(r *Request, f *check.File) *check.Report {
	return f.Reports[min(max(r.Trace, 1), len(f.Reports))-1]
}

func (e *Engine) fill(r *Request) (any, error) {
	f, err := reports(r)
	if err != nil {
		return nil, err
	}
	runs, blank := make([]*replay.Run, len(f.Reports)), 0
	for i, rep := range f.Reports {
		runs[i] = rep.Run
		blank += rep.Tally.Blank
	}
	if stopped := f.Stopped(); len(stopped) > 0 {
		return nil, stopped
	}
	ed, err := edit.Open(f.Source)
	if err != nil {
		return nil, err
	}
	if err := check.Fill(ed, runs, check.FillOptions{}); err != nil {
		return nil, err
	}
	text, err := ed.Bytes()
	if err != nil {
		return nil, err
	}
	switch out := (Text{Text: string(text)}); {
	case out.Text == r.Text:
		out.Say = "Nothing was left blank."
		return out, nil
	default:
		out.Say = "The blanks are filled in."
		if blank > 0 {
			out.Say = fmt.Sprintf("The blanks are filled in: %s.", render.Count(blank, "answer", "answers"))
		}
		return out, nil
	}
}

func (e *Engine) explain(r *Request) (any, error) {
	f, err := reports(r)
	if err != nil {
		return nil, err
	}
	run := chosen(r, f).Run
	if len(run.Steps) == 0 {
		return nil, errors.New("the trace has no step to explain")
	}
	step := min(max(r.Step, 1), len(run.Steps))
	if n := entries(&run.Steps[step-1]); n > mostEntries {
		return nil, fmt.Errorf("the message has %d entries; the limit here is %d: raftsheet explain has no such limit", n, mostEntries)
	}
	es := render.Explanations(run, step, run.Concerned(step))
	return shown(render.Explain(es, run, step))
}

func (e *Engine) diagnose(r *Request) (any, error) {
	f, err := reports(r)
	if err != nil {
		return nil, err
	}
	if err := affordable(f); err != nil {
		return nil, err
	}
	var telling []*trace.Trace
	if e.telling != nil {
		telling = e.telling()
	}
	var d doc.Document
	for i, one := range grade.DiagnoseAll(f.Reports, telling) {
		if one == nil {
			continue
		}
		if len(f.Reports) > 1 {
			d.Add(doc.Heading{Level: 2, Text: doc.Marked(doc.Foreign, nameOf(f, i))})
		}
		d.Add(render.Diagnosis(one).Blocks...)
	}
	d.Title = "Diagnosis"
	if len(d.Blocks) == 0 {
		return nil, errors.New("the trace asks for no answer, or not all of it can be read, so that there is nothing to diagnose")
	}
	return shown(&d)
}

// nameOf names a trace of several.
func nameOf(f *check.File, i int) string {
	if t := f.Reports[i].Run.Trace; t.Title != "" {
		return t.Title
	}
	return fmt.Sprintf("Document %d", f.Reports[i].Run.Trace.Document)
}

func (e *Engine) coverage(r *Request) (any, error) {
	f, err := reports(r)
	if err != nil {
		return nil, err
	}
	if err := affordable(f); err != nil {
		return nil, err
	}
	var traces []*trace.Trace
	for _, rep := range f.Reports {
		if len(rep.Run.Trace.Errors) > 0 {
			return nil, rep.Run.Trace.Errors
		}
		traces = append(traces, rep.Run.Trace)
	}
	cov, errs := variant.Cover(traces)
	if len(errs) > 0 {
		return nil, errs
	}
	return shown(render.Coverage(cov, render.CoverageOptions{}))
}

// affordable refuses to play the deviations of what would take more than a few seconds.
func affordable(f *check.File) error {
	work := len(f.Reports) // each is played, however empty
	for _, rep := range f.Reports {
		for i := range rep.Run.Steps {
			work += 1 + len(rep.Run.Steps[i].Deliveries) + entries(&rep.Run.Steps[i])
		}
	}
	if work > mostWork {
		return fmt.Errorf("the text has %d documents, steps, messages and entries, and every deviation would be played on each; the limit here is %d: the command line has no such limit", work, mostWork)
	}
	return nil
}

// entries counts those that the message of a step has, or the longest of its messages.
func entries(s *replay.Step) (n int) {
	for i := range s.Deliveries {
		if m := s.Deliveries[i].Append; m != nil {
			n = max(n, m.Entries.Len())
		}
	}
	return n
}

func (e *Engine) picture(r *Request) (any, error) {
	f, err := reports(r)
	if err != nil {
		return nil, err
	}
	s := diagram.Shown{Report: chosen(r, f)}
	var b bytes.Buffer
	switch r.Kind {
	case "logs":
		panels, err := diagram.PanelsOf(s, nil)
		if err != nil {
			return nil, err
		}
		if err := diagram.WritePanels(&b, []diagram.Panels{panels}); err != nil {
			return nil, err
		}
		return Shown{Title: "The logs at every step", SVG: b.String()}, nil
	default:
		if err := diagram.Bounded([]diagram.Shown{s}); err != nil {
			return nil, err
		}
		if err := diagram.Write(&b, "svg", []*diagram.Lifelines{diagram.LifelinesOf(s)}); err != nil {
			return nil, err
		}
		return Shown{Title: "The life lines", SVG: b.String()}, nil
	}
}

// shown is a document as a part of a page: what a page of it has in its main element.
func shown(d *doc.Document) (any, error) {
	var b strings.Builder
	if err := doc.Write(&b, "html", d, doc.Options{}); err != nil {
		return nil, err
	}
	_, main, _ := strings.Cut(b.String(), "<main")
	_, main, _ = strings.Cut(main, ">")
	main, _, _ = strings.Cut(main, "</main>")
	return Shown{Title: d.Title, HTML: main}, nil
}
