package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

// An Engine answers requests. Several may be asked at once; it keeps what it has read
// last, so that the second question about a text costs little.
type Engine struct {
	telling func() []*trace.Trace

	mu   sync.Mutex
	last *checked
}

// New makes an engine. The function gives the traces by which a tie between two
// misunderstandings may be told apart; nil for none.
func New(telling func() []*trace.Trace) *Engine { return &Engine{telling: telling} }

// The bounds of a request. Whoever writes more by hand is better served by the
// command line.
const (
	mostText    = 2 << 20  // bytes of a text
	mostSteps   = 10_000   // of a trace
	mostWork    = 8_000    // messages and entries of a text of which the deviations are played
	mostEntries = 2_000    // of a message that is explained
	mostMended  = 16 << 10 // bytes of a text that is tried with small changes
	mostFound   = 300      // errors that are listed
	mostNotes   = 50       // notes that are listed
	mostSummed  = 5        // documents of which each has a summary
	mostDrawn   = 150      // steps of the life lines that are drawn anew with every change
)

// Answer answers a request, a [Request] in JSON, with the JSON of a reply: check with
// [Checked], complete with [Completions], hover with [Hover], fill and share with
// [Text], explain, diagnose, coverage and picture with [Shown]; and what cannot be done
// with [Failure]. It never panics.
func (e *Engine) Answer(request []byte) (reply []byte) {
	defer func() {
		if p := recover(); p != nil {
			reply = encode(Failure{fmt.Sprintf("raftsheet failed at this text: %v", p)})
		}
	}()
	var r Request
	if err := decode(request, &r); err != nil {
		return encode(Failure{err.Error()})
	}
	do, known := requests[r.Do]
	if !known {
		return encode(Failure{fmt.Sprintf("there is no request %q", r.Do)})
	}
	out, err := do(e, &r)
	if err != nil {
		return encode(Failure{inWords(err)})
	}
	return encode(out)
}

// requests says what answers each.
var requests = map[string]func(*Engine, *Request) (any, error){
	"check":    (*Engine).check,
	"complete": (*Engine).complete,
	"hover":    (*Engine).hover,
	"fill":     (*Engine).fill,
	"share":    (*Engine).share,
	"explain":  (*Engine).explain,
	"diagnose": (*Engine).diagnose,
	"coverage": (*Engine).coverage,
	"picture":  (*Engine).picture,
}

// decode reads a request, and refuses what is too large.
func decode(request []byte, r *Request) error {
	if len(request) > 7*mostText { // as many as JSON may make of them
		return tooLarge()
	}
	if err := json.Unmarshal(request, r); err != nil {
		return fmt.Errorf("this request is not one of the page's: %w", err)
	}
	if len(r.Text) > mostText {
		return tooLarge()
	}
	for _, name := range r.Rules {
		if _, err := raft.RulesNamed(name); err != nil {
			return err
		}
	}
	if r.Name == "" {
		r.Name = "trace.yaml"
	}
	return nil
}

func tooLarge() error {
	return fmt.Errorf("the text is larger than %d bytes, which is too much to check while you type; raftsheet check takes it", mostText)
}

func encode(reply any) []byte {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false) // it stands in no page
	if err := w.Encode(reply); err != nil {
		return []byte(`{"error":"the reply could not be written"}`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// inWords is an error in one line, without the name of the file: the page has one.
func inWords(err error) string {
	var errs trace.Errors
	var one *trace.Error
	switch {
	case errors.As(err, &errs) && len(errs) > 0:
		one = errs[0]
	case !errors.As(err, &one):
		return err.Error()
	}
	if !one.Pos.IsValid() {
		return one.Msg
	}
	return fmt.Sprintf("line %d: %s", one.Pos.Line, one.Msg)
}

// checked is a text that was checked.
type checked struct {
	name, text string
	rules      []string
	file       *check.File
}

// checkedFile gives a request's text checked: that of the last request, if it is the
// same. It is called, and the file is used, under the engine's lock: a file looks for
// the ends of its words when it is first asked for one.
func (e *Engine) checkedFile(r *Request) *check.File {
	if c := e.last; c != nil && c.name == r.Name && c.text == r.Text && slices.Equal(c.rules, r.Rules) {
		return c.file
	}
	e.last = &checked{r.Name, r.Text, r.Rules, checkText(r)}
	return e.last.file
}

// checkText reads, replays and compares a request's text.
func checkText(r *Request) *check.File {
	src, err := trace.ReadToEdit(r.Name, strings.NewReader(r.Text), limits())
	return check.CheckSource(src, err, check.Settings{Limits: limits(), Rules: r.Rules})
}

func limits() trace.Limits {
	lim := trace.DefaultLimits()
	lim.Bytes, lim.Nodes, lim.Steps = mostText, 1_000_000, mostSteps
	return lim
}
