// Package editor says what an editor shows at a place of a trace: the words that may
// be written there, and why the cell there is what it is. It knows text, the format and
// replays; it knows no editor and no protocol.
package editor
