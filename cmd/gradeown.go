package cmd

import (
	"errors"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// This file reads what grade marks by: a key, or a scheme.

// by is the file of the key, or of the scheme.
func (g *gradeCommand) by() string {
	if g.own != "" {
		return g.own
	}
	return g.key
}

// what is what by names.
func (g *gradeCommand) what() string {
	if g.own != "" {
		return "the scheme"
	}
	return "the key"
}

// ownFlags is an error for flags that go with a key alone.
func (g *gradeCommand) ownFlags() error {
	if g.own != "" && (g.review != "" || len(g.marks) > 0) {
		return errors.New("--review and --marks list the cells of a key; sheets that --own marks have cells of their own")
	}
	return nil
}

// marking gives the file that grade marks by, its key, which is nil for a scheme, and
// what marks by it.
func (a *app) marking(g *gradeCommand) (*trace.File, *grade.Key, func([]grade.Input, grade.Settings) *grade.Class, error) {
	if g.own != "" {
		src, scheme, err := a.scheme(g.own)
		return src, nil, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkOwn(scheme, in, set) }, err
	}
	src, err := a.read(g.key)
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
