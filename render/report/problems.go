package report

import (
	"cmp"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// A problem is what the formats that mark places in files make of a finding,
// or of a place where a file is malformed.
type problem struct {
	severity finding.Severity
	file     string // as it was given, not clean
	pos      trace.Pos
	length   int    // in characters, at least 1
	kind     string // a kind of finding, or malformed
	rule     string // Figure 2's, by its short name; empty for none
	message  string // clean, of one line or some
}

// problems gives those of a file, by place: its errors, and its notes where they
// are asked for.
func problems(f *check.File, opt CheckOptions) []problem {
	var ps []problem
	for i, e := range f.Stopped() {
		p := problem{severity: finding.Error, file: f.Name, pos: e.Pos, length: wordLength(f.Source, e.Pos),
			kind: malformed, message: doc.Clean(e.Msg)}
		if i == 0 { // what keeps the file from being read shows in one place
			p.message = strings.Join(append([]string{p.message}, opt.suggestions(f)...), "\n")
		}
		ps = append(ps, p)
	}
	for _, r := range f.Reports {
		for i := range r.Findings {
			fd := &r.Findings[i]
			if r.Mode.Severity(fd) == finding.Note && !opt.Notes {
				continue
			}
			ps = append(ps, problem{severity: r.Mode.Severity(fd), file: f.Name, pos: fd.Pos, length: wordLength(f.Source, fd.Pos),
				kind: fd.Kind.String(), rule: fd.Rule.String(), message: strings.TrimSuffix(headline(fd, r.Run.Rules)+"\n"+sentence(fd), "\n")})
		}
	}
	slices.SortStableFunc(ps, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Column, b.pos.Column))
	})
	return ps
}

// suggestions are those for a file that cannot be read, clean.
func (opt CheckOptions) suggestions(f *check.File) []string {
	lines := render.Suggestions(opt.Mends[f])
	for i := range lines {
		lines[i] = doc.Clean(lines[i])
	}
	return lines
}

// wordLength is the length of the word at a place; 1 where that is not known.
func wordLength(src *trace.File, at trace.Pos) int {
	if src == nil || !at.IsValid() {
		return 1
	}
	return src.Word(at)
}

// headline is a finding in one clean line.
func headline(f *finding.Finding, rules *raft.Rules) string {
	return doc.Clean(render.Headline(f, rules))
}

// sentence is a finding's sentence, clean.
func sentence(f *finding.Finding) string { return doc.Clean(render.Reason(f)) }
