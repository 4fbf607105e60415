package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"raftsheet/render/internal/rendertest"
)

// Whoever types the words that the page names, or the keys, or both, gets these answers,
// and no letter strays into another cell: on the student's page and on the marker's. If
// this fails, a page turns none into no.
func TestAnswersInWords(t *testing.T) {
	const key = "nodes: 5\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: ok, 3: ok, 4: ok, 5: ok}, state: {2: {term: 1, votedFor: 1}}}\n"
	k := rendertest.Key(t, key)
	form, marker := browse(t, formPage(t, k), ""), browse(t, entryPage(t, k, nil), "")
	marker.press("Ann", kb.Enter, kb.Enter)
	for _, c := range []struct{ typed, want, why string }{
		{"yn-", "ok no -", "the keys"},
		{"none", "-", "the word"},
		{"nonenone", "- -", "twice"},
		{"nono", "no no", "no is not none"},
		{"nonone", "no -", "the first is no"},
		{"nonn", "no no no", "the word, then keys"},
		{"okyesokno", "ok ok ok no", "words"},
		{"nokyok", "no ok ok ok", "keys between words"},
		{"noneyesNoOK", "- ok no ok", "capitals"},
		{"---none", "- - - -", "the last answer, before a number"},
		{"yyyno3", "ok ok ok no 3", "a number after the last answer"},
		{"yyynone3", "ok ok ok - 3", "a number after a word"},
		{"truefalse", "ok no", "the words of the format"},
	} {
		for name, b := range map[string]*browser{"the form": form, "the marker's page": marker} {
			ask[bool](b, `document.querySelectorAll("#app input").forEach(i => { i.value = ""; i.dispatchEvent(new InputEvent("input", {inputType: "deleteContent"})); }); document.body.focus(); true`)
			b.run(chromedp.Focus(chromedp.CSS("#app input")))
			b.press(strings.Split(c.typed, "")...)
			got := ask[[]string](b, `[...document.querySelectorAll("#app input")].map(i => i.value || i.placeholder)`)
			want := strings.Fields(c.want)
			if !slices.Equal(got[:len(want)], want) {
				t.Errorf("%s, on %s: %q typed gives %q; want %q", c.why, name, c.typed, got, want)
			}
			for _, after := range got[len(want):] {
				if b == form && after != "" {
					t.Errorf("%s: after %q another cell has %q", c.why, c.typed, after)
				}
			}
		}
	}
	form.says("#start", "type y for ok, n for no, or - for none")
}

// What a sheet prints can be typed as it is printed. If this fails, a student who copies
// entries: [] is refused.
func TestTypedAsPrinted(t *testing.T) {
	b := browse(t, formPage(t, rendertest.Key(t, kindsKey)), "")
	for typed, want := range map[string]string{`log []`: "[]", `log [ ]`: "[]", `log [1:x, 2:y]`: `["1:x", "2:y"]`, `log [1:"a: b"]`: `["1:a: b"]`,
		`votes {}`: "{}", `votes {1: b, 2: none}`: "{1: b, 2: none}", `indexes {b: 4, c: 1}`: "{b: 4, c: 1}"} {
		kind, text, _ := strings.Cut(typed, " ")
		if got := ask[string](b, fmt.Sprintf("String(values.%s(%q))", kind, text)); got != want {
			t.Errorf("%s is read as %s; want %s", typed, got, want)
		}
	}
}
