package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"raftsheet/render/page"
)

// A score is what a lesson counts.
type score struct{ right, given, left int }

func (b *browser) score() (s score) {
	b.Helper()
	if _, err := fmt.Sscanf(b.text("#score"), "%d of %d answered right, %d left", &s.right, &s.given, &s.left); err != nil {
		b.Fatalf("the score is %q: %v", b.text("#score"), err)
	}
	return s
}

// scores holds the count against that of before, since when so many were answered.
func (b *browser) scores(was score, right, given int) {
	b.Helper()
	if got, want := b.score(), (score{was.right + right, was.given + given, was.left - given}); got != want {
		b.Errorf("the count is %v; want %v", got, want)
	}
}

// answers answers ok until a step is reached.
func (b *browser) answers(until string) {
	b.Helper()
	for range 200 {
		if strings.Contains(b.text("#where"), until) {
			return
		}
		b.press("y", kb.Enter)
	}
	b.Fatalf("%s is never reached", until)
}

// With --predict an answer is shown to who has given one, and counted. If this fails,
// a lesson gives its answers away, or miscounts.
func TestPredict(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{Predict: true}), "#step=1")
	b.says("#score", "Predict each answer: 105 in all")
	b.answers("AE3")
	for _, secret := range []string{"✗", "refuses", "node 7's log ends"} {
		if all := b.text(".event") + b.text(".now"); strings.Contains(all, secret) {
			t.Errorf("before the reader has answered, the page says %q", secret)
		}
	}
	const cut = `Number(document.querySelector(".life svg").getAttribute("height"))`
	const drawn = `document.querySelector(".life svg").textContent` // that the browser's search finds
	if all := ask[string](b, drawn); strings.Contains(all, "wrote") || !strings.Contains(all, "AE2") {
		t.Errorf("before the reader has answered, the picture says %q", all)
	}
	before, was := ask[int](b, cut), b.score()
	b.says(".why", "What does node 2 answer?")
	b.says("caption", "Response")
	b.says(".nodes caption", "Before AE3")
	b.press("y") // node 2: ok
	b.scores(was, 1, 1)
	b.press(kb.Enter, "n", kb.Enter) // node 3: not no
	b.scores(was, 1, 2)
	b.press("2")
	b.says(".why", "Node 7: no")
	b.says(".why", "You were right.")
	b.says(".why", "node 7's log ends at index 1")
	b.says(".nodes caption", "Before AE3")
	b.press(kb.Enter, "n") // node 8: no, the last
	b.scores(was, 3, 4)
	b.says(".nodes caption", "After AE3")
	b.says(".found", "node 7 answers ok; Figure 2 says no")
	if all := ask[string](b, drawn); !strings.Contains(all, "wrote ok") || strings.Contains(all, "RV2") {
		t.Errorf("after the last answer of the step, the picture says %q", all)
	}
	if after := ask[int](b, cut); after <= before {
		t.Errorf("the picture ends %d pixels down before the answers, and %d after", before, after)
	}
	b.press(kb.Enter) // the next step
	b.says("#where", "RV2")
}

// What a reader passes without an answer stays hidden, whichever way it is passed, and
// the count outlasts a reload. If this fails, End shows a whole lesson's answers.
func TestPredictPassed(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{Predict: true}), "")
	b.press(kb.ArrowRight, "y", kb.Enter, "n")
	was := b.score()
	if was.given != 2 || was.left != 103 {
		t.Errorf("the count is %v after two answers of 105", was)
	}
	for _, keys := range [][]string{{kb.End}, {kb.Home, kb.ArrowRight, kb.ArrowRight, kb.ArrowRight}} {
		b.press(keys...)
		b.says(".nodes caption", "Before RV1, the first step that you have not answered")
		if got := ask[int](b, `document.querySelectorAll(".nodes .leader, .nodes .entry").length`); got != 0 {
			t.Errorf("before the first step is answered, %d cells of the nodes show a leader or an entry", got)
		}
	}
	b.press("n") // no, not the next divergence
	b.says("#where", "3 of 19")
	b.scores(was, 0, 1)
	if ask[bool](b, `document.querySelector("#jumps").checkVisibility()`) {
		t.Error("a lesson offers to go to the next divergence, and so tells where it is")
	}
	was = b.score()
	b.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app .side")))
	b.scores(was, 0, 0)
	b.run(chromedp.Click(chromedp.CSS("#score + button")))
	b.says("#score", "Predict each answer: 105 in all")
	b.says("#where", "start")
}
