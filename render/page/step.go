package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render/diagram"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// Options say what a step page shows.
type Options struct {
	Step    int  // stop after this step; 0 for the last
	Predict bool // hide each answer until the reader has given one
	Plain   bool // without the life lines
}

//go:embed step.css
var stepStyle string

//go:embed base.js
var baseScript string

//go:embed states.js
var statesScript string

//go:embed step.js
var stepOwn string

//go:embed paper.js
var paperScript string

//go:embed steppage.js
var stepPageScript string

// stepScript is the whole script of the page.
func stepScript() string {
	return scriptOf(baseScript, statesScript, stepOwn, paperScript, stepPageScript)
}

//go:embed step.gohtml
var stepText string

var stepPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.Must(template.New("step").Parse(stepText)).Parse(barText))
})

// A sheet is what the page is made of.
type sheet struct {
	Title    string
	Policy   string
	Style    template.CSS
	Script   template.JS
	Data     template.JS
	Pictures []Picture
}

// A Picture is the life lines of one side of a trace.
type Picture struct {
	ID  string        `json:"id"` // life, the number of the trace and that of the side, from 0
	SVG template.HTML `json:"svg"`
}

// WriteSteps writes a page that steps through the traces of a file. Of each trace
// there is a report, or two of them under different rules, which are shown side by
// side. It is an error if a trace is longer than anybody steps through.
func WriteSteps(w io.Writer, traces [][]*check.Report, opt Options) error {
	data, pictures, err := StepsOf(traces, opt)
	if err != nil {
		return err
	}
	text, err := inScript(data)
	if err == nil && opt.Predict {
		sum := sha256.Sum256([]byte(text))
		data.ID = hex.EncodeToString(sum[:8])
		text, err = inScript(data)
	}
	if err != nil {
		return err
	}
	script, style := stepScript(), pageStyle()
	return stepPage().Execute(w, sheet{Title: data.Traces[0].Title, Style: template.CSS(style), Script: template.JS(script),
		Data: text, Pictures: pictures,
		Policy: policy(script, style)})
}

// pageStyle is the style sheet of a step page, with that of its pictures.
func pageStyle() string { return stepStyle + "#app .life svg {\n" + diagram.Style() + "}\n" }

// policy lets one script run and one style sheet count, and nothing load.
func policy(script, style string) string {
	return fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; base-uri 'none'; form-action 'none'", digest(script), digest(style))
}

// digest names a script or a style sheet in a policy.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// What a page holds at most.
const (
	mostSteps    = 10_000
	mostMessages = 100_000
	mostEntries  = 1_000_000 // of logs and messages
)

// bounded refuses a page that no browser could show.
func bounded(rep *check.Report, opt Options) error {
	messages, entries := 0, 0
	steps := rep.Run.Steps[:opt.last(rep)]
	for i := range steps {
		messages += len(steps[i].Deliveries)
		for j := range steps[i].Deliveries {
			if m := steps[i].Deliveries[j].Append; m != nil {
				entries += m.Entries.Len()
			}
		}
		if i >= mostSteps || messages > mostMessages || entries > mostEntries {
			t := rep.Run.Trace
			return fmt.Errorf("%s: a page has at most %d steps, %d messages and %d entries in them, and this one would have more; --step stops sooner, such as at %s",
				t.File, mostSteps, mostMessages, mostEntries, t.Steps[max(i-1, 0)].ID)
		}
	}
	return nil
}

// last is the last step that is shown.
func (o Options) last(rep *check.Report) int {
	if o.Step > 0 {
		return min(o.Step, len(rep.Run.Steps))
	}
	return len(rep.Run.Steps)
}

// StepsOf gives what [WriteSteps] puts into a page, for a page that changes: its data,
// and its pictures.
func StepsOf(traces [][]*check.Report, opt Options) (Data, []Picture, error) {
	for _, sides := range traces {
		if err := bounded(sides[0], opt); err != nil {
			return Data{}, nil, err
		}
	}
	var b builder
	var pictures []Picture
	data := Data{Predict: opt.Predict}
	for _, r := range raft.Rulebook() {
		data.Rules = append(data.Rules, Rule{r.Name, r.Figure + ", §" + r.Section, r.Text})
	}
	for n, sides := range traces {
		t := sides[0].Run.Trace
		out := Trace{Title: titleOf(t), Nodes: make([]string, len(t.Names))}
		for i, name := range t.Names {
			out.Nodes[i] = doc.Clean(name)
		}
		for i, rep := range sides {
			side := b.replay(rep, opt.last(rep))
			if svg, steps := lifeOf(rep, opt); svg != "" {
				side.Life = steps
				pictures = append(pictures, Picture{fmt.Sprintf("life-%d-%d", n, i), svg})
			}
			out.Sides = append(out.Sides, side)
		}
		out.Apart = apart(out.Sides)
		data.Traces = append(data.Traces, out)
	}
	data.Shapes = b.all
	return data, pictures, nil
}

// titleOf is what a trace is called: by its title, or by its file.
func titleOf(t *trace.Trace) string {
	if strings.TrimSpace(t.Title) != "" {
		return doc.Clean(t.Title)
	}
	return doc.Clean(t.File)
}

// mostPicture bounds the picture of a page, in bytes: who scrolls through more of
// it is faster with the slider.
const mostPicture = 1 << 20

// lifeOf draws a replay's life lines, if they are wanted and not too long.
func lifeOf(rep *check.Report, opt Options) (template.HTML, []int) {
	last := opt.last(rep)
	shown := diagram.Shown{Report: rep, Last: last}
	if last == 0 || opt.Plain || diagram.Bounded([]diagram.Shown{shown}) != nil {
		return "", nil
	}
	in := diagram.InsetOf(diagram.LifelinesOf(shown))
	if len(in.SVG) > mostPicture {
		return "", nil
	}
	return template.HTML(in.SVG), in.Steps // made of clean text and numbers alone
}

// apart gives the steps in which two sides answer otherwise, or change otherwise.
func apart(sides []Replay) (out []int) {
	if len(sides) < 2 {
		return nil
	}
	for i := range min(len(sides[0].Steps), len(sides[1].Steps)) {
		a, b := &sides[0].Steps[i], &sides[1].Steps[i]
		if !sameJSON(answersOf(a), answersOf(b)) || !sameJSON(a.Changes, b.Changes) {
			out = append(out, i+1)
		}
	}
	return out
}

// answersOf is what a row answers, without the reasons.
func answersOf(s *Step) (out []string) {
	for i := range s.Row {
		out = append(out, s.Row[i].Says, s.Row[i].Term)
	}
	return out
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
