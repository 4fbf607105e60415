//go:build js

// Command wasm is raftsheet as it runs in a page. It gives the page one function, and
// answers for as long as the page is open.
package main

import (
	"runtime/debug"
	"syscall/js"

	"raftsheet/check/grade"
	"raftsheet/examples"
	"raftsheet/render/page/engine"
	"raftsheet/trace"
)

// collected is how much may be made, in percent of what is in use, before the collector
// runs: it stops everything here, and what is made for a check is soon gone.
const collected = 400

func main() {
	debug.SetGCPercent(collected)
	e := engine.New(func() []*trace.Trace {
		return grade.Telling(func(name string) string { return "examples/deviations/" + name + ".yaml" }, examples.Deviation)
	})
	js.Global().Set("raftsheet", js.FuncOf(func(_ js.Value, args []js.Value) any {
		request := make([]byte, args[0].Length())
		js.CopyBytesToGo(request, args[0])
		reply := e.Answer(request)
		out := js.Global().Get("Uint8Array").New(len(reply))
		js.CopyBytesToJS(out, reply)
		return out
	}))
	select {}
}
