package cmd

import (
	"errors"

	"raftsheet/check/grade"
	"raftsheet/check/order"
	"raftsheet/trace"
)

// This file reads what grade marks by: a key, a scheme, or the sheets themselves.

// A markedBy names the key that sheets are marked against, or a scheme; or it says that
// they are those of one game.
type markedBy struct {
	key, own string
	merge    bool
	states   int // of the search for the game's order
}

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
	case m.merge && m.by() != "":
		return errors.New("--merge marks the sheets of a game against the order of their messages; leave --key and --own out")
	case m.merge && lists:
		return errors.New("--review and --marks list the cells of a key; in a game each student has cells of their own")
	case m.merge && m.states < 1:
		return errors.New("--states takes a number from 1 on")
	case m.merge:
		return nil
	case m.by() == "":
		return errors.New("grade needs a key: --key KEY; or a scheme, for sheets that no key fits: --own SCHEME; or --merge, for the sheets of a game that a group has played")
	case m.key != "" && m.own != "":
		return errors.New("--own marks sheets without a key; write --key or --own")
	case m.states != order.DefaultStates:
		return errors.New("--states goes with --merge")
	case m.own != "" && lists:
		return errors.New("--review and --marks list the cells of a key; sheets that --own marks have cells of their own")
	}
	return nil
}

// marking gives the files that grade marks by, their keys, which are nil for a scheme,
// and what marks by them. What is wrong with them is shown.
func (a *app) marking(m *markedBy) ([]markFile, *grade.Keys, func([]grade.Input, grade.Settings) *grade.Class, error) {
	if m.merge {
		return nil, nil, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkGame(in, m.states, set) }, nil
	}
	if m.own != "" {
		src, scheme, err := a.scheme(m.own)
		if err != nil {
			return nil, nil, nil, a.fail(src, err)
		}
		return markedByFile(m.own, src), nil, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkOwn(scheme, in, set) }, nil
	}
	files, keys, err := a.keysOf(m.key)
	return files, keys, func(in []grade.Input, set grade.Settings) *grade.Class { return grade.MarkEach(keys, in, set) }, err
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
