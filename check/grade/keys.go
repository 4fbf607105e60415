package grade

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/review"
)

// This file has the keys of a class whose worksheets differ.

// Keys are what a class is marked against: one key, or those of several worksheets, the
// variants, of which each student has one.
type Keys struct {
	all []*Key // by the names of their variants
	any *Key   // what stands for all of them; of one key, itself
}

// OneKey is a key against which everybody is marked.
func OneKey(k *Key) *Keys { return &Keys{[]*Key{k}, k} }

// NewKeys takes in the keys of the variants of a worksheet; name is what they are called
// together, such as their folder. One key is as [OneKey] has it. The error is for two
// keys of one variant, and for none.
func NewKeys(name string, all []*Key) (*Keys, error) {
	if len(all) == 1 {
		return OneKey(all[0]), nil
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: there is no key here", name)
	}
	ks := &Keys{all: slices.Clone(all)}
	slices.SortStableFunc(ks.all, func(a, b *Key) int { return strings.Compare(a.Variant(), b.Variant()) })
	var digests []string
	common := ks.all[0].Trace.Title
	any := &Key{}
	for i, k := range ks.all {
		if i > 0 && isVariant(k.Variant(), ks.all[i-1]) {
			return nil, trace.Errors{{File: k.Trace.File, Document: 1, Pos: k.Trace.Pos,
				Msg: fmt.Sprintf("this is the key of variant %s, and so is %s; give each key a variant of its own", k.Variant(), ks.all[i-1].Trace.File)}}
		}
		if k.Trace.Title != common {
			common = ""
		}
		if k.Max.Cmp(any.Max) > 0 {
			any.Max = k.Max
		}
		any.most = max(any.most, len(k.Trace.Steps))
		digests = append(digests, k.Digest)
	}
	for _, k := range ks.all { // a sheet is read before anybody knows which is its own
		k.most = any.most
	}
	any.Trace, any.Digest = &trace.Trace{File: name, Document: 1, Title: common}, DigestOf([]byte(strings.Join(digests, "\n")))
	ks.any = any
	return ks, nil
}

// Variant is which of several worksheets a key is of: as it says, or as its file is
// called; of a game it is the node's.
func (k *Key) Variant() string {
	if k.Player != raft.NoNode {
		return "node " + k.Trace.Name(k.Player)
	}
	base := filepath.Base(k.Trace.File)
	return cmp.Or(k.Trace.Variant, strings.TrimSuffix(base, filepath.Ext(base)))
}

// isVariant reports whether a key is of that variant, however its name is typed.
func isVariant(name string, k *Key) bool {
	return strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(k.Variant()))
}

// Of gives the key of a variant; nil if there is none.
func (ks *Keys) Of(variant string) *Key {
	for _, k := range ks.all {
		if isVariant(variant, k) {
			return k
		}
	}
	return nil
}

// decided gives the key that a decision is about: that of its cells, or of a whole
// sheet; nil if it is not among these.
func (ks *Keys) decided(d *review.Decision) *Key {
	if len(ks.all) == 1 || d.Key == "" {
		return ks.any
	}
	for _, k := range ks.all {
		if listDigest(k.Digest) == d.Key {
			return k
		}
	}
	return nil
}

// All gives the keys, by the names of their variants.
func (ks *Keys) All() []*Key { return ks.all }

// Title is what the worksheets of all of them are called, empty where that differs.
func (ks *Keys) Title() string { return ks.any.Trace.Title }

// list names the variants.
func (ks *Keys) list() string {
	names := make([]string, len(ks.all))
	for i, k := range ks.all {
		names[i] = k.Variant()
	}
	return list(names)
}
