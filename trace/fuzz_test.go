package trace

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"raftsheet/raft"
)

// FuzzParse reads whatever there is. The reader must come to an end soon, must
// not panic, says no more than it promises, and every place that it names lies
// in the file.
func FuzzParse(f *testing.F) {
	for _, seed := range parseSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		file, err := Parse("f", data, DefaultLimits())
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("it takes %v to read %d bytes", took, len(data))
		}
		if file == nil || string(file.Bytes()) != string(data) {
			t.Fatal("the file that is read has other bytes")
		}
		if err == nil && len(file.Traces) == 0 {
			t.Error("there is neither a trace nor an error")
		}
		checkTold(t, file, err)
		for _, tr := range file.Traces {
			for _, e := range tr.Errors {
				if e.Step < 0 || e.Step > len(tr.Steps) {
					t.Errorf("an error is of step %d of %d", e.Step, len(tr.Steps))
				}
			}
			checkSound(t, tr)
			w := &placeWalk{t: t, f: file, tr: tr}
			w.inside(reflect.ValueOf(tr))
		}
	})
}

// checkTold looks at what is said of a file.
func checkTold(t *testing.T, f *File, err error) {
	if err == nil {
		return
	}
	errs, ok := err.(Errors)
	if !ok || len(errs) == 0 || len(errs) > maxErrors+1 {
		t.Fatalf("%d errors of type %T", len(errs), err)
	}
	var last Pos
	for _, e := range errs {
		checkPos(t, f, e.Pos)
		if e.File != "f" || e.Msg == "" || strings.ContainsAny(e.Msg, "\n\r\x1b") {
			t.Errorf("the error %q of %q would not do on a line of its own", e.Msg, e.File)
		}
		if e.Pos.Line < last.Line || e.Pos.Line == last.Line && e.Pos.Column < last.Column {
			t.Errorf("the error at %s comes after that at %s", e.Pos, last)
		}
		last = e.Pos
	}
}

// checkSound says what holds of every trace, so that nobody else has to ask.
func checkSound(t *testing.T, tr *Trace) {
	ids := make(map[string]bool)
	for i := range tr.Steps {
		s := &tr.Steps[i]
		if s.Number != i+1 || s.ID == "" || ids[s.ID] {
			t.Errorf("step %d has the number %d and the id %q", i+1, s.Number, s.ID)
		}
		ids[s.ID] = true
		if s.Unread != (s.Touched != 0) || s.Unread && s.Event != nil {
			t.Errorf("step %d is unread: %t, touches %b and has the event %v", i+1, s.Unread, s.Touched, s.Event)
		}
		asked := s.Recipients(tr.Size())
		if sender, ok := s.Sender(); ok && (sender == 0 || int(sender) > tr.Size() || asked.Has(sender)) {
			t.Errorf("step %d has the sender %d", i+1, sender)
		}
		if (s.Lost|s.ResponseLost)&^asked != 0 || s.Lost&s.ResponseLost != 0 {
			t.Errorf("step %d loses %b and the answers of %b, and is sent to %b", i+1, s.Lost, s.ResponseLost, asked)
		}
	}
	if tr.Size() < 1 || tr.Size() > 64 || tr.RaftID != 0 && tr.Unknown.Has(tr.RaftID) {
		t.Errorf("a trace of %d nodes and the sheet of %d, who is unknown", tr.Size(), tr.RaftID)
	}
}

// inside says that every place lies in the file, and every node is one of the
// trace's. What stands there is for
// TestPlaces: a fuzzer finds every way to write a word.
func (w *placeWalk) inside(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.inside(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.inside(v.Index(i))
		}
	case reflect.Uint8:
		if id, ok := v.Interface().(raft.NodeID); ok && int(id) > w.tr.Size() {
			w.t.Errorf("node %d is named of %d", id, w.tr.Size())
		}
	case reflect.Struct:
		if p, ok := v.Interface().(Pos); ok && p.IsValid() {
			checkPos(w.t, w.f, p)
		}
		for i := range v.NumField() {
			w.inside(v.Field(i))
		}
	}
}

// parseSeeds gives the examples, all that the tests read, and the hazards that
// are small.
func parseSeeds(f *testing.F) [][]byte {
	var seeds [][]byte
	for _, path := range exampleFiles(f) {
		seeds = append(seeds, readFile(f, path))
	}
	for _, m := range fenced.FindAllStringSubmatch(Format(), -1) {
		seeds = append(seeds, []byte(m[1]))
	}
	tables, err := filepath.Glob("testdata/errors/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range tables {
		table, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, row := range rowHead.Split(string(table), -1) {
			in, _, _ := strings.Cut(row, "=> ")
			seeds = append(seeds, []byte(in))
		}
	}
	for _, tt := range validTraces {
		seeds = append(seeds, []byte(tt.in))
	}
	for _, h := range hazards {
		if len(h.in) < 5000 {
			seeds = append(seeds, []byte(h.in))
		}
	}
	return append(seeds, []byte("\n#=> \xff"))
}
