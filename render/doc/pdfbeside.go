//go:build !js

package doc

// This file sets groups beside each other, and measures them first.

// beside sets groups in two columns, so that no page tears them; below each other in full
// width where one of them fits on no page.
func (s *setter) beside(groups []Group, at measure) {
	w := besideWidth(at.w)
	heights, fit := s.heights(groups, w)
	if !fit {
		for _, g := range groups {
			s.group(g, at)
		}
		return
	}
	for _, both := range columns(groups, heights, s.full) {
		line := slab{above: betweenForms}
		for i, column := range both {
			trial := s.trial()
			for _, g := range column {
				trial.group(g, measure{at.x + float64(i)*(w+besideGap), w})
			}
			s.together(&line, trial.slabs)
		}
		s.put(line)
	}
}

// trial is a setter that sets something by itself.
func (s *setter) trial() *setter {
	return &setter{fonts: s.fonts, sheet: s.sheet, given: s.given, title: s.title, full: s.full}
}

// heights gives how much of a page each of the groups takes, and whether it fits on one.
func (s *setter) heights(groups []Group, wide float64) (heights []float64, fit bool) {
	fit = true
	for _, g := range groups {
		h := s.heightOf(g, wide)
		heights, fit = append(heights, h), fit && h <= s.full
	}
	return heights, fit
}

// together adds to a slab what others show, below each other. Each of their headings has
// its entry in the table of contents still.
func (s *setter) together(line *slab, slabs []slab) {
	y := 0.0
	for i, sl := range slabs {
		if i > 0 {
			y += sl.above
		}
		if sl.title != "" {
			s.put(slab{above: line.above, hold: true, title: sl.title, level: sl.level})
			line.above = 0
		}
		for _, sh := range sl.shapes {
			sh.y += y
			line.add(sh)
		}
		y += sl.height
	}
	line.height = max(line.height, y)
}

// heightOf is how much of a page a group takes.
func (s *setter) heightOf(g Group, wide float64) float64 {
	trial := s.trial()
	trial.group(g, measure{0, wide})
	return heightOf(trial.slabs)
}
