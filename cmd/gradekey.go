package cmd

import (
	"fmt"

	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/trace"
)

// gradeKey makes a key of a file that holds one trace, see [app.keyOf].
func (a *app) gradeKey(src *trace.File) (*grade.Key, error) {
	if n := len(src.Traces); n > 1 {
		return nil, trace.Errors{{File: src.Name, Pos: src.Traces[1].Pos, Msg: fmt.Sprintf("a key is one trace, and this file holds %d", n)}}
	}
	key, err := a.keyOf(src.Traces[0])
	if err == nil {
		key.Digest = grade.DigestOf(src.Bytes())
	}
	return key, err
}

// keyOf makes a key of a trace, and warns where its own answers are wrong.
func (a *app) keyOf(t *trace.Trace) (*grade.Key, error) {
	key, err := grade.NewKey(t)
	if err == nil {
		a.warnKey(key)
	}
	return key, err
}

// warnKey says on standard error where a key is wrong itself.
func (a *app) warnKey(key *grade.Key) {
	name := key.Trace.File
	warn := func(n int, what string) {
		if n > 0 {
			a.tell("%s: %s (%d); see raftsheet check %s", name, what, n, name)
		}
	}
	own := key.Own
	warn(own.CountKind(finding.Response)+own.CountKind(finding.State), "some of the key's answers differ from the reference's, by which sheets are marked")
	warn(own.CountKind(finding.Message), "nobody could have sent some messages of the key")
	warn(own.CountKind(finding.Safety), "the key's cluster breaks a safety property")
}
