//go:build js

// Command wasm is raftsheet as it runs in a page. It gives the page one function, and
// answers for as long as the page is open.
package main

import (
	"runtime"
	"runtime/debug"
	"syscall/js"

	"raftsheet/check/grade"
	"raftsheet/examples"
	"raftsheet/render/page/engine"
	"raftsheet/trace"
)

// The collector stops everything here, and what is made for a check is soon gone. So it
// runs between two requests, once there is something to collect, and during one only
// where that makes very much.
const (
	collected = 400     // percent of what is in use that a request may make
	garbage   = 4 << 20 // bytes that may be left when nobody waits
)

func main() {
	debug.SetGCPercent(collected)
	e := engine.New(func() []*trace.Trace {
		return grade.Telling(func(name string) string { return "examples/deviations/" + name + ".yaml" }, examples.Deviation)
	})
	inUse := uint64(0)
	rest := js.FuncOf(func(js.Value, []js.Value) any {
		if heap() > inUse+garbage {
			runtime.GC()
			inUse = heap()
		}
		return nil
	})
	js.Global().Set("raftsheet", js.FuncOf(func(_ js.Value, args []js.Value) any {
		request := make([]byte, args[0].Length())
		js.CopyBytesToGo(request, args[0])
		reply := e.Answer(request)
		out := js.Global().Get("Uint8Array").New(len(reply))
		js.CopyBytesToJS(out, reply)
		js.Global().Call("setTimeout", rest) // once the reply is on its way
		return out
	}))
	select {}
}

// heap is how many bytes are in use, or wait to be collected.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
