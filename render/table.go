package render

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table writes a table for a terminal. Cells are text from anywhere: they are
// cleaned here. A header may be nil.
func table(w io.Writer, header []string, rows [][]string) error {
	t := tablewriter.NewTable(w,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.Separators{BetweenRows: tw.Off}},
		})),
	)
	if header != nil {
		t.Header(cleanAll(header))
	}
	for _, row := range rows {
		if err := t.Append(cleanAll(row)); err != nil {
			return err
		}
	}
	return t.Render()
}

func cleanAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = Clean(c)
	}
	return out
}

// bands parts a row of many columns into bands that a terminal has room for.
func bands(columns int) [][2]int {
	const most = 10
	var out [][2]int
	for lo := 0; lo < columns; lo += most {
		out = append(out, [2]int{lo, min(lo+most, columns)})
	}
	return out
}

// pad brings a text to a width in cells.
func pad(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-width(s)))
}

const screen = 80 // columns of a terminal

// fold writes a text after its head in lines that fit a terminal, as far as its
// words allow; what is over stands under the text.
func fold(w io.Writer, head, text string) {
	indent := strings.Repeat(" ", width(head))
	line, empty := head, true
	for word := range strings.FieldsSeq(Clean(text)) {
		if !empty && width(line)+1+width(word) > screen {
			fmt.Fprintln(w, line)
			line, empty = indent, true
		}
		switch {
		case !empty:
			word = " " + word
		case strings.TrimSpace(line) == "":
			word = cleanLine(word)
		}
		line, empty = line+word, false
	}
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}

// clip shortens a text to so many columns.
func clip(s string, to int) string {
	s = Clean(s)
	if width(s) <= to {
		return s
	}
	for width(s) > to-3 {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s + "..."
}
