package diagram_test

import (
	"regexp"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/render/diagram"
	"raftsheet/render/internal/rendertest"
)

func mermaidOf(t *testing.T, r *check.Report) string {
	t.Helper()
	var b strings.Builder
	if err := diagram.Write(&b, "mermaid", []*diagram.Lifelines{life(r)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The whole of a small diagram, as Mermaid's manual of sequence diagrams writes
// one: solid arrows ask, dashed ones answer, and those that do not arrive end in a
// cross.
func TestMermaid(t *testing.T) {
	text := `title: "Lost; twice"
nodes: 3
steps:
  - id: ask
    requestVote: {candidateId: 1, term: 1}
    lost: [3]
    response: {2: no, 3: none}
`
	const want = `sequenceDiagram
    title Lost#59; twice
    participant n1 as 1
    participant n2 as 2
    participant n3 as 3
    Note over n1,n3: step ask: RequestVote, term 1, last entry: index 0, term 0
    Note over n1: timeout (unwritten)
    n1->>n2: RequestVote
    n1-xn3: RequestVote (lost)
    Note over n2: term 1<br/>✗ wrote no
    n2-->>n1: ok
    Note over n1: leader t1
    Note over n1,n3: ✗ node 2 answers no#59; Figure 2 says ok<br/>node 2 has not voted in term 1, and the candidate#39;s log and node 2#39;s #101;nd alike, at index 0 (RequestVote rule 2, §5.4.1)
`
	if got := mermaidOf(t, reports(t, "lost.yaml", text)[0]); got != want {
		t.Errorf("the diagram is\n%s\nnot\n%s", got, want)
	}
}

// mermaidLine is every line that a diagram may have. What a trace says has nothing
// in it that means something to Mermaid, but for entities.
var mermaidLine = regexp.MustCompile(`^(sequenceDiagram|    (title |participant n\d+ as |Note over n\d+(,n\d+)?: |n\d+(->>|-->>|-x|--x)n\d+: )([^#;%{}<>"\\` + "`" + `\n]|#\d+;|<br/>)+)$`)

// A text that tries to leave its place stays in its line. If this fails, a trace
// can give GitHub's Mermaid directives of its own, or break the diagram.
func TestHostileMermaid(t *testing.T) {
	more := []string{"%%{init: {'theme': 'dark'}}%%", "a;b", "a#b;", "end", "END", "loop x", "a\n    n1->>n2: b", "<br/>", "wrap: x", "$$x$$", "ﬂ°°60¶ß"}
	for _, text := range append(more, rendertest.Texts...) {
		f := rendertest.HostileFile(text)
		if len(f.Reports) == 0 {
			t.Errorf("%q: %v", text, f.Errors)
			continue
		}
		for _, line := range strings.Split(strings.TrimSuffix(mermaidOf(t, f.Reports[0]), "\n"), "\n") {
			_, said, _ := strings.Cut(line, ": ")
			if !mermaidLine.MatchString(line) || regexp.MustCompile(`(?i)\bend\b`).MatchString(said) {
				t.Errorf("%q makes the line %q", text, line)
			}
		}
	}
}

// A Mermaid file has one diagram in it. If this fails, a file of two traces makes
// one that no reader takes.
func TestOneMermaid(t *testing.T) {
	l := life(example(t, "first.yaml")[0])
	err := diagram.Write(&strings.Builder{}, "mermaid", []*diagram.Lifelines{l, l})
	if err == nil || !strings.Contains(err.Error(), "--document") {
		t.Errorf("two traces: %v", err)
	}
}
