package render

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// CheckOptions say what of a check is shown.
type CheckOptions struct {
	Notes     bool // list notes too, not errors alone
	Quiet     bool // no summaries
	Malformed bool // list what is malformed; otherwise it is left to [Errors]
	ReadOnly  bool // the files were read and not replayed

	// Mends are the slips that keep a file from being read, and what they would be
	// set right as.
	Mends map[*check.File][]mend.Change

	// Diagnoses says what explains the wrong answers of a report's trace; it has
	// none where none was asked for.
	Diagnoses map[*check.Report]*grade.Diagnosis
}

// Check shows what checking the files came to: each finding with its line and
// its reason, and for each trace what was compared.
func Check(files []*check.File, opt CheckOptions) *doc.Document {
	d := &doc.Document{Title: CheckTitle}
	for _, f := range files {
		d.Add(CheckFile(f, opt)...)
	}
	d.Add(CheckTotals(check.Summarize(files), opt)...)
	return d
}

// CheckTitle is the title of the document of [Check].
const CheckTitle = "What raftsheet found"

// CheckFile is what [Check] shows of one file. The blocks hold nothing of the file,
// so that it can be let go.
func CheckFile(f *check.File, opt CheckOptions) []doc.Block {
	var blocks []doc.Block
	for _, r := range f.Reports {
		blocks = append(blocks, doc.Heading{Level: 2, Text: doc.Marked(doc.Foreign, titled(r.Run.Trace)), Page: true})
		blocks = append(blocks, reportBlocks(f, r, opt)...)
	}
	if stopped := f.Stopped(); opt.Malformed && len(stopped) > 0 {
		blocks = append(blocks, doc.Heading{Level: 2, Text: doc.Marked(doc.Foreign, f.Name), Page: true}, errorPlaces(f.Source, stopped))
		blocks = append(blocks, Mends(f.Name, opt.Mends[f])...)
	}
	return blocks
}

// CheckTotals is what [Check] shows at its end: what all files came to, where they
// hold several traces.
func CheckTotals(s check.Summary, opt CheckOptions) []doc.Block {
	if opt.Quiet || s.Traces <= 1 {
		return nil
	}
	return totals(s, opt.ReadOnly)
}

func reportBlocks(f *check.File, r *check.Report, opt CheckOptions) []doc.Block {
	var places doc.Places
	for i := range r.Findings {
		fd := &r.Findings[i]
		severity := r.Mode.Severity(fd)
		if severity == finding.Note && !opt.Notes {
			continue
		}
		places = append(places, doc.Place{File: r.Run.Trace.File, At: fd.Pos.String(), Kind: fd.Kind.String(), Note: severity == finding.Note,
			What: Headline(fd, r.Run.Rules), Why: why(r, fd), Excerpt: excerpt(f.Source, fd.Pos)})
	}
	blocks := []doc.Block{places}
	if !opt.Quiet {
		mark := doc.Right
		if result := r.Result(); result != check.Agrees && result != check.Readable {
			mark = doc.Wrong
		}
		line := doc.P(doc.Marked(mark, Summary(r)))
		line.Tight = true
		blocks = append(blocks, line)
	}
	if d := opt.Diagnoses[r]; d != nil {
		blocks = append(blocks, diagnosisBlocks(d)...)
	}
	return blocks
}

// why is a finding's sentence. To those who fill a trace in it says what is lost
// where something cannot be read.
func why(r *check.Report, f *finding.Finding) string {
	switch {
	case r.Read == nil || f.Step == 0:
		return Reason(f)
	case r.Run.Trace.Steps[f.Step-1].Unread:
		return fmt.Sprintf("until this is mended, raftsheet cannot tell what happens in step %s", f.ID)
	}
	return "until this is mended, raftsheet cannot mark it"
}

// excerpt is the line of a file with a place in it; nil where there is none.
func excerpt(src *trace.File, at trace.Pos) *doc.Excerpt {
	if src == nil || !at.IsValid() || len(src.Bytes()) == 0 {
		return nil
	}
	e := src.Excerpt(at)
	if strings.ContainsRune(e.Before+e.Word+e.After, 0) {
		return nil // UTF-16, or no text at all
	}
	if e.More[0] {
		e.Before = "..." + e.Before
	}
	if e.More[1] {
		e.After += "..."
	}
	return &doc.Excerpt{Line: int(at.Line), Before: e.Before, Word: e.Word, After: e.After}
}

// Errors shows what is wrong with a file, each error with its line. The source
// may be nil.
func Errors(src *trace.File, errs trace.Errors) *doc.Document {
	return &doc.Document{Title: "What cannot be read", Blocks: []doc.Block{errorPlaces(src, errs)}}
}

