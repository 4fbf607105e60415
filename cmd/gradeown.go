package cmd

import (
	"errors"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// This file reads what grade marks by: a key, or a scheme.

// A markedBy names the key that sheets are marked against, or a scheme.
type markedBy struct{ key, own string }

// by is the file of the key, or of the scheme.
func (m *markedBy) by() string {
	if m.own != "" {
		return m.own
	}
	return m.key
}

// what is what by names.
func (m *markedBy) what() string {
	if m.own != "" {
		return "the scheme"
	}
	return "the key"
}

// onlyOne is an error unless there is a key or a scheme, and a key where there are
// lists of its cells.
func (m *markedBy) onlyOne(lists bool) error {
	switch {
	case m.by() == "":
		return errors.New("grade needs a key: --key KEY; or a scheme, for sheets that no key fits: --own SCHEME")
	case m.key != "" && m.own != "":
		return errors.New("--own marks sheets without a key; write --key or --own")
	case m.own != "" && lists:
		return errors.New("--review and --marks list the cells of a key; sheets that --own marks have cells of their own")
	}
	return nil
}

// marking gives the file that grade marks by, its key, which is nil for a scheme, and
// what marks by it.
func (a *app) marking(m *markedBy) (*trace.File, *grade.Key, func([]grade.Input, grade.Settings) *grade.Class, error) {
	if m.own != "" {
		src, scheme, err := a.scheme(m.own)
		return src, nil, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkOwn(scheme, in, set) }, err
	}
	src, err := a.read(m.key)
	if err != nil {
		return src, nil, nil, err
	}
	key, err := a.gradeKey(src)
	return src, key, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkAll(key, in, set) }, err
}

// scheme reads a scheme.
func (a *app) scheme(name string) (*trace.File, *grade.Scheme, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, nil, trace.Errors{{File: shownName(name), Msg: systemText(err)}}
	}
	defer in.Close()
	read, src, err := trace.ReadScheme(shownName(name), in, a.limits())
	if err != nil {
		return src, nil, err
	}
	scheme, err := grade.NewScheme(read)
	if err == nil {
		scheme.Digest = grade.DigestOf(src.Bytes())
	}
	return src, scheme, err
}
