package render

import (
	"fmt"
	"io"
	"strings"

	"raftsheet/check/grade"
)

// verdictOf is a diagnosis in one line.
func verdictOf(d *grade.Diagnosis) string {
	switch d.Verdict {
	case grade.NothingWrong:
		return "no answer is wrong"
	case grade.Named:
		return "one misunderstanding explains " + ofWrong(d)
	case grade.Tie:
		return fmt.Sprintf("%d misunderstandings explain %s equally well", len(d.Explanations), ofWrong(d))
	}
	return "slips, or too little to go by: no misunderstanding earns a name here"
}

// ofWrong says how many of the wrong answers are explained.
func ofWrong(d *grade.Diagnosis) string {
	if n := d.Explanations[0].Explained; n < d.Wrong {
		return fmt.Sprintf("%d of %d wrong answers", n, d.Wrong)
	}
	return "all of the wrong answers"
}

// fitOf says how well an explanation fits.
func fitOf(e *grade.Explanation) string {
	against := "goes against no right one"
	if e.Contradicted > 0 {
		against = "goes against " + count(e.Contradicted, "right one", "right ones")
	}
	return fmt.Sprintf("it leads to %s, and %s", count(e.Explained, "wrong answer", "wrong answers"), against)
}

// diagnosisText writes what lies behind a trace's wrong answers.
func diagnosisText(w io.Writer, p palette, d *grade.Diagnosis) {
	fmt.Fprintf(w, "\n%s %s\n", p.strong.Sprint("Diagnosis:"), verdictOf(d))
	for i := range d.Explanations {
		e := &d.Explanations[i]
		for _, dev := range e.Deviations {
			fmt.Fprintln(w)
			deviationHead(w, p, dev)
		}
		labelled(w, "  fits      ", fitOf(e))
	}
	if d.Apart != "" {
		fmt.Fprintf(w, "\nThe answers to %s would tell most of them apart.\n", Clean(d.Apart))
	}
	if d.Verdict != grade.NothingWrong && len(d.Untested) > 0 {
		fmt.Fprintf(w, "\nNot put to the test here: %s (raftsheet coverage lists them)\n", count(len(d.Untested), "deviation", "deviations"))
	}
}

// diagnosisMarkdown is diagnosisText as Markdown.
func diagnosisMarkdown(w io.Writer, d *grade.Diagnosis) {
	fmt.Fprintf(w, "Diagnosis: %s.\n\n", verdictOf(d))
	for i := range d.Explanations {
		e := &d.Explanations[i]
		fmt.Fprintf(w, "- %s: %s\n", escapeMarkdown(strings.Join(deviationNames(e.Deviations), " with ")), fitOf(e))
		for _, dev := range e.Deviations {
			fmt.Fprintf(w, "  - believed: %s\n  - but: %s (§%s)\n", escapeMarkdown(dev.Believed), escapeMarkdown(dev.Wrong), dev.Section)
		}
	}
	if d.Apart != "" {
		fmt.Fprintf(w, "\nThe answers to %s would tell most of them apart.\n", escapeMarkdown(d.Apart))
	}
	fmt.Fprintln(w)
}
