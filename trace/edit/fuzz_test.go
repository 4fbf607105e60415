package edit

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"raftsheet/trace"
)

// FuzzEdit fills in the blanks of whatever is a trace. The Editor may refuse,
// with a place; what it does not refuse is a trace, and holds all that was
// written, in its order.
func FuzzEdit(f *testing.F) {
	for _, seed := range fuzzSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := trace.Parse("x.yaml", data, trace.DefaultLimits())
		if err != nil {
			t.Skip()
		}
		for _, correct := range []bool{false, true} {
			e, err := Open(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, tr := range file.Traces {
				fillTrace(t, e, tr, correct)
			}
			out, err := e.Bytes()
			if err != nil {
				checkPlace(t, err)
				continue
			}
			if _, err := trace.Parse("x.yaml", out, trace.DefaultLimits()); err != nil {
				t.Errorf("the new text is no trace: %v\n%s", err, out)
			}
			if kept := wordsBut(data, e); !correct && !isWithin(kept, out) {
				t.Errorf("what was written, %q, is not in the new text, %q", kept, out)
			}
		}
	})
}

// fillTrace asks for everything that can be asked for.
func fillTrace(t *testing.T, e *Editor, tr *trace.Trace, correct bool) {
	for i := range tr.Steps {
		s := &tr.Steps[i]
		fillRow(t, e, tr, s, correct)
		fillTables(t, e, tr, s)
		switch event := s.Event.(type) {
		case *trace.RequestVote:
			if !event.Term.Given() {
				checkPlace(t, e.Set(tr, Message(s.Number, "term"), "7"))
			}
			if !event.LastLogTerm.Given() {
				checkPlace(t, e.Set(tr, Message(s.Number, "lastLogTerm"), "0"))
			}
		case *trace.AppendEntries:
			if !event.LeaderCommit.Given() {
				checkPlace(t, e.Set(tr, Message(s.Number, "leaderCommit"), "3"))
			}
		}
	}
}

func fillRow(t *testing.T, e *Editor, tr *trace.Trace, s *trace.Step, correct bool) {
	if _, ok := s.Sender(); !ok {
		return
	}
	if s.Response == nil || s.Response.Blank {
		checkPlace(t, e.Set(tr, Response(s.Number), "{}"))
		return
	}
	if o := s.Response.Others; o != nil && o.IsBlank() && !o.Whole {
		checkPlace(t, e.Set(tr, Others(s.Number), "none"))
	}
	for id := range s.Recipients(tr.Size()).All() {
		c := s.Response.Cell(id)
		switch {
		case c == nil || c.IsBlank():
			checkPlace(t, e.Set(tr, Answer(s.Number, id), "ok"))
		case c.Whole && c.Term.Presence == trace.Blank:
			checkPlace(t, e.Set(tr, AnswerField(s.Number, id, "term"), "2"))
		case correct:
			checkPlace(t, e.Replace(tr, Answer(s.Number, id), "none", "ok"))
		}
	}
}

func fillTables(t *testing.T, e *Editor, tr *trace.Trace, s *trace.Step) {
	if s.StateBlank() {
		checkPlace(t, e.Set(tr, States(s.Number), "{}"))
	}
	for _, st := range s.State {
		blanks := []struct {
			field, text string
			presence    trace.Presence
		}{
			{"term", "2", st.Term.Presence},
			{"votedFor", "none", st.VotedFor.Presence},
			{"log", "[1, \"1:a b\"]", st.Log.Presence},
			{"commitIndex", "0", st.CommitIndex.Presence},
			{"nextIndex", "{}", st.NextIndex.Presence},
		}
		if st.Blank {
			checkPlace(t, e.Set(tr, State(s.Number, st.Node, ""), "{term: 1}"))
		}
		for _, b := range blanks {
			if b.presence == trace.Blank {
				checkPlace(t, e.Set(tr, State(s.Number, st.Node, b.field), b.text))
			}
		}
	}
}

// checkPlace holds an error, if there is one, to its form.
func checkPlace(t *testing.T, err error) {
	t.Helper()
	var e *trace.Error
	if err != nil && (!errors.As(err, &e) || !e.Pos.IsValid() || e.Msg == "") {
		t.Errorf("%#v is no error with a place", err)
	}
}

// wordsBut gives the bytes of a text that no change may touch: all but white
// space and the words for a blank.
func wordsBut(data []byte, e *Editor) []byte {
	var kept []byte
	for i, c := range data {
		blank := false
		for _, w := range e.words {
			blank = blank || i >= w.Lo && i < w.Hi
		}
		if !blank && c > ' ' {
			kept = append(kept, c)
		}
	}
	return kept
}

// isWithin reports whether some bytes of whole are part, in order.
func isWithin(part, whole []byte) bool {
	for _, c := range part {
		n := bytes.IndexByte(whole, c)
		if n < 0 {
			return false
		}
		whole = whole[n+1:]
	}
	return true
}

// fuzzSeeds gives the examples, and small files with every layout.
func fuzzSeeds(f *testing.F) [][]byte {
	var seeds [][]byte
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, data)
	}
	for _, row := range []string{
		" {2: ok, 3: , 4, \"5\": ~ }", " [ok, ~, \"?\", no, null] # c", "\n    2: ok # c\n    3:\n    ? 4\n    : \n", "\n  -\n  - # c\n  - ok\n  - ~\n  -",
		" {\n    2: ok, # c\n    3: {voteGranted: , term: 2}\n   }\n", " &r {}\n- requestVote: {candidateId: 1}\n  response: *r\n",
		"\n  note: 'it''s # no'\n", " {others: ,}\r\n  state: {1: , 2: {term: , log: &a , votedFor}}\r\n", " {2: &x \"ok\"# c\n   , 3: *x}\n- {state: }\n",
		"\n- {requestVote: {candidateId: 日}, response: }\n",
	} {
		seeds = append(seeds, []byte("nodes: 5\nsteps:\n- requestVote: {candidateId: 1}\n  response:"+row))
	}
	return seeds
}
