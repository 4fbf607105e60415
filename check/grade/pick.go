package grade

import (
	"fmt"
	"strings"
	"sync"

	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// This file says which key is a student's, where not all have the same worksheet.

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

// OfStudent gives the key of a student's variant, as the roster has it, or as one of the
// student's numbers is called; nil if that is none of these.
func (ks *Keys) OfStudent(s Student, roster *intake.Roster) *Key {
	if len(ks.all) == 1 {
		return ks.all[0]
	}
	k, _ := ks.ofStudent(&Submission{By: s}, roster)
	return k
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
func (ks *Keys) marker(set Settings, ds *diagnosers) marker {
	copies := make(map[*Key]*Key)
	return func(s *Submission, r *reading, errs trace.Errors, by *rulings) {
		k, why := ks.pick(s, r.trace, set.Roster)
		decided := by.variant()
		if decided != nil {
			k, why = decided.as, ""
		}
		s.key = k
		if why != "" {
			s.Outcome, s.Why, s.astray = Unmatched, why, true
			return
		}
		if copies[k] == nil {
			if len(copies) == mostAtHand {
				clear(copies)
			}
			copies[k] = k.Clone()
		}
		var d *diagnoser
		if set.Diagnose {
			d = ds.of(k)
		}
		copies[k].markSubmission(s, r, errs, by, d)
		if s.foreign {
			ks.recognise(s, r.trace)
		}
		if s.Sheet == nil {
			return
		}
		if len(ks.all) > 1 {
			s.Sheet.Key = k // and not a copy for each student
		}
		if decided != nil {
			s.Sheet.remark(trace.Pos{}, "an instructor has had it marked as variant %s%s", k.Variant(), afterDash(decided.Note.Text))
		}
	}
}

// afterDash is an instructor's note behind a sentence; empty for none.
func afterDash(note string) string {
	if note == "" {
		return ""
	}
	return "; note: " + named(note)
}

// recognise names the variant whose messages are on a sheet that is of another worksheet
// than its student's.
func (ks *Keys) recognise(s *Submission, sheet *trace.Trace) {
	if len(ks.all) == 1 {
		return
	}
	if k, _ := ks.byMessages(sheet); k != nil {
		s.foreign, s.astray = false, true
		s.Why = fmt.Sprintf("its messages are those of variant %s, and this student's worksheet is variant %s", k.Variant(), s.key.Variant())
	}
}

// diagnosers are what finds the misunderstandings behind the mistakes against each key,
// made when it is asked for. Where each student has a key, all of them would be most of
// what marking holds; so the first ones are let go.
type diagnosers struct {
	apart *parters
	mu    sync.Mutex
	made  map[*Key]func() *diagnoser
	order []*Key // of those, as they were made
}

// mostAtHand is how many keys, of which a student's may be another, are kept at hand for
// the next sheet of one.
const mostAtHand = 16

func newDiagnosers(apart *parters) *diagnosers {
	return &diagnosers{apart: apart, made: make(map[*Key]func() *diagnoser)}
}

func (ds *diagnosers) of(k *Key) *diagnoser {
	ds.mu.Lock()
	get := ds.made[k]
	if get == nil {
		get = sync.OnceValue(func() *diagnoser { return newDiagnoser(k, ds.apart) })
		ds.made[k], ds.order = get, append(ds.order, k)
		if len(ds.order) > mostAtHand {
			delete(ds.made, ds.order[0])
			ds.order = ds.order[1:]
		}
	}
	ds.mu.Unlock()
	return get()
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
