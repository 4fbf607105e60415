//go:build js

// Command wasm is raftsheet as it runs in a page. It gives the page one function, and
// answers for as long as the page is open.
package main

import (
	"syscall/js"

	"raftsheet/check/grade"
	"raftsheet/examples"
	"raftsheet/render/page/engine"
	"raftsheet/trace"
)

func main() {
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
