package diagram

import (
	"fmt"
	"io"
	"strings"

	"raftsheet/render"
)

// A Panels is the logs of a trace at some moments, side by side.
type Panels struct {
	Title string
	Rules string // empty under Figure 2
	Logs  []*Logs
}

const (
	margin     = 16.0
	panelGap   = 34.0
	panelsWide = 1240.0 // after which panels go on below
	titleLine  = 26.0
)

// WritePanels draws logs at moments, as the paper's Figures 6, 7 and 8 do.
func WritePanels(w io.Writer, all []Panels) error {
	c := &canvas{}
	f := flow{c: c, x: margin, y: margin}
	var titles []string
	moments, used := 0, make(marks)
	for i := range all {
		f.group(&all[i])
		for _, l := range all[i].Logs {
			used.logs(l)
		}
		titles, moments = append(titles, all[i].Title), moments+len(all[i].Logs)
	}
	legend(c, margin, f.y+f.tallest+4, max(c.right-2*margin, 360), samples(used))
	return c.write(w, strings.Join(titles, "; "), fmt.Sprintf("The logs of the nodes at %s: a row for each node, a cell for each entry with its term.", render.Count(moments, "moment", "moments")))
}

// A flow sets panels side by side, and goes on below where there is no room.
type flow struct {
	c       *canvas
	x, y    float64
	tallest float64 // of the line
}

func (f *flow) group(p *Panels) {
	head := headline(p.Title, p.Rules)
	grids, widths := make([]grid, len(p.Logs)), make([]float64, len(p.Logs))
	room := -panelGap
	for i, l := range p.Logs {
		grids[i] = gridOf(l, labelWidth(l, 130))
		w, _ := grids[i].size()
		widths[i] = max(w, grids[i].label+wide(l.Title, 8))
		room += widths[i] + panelGap
	}
	widths[len(widths)-1] += max(0, wide(head, titleEach)-room)
	for i, l := range p.Logs {
		if f.x > margin && f.x+widths[i] > panelsWide {
			f.x, f.y, f.tallest = margin, f.y+f.tallest+panelGap/2, 0
		}
		if i == 0 {
			f.c.text(f.x, f.y+14, "title", head)
		}
		f.panel(l, &grids[i], widths[i])
		f.x += widths[i] + panelGap
	}
}

// panel draws one moment.
func (f *flow) panel(l *Logs, g *grid, w float64) {
	_, h := g.size()
	y, titled := f.y+titleLine, wide(l.Title, 8)+8
	f.c.text(f.x+g.label, y+12, "id", l.Title)
	if room := int((w - g.label - titled) / 5.5); room > 8 {
		f.c.text(f.x+g.label+titled, y+12, "small soft", clip(l.Note, room))
	}
	g.draw(f.c, f.x, y+18)
	f.tallest = max(f.tallest, titleLine+18+h+12)
	f.c.reach(f.x+w+margin, f.y+f.tallest+margin)
}

const titleEach = 10.5 // pixels of a character

// headline is a trace's title, cut where it is longer than a line, and the rules
// where they are not Figure 2's.
func headline(title, rules string) string {
	const most = 90
	title = clip(title, most)
	if rules != "" {
		title += " (under " + clip(rules, most) + ")"
	}
	return title
}
