package render

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"
)

//go:embed class.gohtml
var classPageText string

var classPage = sync.OnceValue(func() *template.Template {
	return page("class", classPageText, template.FuncMap{"capital": capital})
})

// classHTML writes a class's figures as a page.
func classHTML(w io.Writer, c *classReport, _ Options) error {
	var b bytes.Buffer
	if err := classPage().Execute(&b, c); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Of is how many points there are.
func (c *classReport) Of() string { return points(c.Key.Max) }

// A histogram is laid out in the units of its picture.
type histogram struct {
	Width, Height, Floor int
	Bars                 []bar
}

type bar struct {
	X, Y, Width, Height  int
	Middle, Above, Below int // where its figures stand
	Sheets               int
	From, Name           string
}

// Histogram lays out the marks; nil where there are none.
func (c *classReport) Histogram() *histogram {
	const wide, high, head, foot, gap = 60, 160, 20, 20, 8
	most := c.mostInBin()
	if most == 0 {
		return nil
	}
	h := &histogram{Width: wide * len(c.Marks.Bins), Height: head + high + foot, Floor: head + high}
	for i, b := range c.Marks.Bins {
		height := high * b.Sheets / most
		h.Bars = append(h.Bars, bar{X: wide*i + gap/2, Y: h.Floor - height, Width: wide - gap, Height: height,
			Middle: wide*i + wide/2, Above: h.Floor - height - 5, Below: h.Floor + 15,
			Sheets: b.Sheets, From: decimals(b.From), Name: binName(b)})
	}
	return h
}
