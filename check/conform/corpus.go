package conform

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// This file makes a corpus: traces that other implementations, in other languages,
// can be tested by, with what each puts to the test.

// A Fixture is a file of a corpus: a trace, or several. All of it agrees with Figure
// 2, and no answer that it asks for is left blank.
type Fixture struct {
	Name    string // its path in the corpus, with slashes
	Text    []byte
	SHA256  string // of Text, in hex
	Traces  []*trace.Trace
	Decided []variant.RuleCount // the rules that it puts to the test, in the figure's order
	Reveals []raft.Deviation    // in the catalogue's order
}

// A Corpus is fixtures, by name.
type Corpus []Fixture

// NewCorpus makes a corpus of the traces among files. It fills in what they leave
// blank. The error says which of them cannot be a fixture, and why.
func NewCorpus(files fs.FS) (Corpus, error) {
	var names []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if path.Ext(name) == ".yaml" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out, errs := make(Corpus, len(names)), make([]error, len(names))
	check.SideBySide(len(names), func(i int) {
		var text []byte
		if text, errs[i] = fs.ReadFile(files, names[i]); errs[i] == nil {
			out[i], errs[i] = newFixture(names[i], text)
		}
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return out, nil
}

func newFixture(name string, text []byte) (Fixture, error) {
	text, err := filledIn(name, text)
	if err != nil {
		return Fixture{}, err
	}
	file, err := trace.Parse(name, text, trace.DefaultLimits())
	if err != nil {
		return Fixture{}, err
	}
	f := Fixture{Name: name, Text: text, SHA256: SHA256(text), Traces: file.Traces}
	runs, err := byFigure2(file)
	if err != nil {
		return Fixture{}, err
	}
	for _, run := range runs {
		if r := check.Compare(run); r.Result() != check.Agrees || r.Tally.Blank > 0 {
			return Fixture{}, fmt.Errorf("it does not agree with Figure 2: %d findings, %d blanks", len(r.Findings), r.Tally.Blank)
		}
	}
	c, _ := variant.Cover(file.Traces)
	for _, r := range c.Rules {
		if r.Decisions() > 0 {
			f.Decided = append(f.Decided, r)
		}
	}
	for i := range c.Deviations {
		if d := &c.Deviations[i]; d.Revealed() {
			f.Reveals = append(f.Reveals, d.Deviation)
		}
	}
	return f, nil
}

// filledIn is a file with its blanks filled in.
func filledIn(name string, text []byte) ([]byte, error) {
	src, err := trace.Parse(name, text, trace.DefaultLimits())
	if err != nil {
		return nil, err
	}
	runs, err := byFigure2(src)
	if err != nil {
		return nil, err
	}
	ed, err := edit.Open(src)
	if err != nil {
		return nil, err
	}
	if err := check.Fill(ed, runs, check.FillOptions{}); err != nil {
		return nil, err
	}
	return ed.Bytes()
}

// byFigure2 replays traces that are meant to go by Figure 2.
func byFigure2(f *trace.File) ([]*replay.Run, error) {
	var runs []*replay.Run
	for _, t := range f.Traces {
		if len(t.Rules) > 0 {
			return nil, fmt.Errorf("it goes by the rules of %s", strings.Join(t.Rules, " and "))
		}
		run, err := check.Replay(t, raft.Figure2())
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// SHA256 is the digest of a fixture's bytes, in hex.
func SHA256(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Digest tells one corpus from another: the SHA-256 of what sha256sum prints of its
// files in their order, in hex.
func (c Corpus) Digest() string {
	var b strings.Builder
	for i := range c {
		fmt.Fprintf(&b, "%s  %s\n", c[i].SHA256, c[i].Name)
	}
	return SHA256([]byte(b.String()))
}

// Decided counts how often each rule decides in all of the fixtures, in the figure's
// order.
func (c Corpus) Decided() []variant.RuleCount {
	var out []variant.RuleCount
	for _, info := range raft.Rulebook() {
		sum := variant.RuleCount{RuleInfo: info}
		for i := range c {
			for _, r := range c[i].Decided {
				if r.Rule == sum.Rule {
					sum.Add(r)
				}
			}
		}
		out = append(out, sum)
	}
	return out
}

// Revealing counts the fixtures that reveal each deviation, by its name.
func (c Corpus) Revealing() map[string]int {
	n := make(map[string]int)
	for i := range c {
		for _, d := range c[i].Reveals {
			n[d.Name]++
		}
	}
	return n
}
