package diagram

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"raftsheet/raft"
	"raftsheet/render/doc"
)

// mostMermaid is how many characters Mermaid draws, and GitHub with it
// (maxTextSize).
const mostMermaid = 50_000

// noteWidest bounds a text of a note, in characters.
const noteWidest = 300

// writeMermaid writes life lines as a sequence diagram. A message that arrives
// late stands where it arrives. A Mermaid file holds one diagram.
func writeMermaid(w io.Writer, all []*Lifelines) error {
	if len(all) != 1 {
		return fmt.Errorf("a Mermaid file holds one diagram, and these are %d traces; --document picks one", len(all))
	}
	m := mermaid{l: all[0]}
	m.line("sequenceDiagram")
	m.line("title %s", plain(headline(m.l.Title, m.l.Rules)))
	for _, n := range m.l.Nodes {
		m.line("participant n%d as %s", n.ID, plain(n.Name))
	}
	for _, e := range m.l.Before.Are {
		m.line("Note over n%d: %s", e.Node, plain(e.Text))
	}
	m.divergences(m.l.Before.Divergences)
	for i := range m.l.Steps {
		if m.step(&m.l.Steps[i]); m.b.Len() > mostMermaid {
			return fmt.Errorf("a Mermaid diagram has at most %d characters, and this one would have more; --step writes fewer steps, such as %s-%s",
				mostMermaid, m.l.Steps[0].ID, m.l.Steps[max(i-1, 0)].ID)
		}
	}
	_, err := io.WriteString(w, m.b.String())
	return err
}

type mermaid struct {
	l *Lifelines
	b strings.Builder
}

func (m *mermaid) line(format string, args ...any) {
	if m.b.Len() > 0 {
		m.b.WriteString("    ")
	}
	fmt.Fprintf(&m.b, format+"\n", args...)
}

// across is a note over all nodes.
func (m *mermaid) across(text string) {
	first, last := m.l.Nodes[0].ID, m.l.Nodes[len(m.l.Nodes)-1].ID
	over := fmt.Sprintf("n%d", first)
	if last != first {
		over += fmt.Sprintf(",n%d", last)
	}
	m.line("Note over %s: %s", over, text)
}

func (m *mermaid) step(s *Step) {
	head := "step " + s.ID
	if len(s.Says) > 0 {
		head += ": " + strings.Join(s.Says, ", ")
	}
	text := plain(head)
	if s.Note != "" {
		text += "<br/>" + plain(clip(s.Note, noteWidest))
	}
	m.across(text)
	for phase := Begins; phase <= Ends; phase++ {
		for i := range m.l.Arrows {
			m.arrow(&m.l.Arrows[i], Moment{s.Number, phase})
		}
		m.events(s, phase)
	}
	m.divergences(s.Divergences)
}

// events writes what nodes do and become in a phase: a note for each node, or for
// several side by side of which the same is to be said.
func (m *mermaid) events(s *Step, phase Phase) {
	first, said := raft.NoNode, ""
	end := func(last raft.NodeID) {
		switch {
		case said == "":
		case first == last:
			m.line("Note over n%d: %s", first, said)
		default:
			m.line("Note over n%d,n%d: %s", first, last, said)
		}
	}
	last := raft.NoNode
	for _, n := range m.l.Nodes {
		text := m.note(s, phase, n.ID)
		if text != said {
			end(last)
			first, said = n.ID, text
		}
		last = n.ID
	}
	end(last)
}

// note is what a node does and becomes in a phase.
func (m *mermaid) note(s *Step, phase Phase, id raft.NodeID) string {
	var texts []string
	for _, e := range s.Events {
		if e.Phase != phase || e.Node != id {
			continue
		}
		text := e.Text
		if e.Implied {
			text += " (unwritten)"
		}
		if e.Kind == Wrong {
			text = "✗ " + text
		}
		texts = append(texts, plain(text))
	}
	return strings.Join(texts, "<br/>")
}

// arrow writes a message in the moment in which it arrives, or is lost.
func (m *mermaid) arrow(a *Arrow, now Moment) {
	if a.Ends != now || !m.shown(a.From) || !m.shown(a.To) {
		return
	}
	sign := "->>"
	switch {
	case a.Answer && a.Fate == Delivered:
		sign = "-->>"
	case a.Answer:
		sign = "--x"
	case a.Fate != Delivered:
		sign = "-x"
	}
	text := a.Says
	if a.Answer {
		text = a.Label
	} else if name, _, found := strings.Cut(text, " "); found && !a.Late {
		text = name
	}
	text += [...]string{Delivered: "", Lost: " (lost)", ToDown: " (down)", CutOff: " (cut off)"}[a.Fate]
	if a.Late {
		text += " (late, " + m.sentIn(a.Sent.Step) + ")"
	}
	m.line("n%d%sn%d: %s", a.From, sign, a.To, plain(text))
}

func (m *mermaid) shown(id raft.NodeID) bool {
	return slices.ContainsFunc(m.l.Nodes, func(n Node) bool { return n.ID == id })
}

// sentIn names the step in which a message was sent.
func (m *mermaid) sentIn(step int) string {
	for i := range m.l.Steps {
		if m.l.Steps[i].Number == step {
			return "of step " + m.l.Steps[i].ID
		}
	}
	return "of an earlier step"
}

// divergences writes what is wrong in a step.
func (m *mermaid) divergences(ds []Divergence) {
	for i := range ds[:min(len(ds), mostNotes)] {
		text := plain(clip("✗ "+ds[i].Head, noteWidest))
		if ds[i].Reason != "" {
			text += "<br/>" + plain(clip(ds[i].Reason, noteWidest))
		}
		m.across(text)
	}
}

// special is what could mean something to Mermaid: all punctuation but a few
// signs, and the word that ends a block.
var special = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^\pL\pN\pM ().,:=/+≠–…✗§\[\]-]`)
})
var blockEnd = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bend\b`) })

// plain is text that shows as itself in a Mermaid diagram.
func plain(s string) string {
	s = special().ReplaceAllStringFunc(doc.Clean(s), func(c string) string { return fmt.Sprintf("#%d;", []rune(c)[0]) })
	return blockEnd().ReplaceAllStringFunc(s, func(w string) string { return fmt.Sprintf("#%d;", w[0]) + w[1:] })
}
