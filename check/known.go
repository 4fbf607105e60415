package check

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Excuse makes notes of the differences that are known. Of what is known of these
// files and no longer differs, it finds that: asked says whether a step of a
// report's trace was compared for a node, NoNode for any; nil stands for always.
func Excuse(files []*File, all []trace.Known, asked func(r *Report, step int, id raft.NodeID) bool) {
	for i := range all {
		k := &all[i]
		for _, f := range files {
			if ofFile(k, f.Name) {
				excuse(f, k, asked)
			}
		}
	}
	for _, f := range files {
		for _, r := range f.Reports {
			finding.Sort(r.Findings)
		}
	}
}

// ofFile reports whether what is known is of that file: its path ends with the one
// that is written.
func ofFile(k *trace.Known, name string) bool {
	name, of := path.Clean(filepath.ToSlash(name)), path.Clean(filepath.ToSlash(k.Trace))
	return name == of || strings.HasSuffix(name, "/"+of)
}

// excuse excuses what one entry speaks of in a file.
func excuse(f *File, k *trace.Known, asked func(r *Report, step int, id raft.NodeID) bool) {
	var stale *Report // the first that has the step, and was compared there
	var at *trace.Step
	found, missing := false, ""
	for _, r := range f.Reports {
		t := r.Run.Trace
		s := stepOf(t, k.Step)
		id, ok := raft.NoNode, true
		if k.Node != "" {
			id, ok = t.Node(k.Node)
		}
		switch {
		case s == nil:
			missing = fmt.Sprintf("the trace has no step %s", k.Step)
			continue
		case !ok:
			missing = fmt.Sprintf("the trace has no node %s", k.Node)
			continue
		}
		missing = ""
		for i := range r.Findings {
			if fd := &r.Findings[i]; speaksOf(k, s, fd) {
				fd.Known, found = k.Reason, true
			}
		}
		if stale == nil && (asked == nil || asked(r, s.Number, id)) {
			stale, at = r, s
		}
	}
	switch {
	case found || len(f.Reports) == 0:
	case stale != nil:
		stale.Findings = append(stale.Findings, outdated(at, k))
	case missing != "":
		r := f.Reports[0]
		r.Findings = append(r.Findings, finding.Finding{Kind: finding.Outdated, Pos: r.Run.Trace.Pos, Node: k.Node, Field: k.Field,
			Message: fmt.Sprintf("%s:%s lists a difference that cannot be: %s", k.File, k.Pos, missing)})
	}
}

// stepOf finds a step by its id, or else by its number.
func stepOf(t *trace.Trace, name string) *trace.Step {
	if s := t.StepByID(name); s != nil {
		return s
	}
	for i := range t.Steps {
		if fmt.Sprint(t.Steps[i].Number) == name {
			return &t.Steps[i]
		}
	}
	return nil
}

// speaksOf reports whether an entry is about a finding of its trace: one that would
// be an error.
func speaksOf(k *trace.Known, s *trace.Step, f *finding.Finding) bool {
	field, _, _ := strings.Cut(f.Field, "[")
	return f.Step == s.Number && f.Kind.Info().Severity == finding.Error && f.Kind != finding.Outdated &&
		(k.Node == "" || k.Node == f.Node) && (k.Field == "" || k.Field == f.Field || k.Field == field)
}

func outdated(s *trace.Step, k *trace.Known) finding.Finding {
	f := finding.Finding{Kind: finding.Outdated, Step: s.Number, ID: s.ID, Pos: s.EventPos, Node: k.Node, Event: s.EventName(), Field: k.Field,
		Message: fmt.Sprintf("%s:%s expects one here (%s), and nothing differs; delete it there", k.File, k.Pos, k.Reason)}
	if !f.Pos.IsValid() {
		f.Pos = s.Pos
	}
	return f
}