func errorPlaces(src *trace.File, errs trace.Errors) doc.Places {
	places := make(doc.Places, len(errs))
	for i, e := range errs {
		places[i] = doc.Place{File: e.File, Kind: "malformed", What: e.Msg}
		if e.Pos.IsValid() {
			places[i].At, places[i].Excerpt = e.Pos.String(), excerpt(src, e.Pos)
		}
	}
	return places
}

// Summary says in one line what was compared in a trace, and what was found.
func Summary(r *check.Report) string {
	if r.Read != nil {
		return traceName(r.Run.Trace) + ": " + readTally(r)
	}
	line := traceName(r.Run.Trace) + ": " + tally(r.Tally)
	for _, c := range []struct {
		kind      finding.Kind
		one, many string
	}{
		{finding.State, "table field differs", "table fields differ"},
		{finding.Message, "message is impossible", "messages are impossible"},
		{finding.Safety, "safety property broke", "safety properties broke"},
		{finding.Unread, "place cannot be read", "places cannot be read"},
		{finding.Failed, "failed", "failed"},
		{finding.Outdated, "known difference is gone", "known differences are gone"},
	} {
		if n := r.CountKind(c.kind); n > 0 {
			line += "; " + Count(n, c.one, c.many)
		}
	}
	if n := r.CountKnown(); n > 0 {
		line += fmt.Sprintf("; %d known", n)
	}
	if r.More > 0 {
		line += fmt.Sprintf("; %d more are not listed", r.More)
	}
	if n := r.CountImplied(); r.Mode.Strict && n > 0 {
		line += fmt.Sprintf("; %d implied", n)
	}
	return line
}

// tally says what was compared in a trace.
func tally(t check.Tally) string {
	s := Count(t.Steps, "step", "steps") + ", "
	if t.Answers == 0 && t.Untold > 0 {
		return s + Count(t.Untold, "answer that cannot be judged", "answers that cannot be judged")
	}
	s += Count(t.Answers, "answer", "answers")
	var parts []string
	switch {
	case t.Agree > 0 && t.Diverge == 0 && t.Blank == 0:
		parts = append(parts, "all agree")
	case t.Agree > 0:
		parts = append(parts, Count(t.Agree, "agrees", "agree"))
	}
	if t.Diverge > 0 {
		parts = append(parts, Count(t.Diverge, "diverges", "diverge"))
	}
	if t.Blank > 0 {
		parts = append(parts, fmt.Sprintf("%d blank", t.Blank))
	}
	if len(parts) > 0 {
		s += ": " + strings.Join(parts, ", ")
	}
	if t.Untold > 0 {
		s += fmt.Sprintf("; %d more cannot be judged", t.Untold)
	}
	return s
}

// readTally says how much of a trace is written, and whether it can be read.
func readTally(r *check.Report) string {
	written := Count(r.Read.Answers, "answer", "answers")
	if n := r.Read.Fields; n > 0 {
		written += " and " + Count(n, "table field", "table fields")
	}
	line := fmt.Sprintf("%s, %s written, %d left blank; ", Count(r.Tally.Steps, "step", "steps"), written, r.Read.Blank)
	if n := r.CountKind(finding.Unread); n > 0 {
		return line + Count(n, "place", "places") + " cannot be read"
	}
	return line + "it can be read"
}

// totals says what all files came to.
func totals(s check.Summary, readOnly bool) []doc.Block {
	if readOnly {
		return allFiles(doc.Text(fmt.Sprintf("%s, %s: %d can be read, %d malformed", Count(s.Files, "file", "files"), Count(s.Traces, "trace", "traces"),
			s.Traces-s.Malformed, s.Malformed)))
	}
	lines := []doc.Inline{doc.Text(fmt.Sprintf("%s, %s: %s, %s, %d malformed", Count(s.Files, "file", "files"), Count(s.Traces, "trace", "traces"),
		Count(s.Traces-s.Diverged-s.Malformed, "agrees", "agree"), Count(s.Diverged, "diverges", "diverge"), s.Malformed))}
	if s.Blank > 0 {
		lines = append(lines, doc.Text(Count(s.Blank, "answer is", "answers are")+" left blank; --complete makes each a divergence"))
	}
	return allFiles(lines...)
}

func allFiles(lines ...doc.Inline) []doc.Block {
	return []doc.Block{doc.Heading{Level: 2, Text: doc.Text("All files"), Page: true}, doc.P(lines...)}
}
