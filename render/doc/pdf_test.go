package doc

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/raft/wide"
	"raftsheet/render/internal/papertest"
)

// onPaper is a document of these blocks in a format for paper.
func onPaper(t testing.TB, format string, opt Options, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, d, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asShown is a text as a PDF shows it: cleaned, with code points for what the fonts
// do not have.
func asShown(text string) string {
	var b strings.Builder
	fonts := newFontCase()
	for _, r := range fonts.runs(Clean(text), bodyStyle) {
		if r.code || r.char == 0 {
			b.WriteString(r.text)
		}
	}
	return b.String()
}

// Whatever a text is, a PDF shows it as text and holds nothing that runs.
func TestHostilePDF(t *testing.T) {
	more := []string{`)Tj ET`, `\) endstream endobj`, `<</JS (app.alert(1))/S/JavaScript>>`, "%%EOF", "trailer", `\`, "✓ ✗ ↳ ○", "Ωмир §", "😀"}
	for _, text := range append(more, wide.Of(hostile[:4], hostile)...) {
		pdf := onPaper(t, "pdf", Options{}, every(text))
		if got := papertest.Squeezed(papertest.Text(t, pdf)...); !strings.Contains(got, papertest.Squeezed(asShown(text))) {
			t.Errorf("%q: the pages do not have %q:\n%s", text, asShown(text), got)
		}
		info := papertest.Info(t, pdf)
		if info["JavaScript"] != "no" || info["Form"] != "none" || info["Title"] != strings.TrimSpace(Clean(text)) {
			t.Errorf("%q: pdfinfo finds %v", text, info)
		}
	}
}

// The same document gives the same bytes, as often as it is written, by several at
// once too; nothing says when. All characters of the fonts are in it, some of which
// share a glyph.
func TestPDFSameBytes(t *testing.T) {
	fonts, all := newFontCase(), ""
	for r := rune(' '); r < 0xffff; r++ {
		if _, has := fonts.advance(regular, r); has {
			all += string(r)
		}
	}
	d := every("x")
	d.Add(P(Text(all).Add(Strong, all).Add(Literal, all)))
	want := onPaper(t, "pdf", Options{}, d)
	if !bytes.Contains(want, []byte("/CreationDate (D:19700101000000)")) {
		t.Error("the file says when it was made")
	}
	var all6 sync.WaitGroup
	for range 6 {
		all6.Go(func() {
			if !bytes.Equal(onPaper(t, "pdf", Options{}, d), want) {
				t.Error("other bytes")
			}
		})
	}
	all6.Wait()
}

// The paper is as it was asked for, and an unknown one is refused.
func TestPaper(t *testing.T) {
	for paper, want := range map[string]string{"": "595.28 x 841.89 pts (A4)", "a4": "595.28 x 841.89 pts (A4)", "letter": "612 x 792 pts (letter)"} {
		if got := papertest.Info(t, onPaper(t, "pdf", Options{Paper: paper}, every("x")))["Page size"]; got != want {
			t.Errorf("%q: %s, want %s", paper, got, want)
		}
	}
	for _, format := range []string{"latex", "pdf"} {
		if err := Write(&bytes.Buffer{}, format, every("x"), Options{Paper: "a5"}); err == nil || !strings.Contains(err.Error(), "letter") {
			t.Errorf("%s on a5: %v", format, err)
		}
	}
}

// What the fonts do not have is told once, and only then.
func TestTell(t *testing.T) {
	for text, want := range map[string]string{"plain ✓ é Ω": "", "日本 日": "日 本 are", "a日b": "日 is", "一二三四五六七": "and 2 more characters are"} {
		for _, format := range []string{"pdf", "latex"} {
			var told []string
			onPaper(t, format, Options{Tell: func(s string) { told = append(told, s) }}, &Document{Title: text, Blocks: []Block{P(Text(text), Text(text))}})
			if len(told) > 1 || strings.Join(told, "") == "" != (want == "") || !strings.Contains(strings.Join(told, ""), want) {
				t.Errorf("%s of %q: told %q, want %q", format, text, told, want)
			}
		}
	}
}

// Lines are not wider than their room, and no character is lost; a character that
// is wider by itself has a line of its own.
func TestFoldedForPDF(t *testing.T) {
	fonts := newFontCase()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("aWi .-日✓é   "))).Draw(t, "text")
		in := Text(text).Add(Literal, text).Add(Strong, text)
		room := rapid.Float64Range(5, 80).Draw(t, "room")
		got := ""
		for _, line := range fonts.fold(in, bodyStyle, room) {
			if runsWidth(line) > room+1e-6 && len(line) > 1 {
				t.Fatalf("a line of %.2f in %.2f", runsWidth(line), room)
			}
			for _, r := range line {
				if r.char != 0 {
					got += string(r.char)
				} else {
					got += r.text
				}
			}
		}
		if papertest.Squeezed(got) != papertest.Squeezed(text+text+text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

// Slabs keep their order and stay on their page; what holds together is on one page
// where that can be, and no page is turned too early: what begins one would not
// have fitted on the one before.
func TestPaginate(t *testing.T) {
	const full = 100.0
	rapid.Check(t, func(t *rapid.T) {
		slabs := make([]slab, rapid.IntRange(1, 40).Draw(t, "slabs"))
		for i := range slabs {
			slabs[i] = slab{height: rapid.Float64Range(1, 60).Draw(t, "height"), above: rapid.Float64Range(0, 5).Draw(t, "above"),
				hold: rapid.Bool().Draw(t, "hold"), lead: rapid.IntRange(0, 4).Draw(t, "lead") == 0, apart: i > 0 && rapid.IntRange(0, 9).Draw(t, "apart") == 0, title: fmt.Sprint(i)}
		}
		pageOf := make([]int, 0, len(slabs))
		for n, page := range paginate(slabs, full) {
			for _, s := range page {
				if s.title != fmt.Sprint(len(pageOf)) {
					t.Fatalf("slab %s comes as number %d", s.title, len(pageOf))
				}
				if s.y+s.height > full+1e-9 {
					t.Fatalf("slab %s ends at %.2f of %.2f", s.title, s.y+s.height, full)
				}
				pageOf = append(pageOf, n)
			}
		}
		if len(pageOf) != len(slabs) {
			t.Fatalf("%d of %d slabs", len(pageOf), len(slabs))
		}
		for i := range slabs[:len(slabs)-1] {
			alone := slabs[i].lead && slabs[i].hold && !slabs[i+1].lead && (i == 0 || !slabs[i-1].lead)
			if alone && slabs[i].height+slabs[i+1].above+slabs[i+1].height <= full && pageOf[i] != pageOf[i+1] {
				t.Fatalf("slab %d is over the next one, and last on its page", i)
			}
		}
		for lo := 0; lo < len(slabs); {
			hi, sum := lo, 0.0
			for more := true; more; hi++ {
				sum += slabs[hi].height + slabs[hi].above
				more = slabs[hi].hold && hi+1 < len(slabs)
			}
			if sum <= full && pageOf[lo] != pageOf[hi-1] {
				t.Fatalf("slabs %d to %d take %.2f, and are on pages %d to %d", lo, hi-1, sum, pageOf[lo], pageOf[hi-1])
			}
			lo = hi
		}
	})
}

// A table that goes on on the next page has its head there too.
func TestTableHeadAgain(t *testing.T) {
	tab := Table{Columns: Columns("headword", "b")}
	for i := range 150 {
		tab.Rows = append(tab.Rows, Cells(fmt.Sprint(i), "x"))
	}
	pages := papertest.Text(t, onPaper(t, "pdf", Options{}, &Document{Title: "t", Blocks: []Block{tab}}))
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "headword") || !strings.Contains(page, fmt.Sprintf("%d of %d", i+1, len(pages))) {
			t.Errorf("page %d has no head:\n%s", i+1, page)
		}
	}
}
