package page

import (
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"raftsheet/raft"
)

// A Playground is what the page is made of in which a trace is written, checked and
// stepped through as it is typed.
type Playground struct {
	// Program is raftsheet in WebAssembly, gzipped, and Support the script of the Go
	// that has made it, wasm_exec.js. Without a program the page asks the server that
	// it came from, at addresses relative to its own:
	//
	//	POST ask     a request of package engine, and its reply
	//	GET  events  server-sent events; one named file has the JSON of a [Served]
	//	POST save    the JSON of a Served, to be written over the version that it names:
	//	             200 with the Served of the file now, 409 with it where the file has
	//	             another version, or an error as text
	Program []byte
	Support string

	Examples []Example // to start from; the first is shown where there is nothing else
	Rules    []string  // to begin with, in place of the trace's own; nil for those
	Served   *Served   // the file that the server follows; nil for none
}

// An Example is a trace to start from.
type Example struct {
	Name    string `json:"name"`    // figure7.yaml
	Teaches string `json:"teaches"` // in a line
	Text    string `json:"text"`
}

// A Served is a file on the server, as it was at some time.
type Served struct {
	Name    string `json:"name"`
	Text    string `json:"text"`
	Version string `json:"version"`           // of the text: who saves says which one is replaced
	Problem string `json:"problem,omitempty"` // why there is no text: the file is gone, or cannot be read
	Write   bool   `json:"write,omitempty"`   // whether it may be saved
}

//go:embed bar.gohtml
var barText string

//go:embed playground.gohtml
var playgroundText string

//go:embed playground.css
var playgroundStyle string

//go:embed transport.js
var transportScript string

//go:embed editor.js
var editorScript string

//go:embed served.js
var servedScript string

//go:embed playground.js
var playgroundOwn string

//go:embed worker.js
var workerScript string

// playgroundScript is the whole script of the page.
func playgroundScript() string {
	return scriptOf(baseScript, statesScript, stepOwn, paperScript, transportScript, editorScript, servedScript, playgroundOwn)
}

// playgroundStyles is its whole style sheet.
func playgroundStyles() string { return pageStyle() + playgroundStyle }

var playgroundPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.Must(template.New("playground").Parse(playgroundText)).Parse(barText))
})

// A playgroundSheet is what the template is made of.
type playgroundSheet struct {
	Policy          string
	Style           template.CSS
	Script, Data    template.JS
	Worker, Program template.HTML // in elements of scripts that do not run, where nothing is escaped
}

// The settings of the page, which its script reads.
type (
	playgroundData struct {
		Server   bool      `json:"server,omitempty"`
		Served   *Served   `json:"served,omitempty"`
		Examples []Example `json:"examples"`
		Rules    []choices `json:"rules"`
		Given    []string  `json:"given,omitempty"`
	}
	choices struct {
		Title string   `json:"title,omitempty"` // of a group; empty for a choice by itself
		Rules []choice `json:"rules"`
	}
	choice struct {
		Name string `json:"name"`
		Says string `json:"says"`
	}
)

// WritePlayground writes the page. The same playground gives the same bytes.
func WritePlayground(w io.Writer, p Playground) error {
	data, err := inScript(playgroundData{p.Program == nil, p.Served, slices.Concat([]Example{}, p.Examples), allRules(), p.Rules})
	if err != nil {
		return err
	}
	out := playgroundSheet{Policy: PlaygroundPolicy(p.Program == nil), Style: template.CSS(playgroundStyles()), Script: template.JS(playgroundScript()), Data: data}
	if p.Program != nil {
		// The two end no element: one is base64, and of the other a slash is escaped.
		out.Program = template.HTML(base64.StdEncoding.EncodeToString(p.Program))
		out.Worker = template.HTML(strings.ReplaceAll(p.Support+"\n"+workerScript, "</script", `<\/script`))
	}
	return playgroundPage().Execute(w, out)
}

// PlaygroundPolicy is what the page may load: nothing, but for the worker that it makes
// of itself, or the server that it came from.
func PlaygroundPolicy(server bool) string {
	more := "script-src " + digest(playgroundScript()) + " 'wasm-unsafe-eval' blob:; worker-src blob:; "
	if server {
		more = "script-src " + digest(playgroundScript()) + "; connect-src 'self'; "
	}
	return "default-src 'none'; " + more + "style-src " + digest(playgroundStyles()) + "; img-src blob:; base-uri 'none'; form-action 'none'"
}

// allRules are the rules that there are.
func allRules() []choices {
	out := []choices{{Rules: []choice{{raft.Figure2().Name, "Figure 2 of the Raft paper."}}}}
	sets := choices{Title: "Several deviations together"}
	for _, s := range raft.Sets() {
		sets.Rules = append(sets.Rules, choice{s.Name, s.Title})
	}
	all := choices{Title: "One deviation from Figure 2"}
	for _, d := range raft.Deviations() {
		all.Rules = append(all.Rules, choice{d.Name, d.Believed})
	}
	return append(out, sets, all)
}
