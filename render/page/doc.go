// Package page writes pages with a script: one to step through a trace, and one to fill
// a sheet in. Each is one file, which loads nothing and works offline.
//
// A page is data first. [Form] is a sheet cut at its blanks. [Replay] says what happened
// in a trace, step by step, and what each step changed; [Text] is a sentence of it. Go
// makes every sentence and decides every answer. The script of a page knows nothing of
// Raft: it applies changes to the states that it shows, and shows sentences.
//
// All text of a page may come from a hostile trace. It is clean, it travels as JSON
// that cannot end its element, and the script sets it as text alone. The policy of
// a page names its one script and its styles by their digests: nothing else runs,
// and nothing is fetched.
package page
