package grade

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/grade/intake"
	"raftsheet/trace"
	"raftsheet/trace/review"
)

// This file says which key is a student's, where not all have the same worksheet.

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
		digests = append(digests, k.Digest)
	}
	any.Trace, any.Digest = &trace.Trace{File: name, Document: 1, Title: common}, DigestOf([]byte(strings.Join(digests, "\n")))
	ks.any = any
	return ks, nil
}

// Variant is which of several worksheets a key is of: as it says, or as its file is
// called.
func (k *Key) Variant() string {
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

// limits are those of reading a sheet, whichever key is its.
func (ks *Keys) limits() trace.Limits {
	lim := ks.any.limits()
	for _, k := range ks.all {
		lim.Steps = max(lim.Steps, k.limits().Steps)
	}
	return lim
}

// pick says which key a sheet is marked against: that of the student's variant, as the
// roster has it, or the student's id; or else of the variant that the sheet says, or
// the one whose messages are on it, or as which its file is called. Where there is none,
// or the sheet says another variant than the student has, why says so, and an instructor
// decides.
func (ks *Keys) pick(s *Submission, sheet *trace.Trace, roster *intake.Roster) (k *Key, why string) {
	if len(ks.all) == 1 {
		if k := ks.all[0]; k.Trace.Variant == "" || sheet.Variant == "" || isVariant(sheet.Variant, k) {
			return k, ""
		}
		return ks.all[0], fmt.Sprintf("the sheet is of variant %s, and the key is of variant %s", named(sheet.Variant), ks.all[0].Variant())
	}
	own, name := ks.ofStudent(s, roster)
	says := ks.Of(sheet.Variant)
	switch {
	case name != "" && own == nil:
		return nil, fmt.Sprintf("the roster says variant %s, of which there is no key; there are keys of %s", named(name), ks.list())
	case own != nil && sheet.Variant != "" && says != own:
		return own, fmt.Sprintf("the sheet is of variant %s, and this student's worksheet is variant %s", named(sheet.Variant), own.Variant())
	case own != nil:
		return own, ""
	case says != nil:
		return says, ""
	case sheet.Variant != "":
		return nil, fmt.Sprintf("the sheet is of variant %s, of which there is no key; there are keys of %s", named(sheet.Variant), ks.list())
	}
	if k, why = ks.byMessages(sheet); k == nil && ks.Of(s.By.Name) != nil {
		return ks.Of(s.By.Name), ""
	}
	return k, why
}

// ofStudent gives the key of a student's variant: as the roster has it, whose name of it
// is given too, or as one of the student's numbers is called.
func (ks *Keys) ofStudent(s *Submission, roster *intake.Roster) (k *Key, name string) {
	for _, who := range append([]Student{s.By}, s.With...) {
		if name := roster.Variant(who); name != "" {
			return ks.Of(name), name
		}
	}
	for _, who := range append([]Student{s.By}, s.With...) {
		if !who.Known() {
			continue // a file's name, which anybody gives it
		}
		login, _, _ := strings.Cut(who.Email, "@")
		for _, id := range []string{who.SIS, who.ID, who.Login, who.Email, login, who.Name} {
			if k := ks.Of(id); id != "" && k != nil {
				return k, ""
			}
		}
	}
	return nil, ""
}

// byMessages gives the key whose messages are on a sheet that does not say whose it is.
func (ks *Keys) byMessages(sheet *trace.Trace) (*Key, string) {
	var fit []*Key
	for _, k := range ks.all {
		if k.isOf(sheet) {
			fit = append(fit, k)
		}
	}
	switch len(fit) {
	case 1:
		return fit[0], ""
	case 0:
		return nil, "the sheet does not say its variant, and its messages are those of no key; there are keys of " + ks.list()
	}
	return nil, fmt.Sprintf("the sheet does not say its variant, and its messages are those of several keys: %s", (&Keys{all: fit}).list())
}

// isOf reports whether most of the key's messages are on a sheet.
func (k *Key) isOf(sheet *trace.Trace) bool {
	a := (&Sheet{Key: k}).align(sheet)
	all, same := 0, 0
	for i := range k.Trace.Steps {
		if k.Trace.Steps[i].Event == nil {
			continue
		}
		all++
		if s := a.steps[i]; s != nil && s.Event != nil && !a.other[i] {
			same++
		}
	}
	return 2*same > all
}

// list names the variants.
func (ks *Keys) list() string {
	names := make([]string, len(ks.all))
	for i, k := range ks.all {
		names[i] = k.Variant()
	}
	return list(names)
}

// named is a name that a file gives, cut to what a sentence can repeat.
func named(variant string) string {
	const most = 60
	if r := []rune(variant); len(r) > most {
		return string(r[:most]) + "..."
	}
	return variant
}

// marker marks sheets for one worker, each against its own key. A key is copied when it
// is first needed.
func (ks *Keys) marker(set Settings, diagnosers map[*Key]func() *diagnoser) marker {
	copies := make(map[*Key]*Key)
	return func(s *Submission, r *reading, errs trace.Errors, by *rulings) {
		k, why := ks.pick(s, r.trace, set.Roster)
		s.key = k
		if why != "" {
			s.Outcome, s.Why, s.astray = Unmatched, why, true
			return
		}
		if copies[k] == nil {
			copies[k] = k.Clone()
		}
		var d *diagnoser
		if set.Diagnose {
			d = diagnosers[k]()
		}
		copies[k].markSubmission(s, r, errs, by, d)
	}
}

// diagnosers give what finds the misunderstandings behind the mistakes against each key,
// made when it is first asked for.
func (ks *Keys) diagnosers(apart *parters) map[*Key]func() *diagnoser {
	out := make(map[*Key]func() *diagnoser)
	for _, k := range ks.all {
		out[k] = sync.OnceValue(func() *diagnoser { return newDiagnoser(k, apart) })
	}
	return out
}

// Alike parts a class by its variants: each part is the sheets that one key has marked. A
// class with one key is such a part itself.
func (c *Class) Alike() []*Class {
	if c.Variants == nil {
		return []*Class{c}
	}
	var out []*Class
	for _, k := range c.Variants {
		part := &Class{Key: k}
		for i := range c.Submissions {
			if s := &c.Submissions[i]; s.Sheet != nil && s.key == k {
				part.Submissions = append(part.Submissions, *s)
			}
		}
		out = append(out, part)
	}
	return out
}
