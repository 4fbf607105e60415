// Package doc has the documents that raftsheet shows, and one writer for each
// format of them: text for a terminal, Markdown, HTML, and for paper LaTeX and
// PDF.
//
// A document is plain data: headings, paragraphs, fields, lists, tables, code
// and places in files, with a few inline marks. It knows nothing of Raft and
// nothing of a format. A writer knows its format and nothing of what a document
// is about.
//
// All text of a document may come from a hostile file. The writers make it safe
// for where it goes, and nobody else has to: [Clean] and [Line] say how for a
// terminal and a log, [JSONString] for JSON, and the files of Markdown, HTML,
// LaTeX and PDF for theirs.
//
// On paper a document may be a form. What is written by hand needs room: cells of
// a height that no text decides, rows that are empty, blocks that no page break
// tears. [Sheet], [Group], [Fields] and [Table] say where. A form that is filled in
// has the geometry of the empty one, so that one can be laid over the other.
package doc

import "slices"

// A Document is what is shown, in no format yet.
type Document struct {
	Title  string // of the page; its heading too, where no block is a heading of level 1
	Wide   bool   // whether a page takes more room for it than a column of text
	Sheet  *Sheet // what paper has on each page, where the document is a form; nil for none
	Blocks []Block
}

// A Sheet is what each page of a form has on paper, beside the title and the
// number of the page. Where there are no pages it is not shown.
type Sheet struct {
	Lines  []Field // at the head: whose it is, on a line to write on where it is empty
	Legend Inline  // at the foot: what is written in the cells
}

// Add puts blocks at the document's end.
func (d *Document) Add(blocks ...Block) { d.Blocks = append(d.Blocks, blocks...) }

// Join makes one document of several, with the title and the sheet of the first.
// On paper each begins a page.
func Join(ds []*Document) *Document {
	if len(ds) == 0 {
		return &Document{}
	}
	out := *ds[0]
	out.Blocks = slices.Clone(out.Blocks)
	for _, d := range ds[1:] {
		for i, b := range d.Blocks {
			if i == 0 {
				b = Group{Apart: true, Blocks: []Block{b}}
			}
			out.Add(b)
		}
	}
	return &out
}

// A Block is a part of a document that begins on a line of its own.
type Block interface{ block() }

func (Heading) block()   {}
func (Paragraph) block() {}
func (Fields) block()    {}
func (List) block()      {}
func (Table) block()     {}
func (Code) block()      {}
func (Excerpt) block()   {}
func (Places) block()    {}
func (Group) block()     {}
func (Detail) block()    {}
func (Bars) block()      {}

// A Heading is over what follows, up to the next one of its level. Levels begin
// with 1, and go down one at a time.
type Heading struct {
	Level int
	Text  Inline
	Page  bool // for a page alone: on a terminal what follows says it again
}

// A Paragraph is lines of running text; mostly one.
type Paragraph struct {
	Lines  []Inline
	Notice bool // to be seen before the rest
	Tight  bool // on a terminal, lines as they are: not folded, and without a gap between two such paragraphs
}

// P is a paragraph of these lines.
func P(lines ...Inline) Paragraph { return Paragraph{Lines: lines} }

// Fields are values with their names.
type Fields struct {
	Rows  []Field
	Form  bool // as on a form: a colon after each name, and on paper a box to write in
	Given bool // on paper, boxes to be read: low, and two in a line
}

// A Field is one value; what is empty is shown as empty.
type Field struct {
	Name   string
	Value  Inline
	AtHead bool // not on paper, where a sheet has it at the head of each page
}

// A List has its items in no order that matters.
type List []Inline

// A Table has rows of as many cells as it has columns.
type Table struct {
	Caption string // what it is a table of
	Columns []Column
	Rows    [][]Cell
	Open    bool // on a terminal: columns without rules, the last one running text
	Bare    bool // on a terminal: no names over the columns
	Ruled   bool // its cells are there to be written in
	Named   bool // its first column has the names of its rows
	Room    int  // on paper, a form's: cells tall enough to write in, and at least so many rows; 0 for a table to read
	Most    int  // on a terminal, show so many rows and count the others; 0 for all
}

// Without gives the table without the columns of a name.
func (tab Table) Without(name string) Table {
	return tab.keep(func(c Column) bool { return c.Name != name })
}

// keep gives the table with those of its columns that are so.
func (tab Table) keep(is func(Column) bool) Table {
	out := tab
	out.Columns, out.Rows = nil, make([][]Cell, len(tab.Rows))
	for i, c := range tab.Columns {
		if !is(c) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for n, row := range tab.Rows {
			out.Rows[n] = append(out.Rows[n], row[i])
		}
	}
	return out
}

// band gives the table's columns [lo, hi), after its first.
func (tab Table) band(lo, hi int) Table {
	out := tab
	out.Columns, out.Rows = slices.Concat(tab.Columns[:1], tab.Columns[lo:hi]), nil
	for _, row := range tab.Rows {
		out.Rows = append(out.Rows, slices.Concat(row[:1], row[lo:hi]))
	}
	return out
}

// A Column says what the cells under it are.
type Column struct {
	Name  string
	Right bool // set to the right, as numbers are
	Page  bool // for a page alone, which has the room
}

// A Cell is one cell of a table.
type Cell struct {
	Text   Inline
	Shaded bool // nothing belongs in it
	Share  int  // a percentage, drawn as a bar beside the text where that can be; 0 for none
}

// Cells makes a row of plain texts.
func Cells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, s := range texts {
		row[i].Text = Text(s)
	}
	return row
}

// Columns makes columns of these names.
func Columns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i].Name = n
	}
	return out
}

// Code is text line by line as it stands in a file.
type Code struct {
	Text     string
	Language string // of its syntax, such as yaml; empty for none
}

// An Excerpt is a line of a file, with a place in it.
type Excerpt struct {
	Line                int // its number, from 1
	Before, Word, After string
	Tone                Mark   // of the place
	Say                 Inline // what there is to say of it; empty for nothing
}

// A Place is something said of a place in a file.
type Place struct {
	File, At string // at is line:column, empty for the whole file
	Kind     string // what kind of thing it is, in a word
	Note     bool   // whether it is a note, and no error
	What     string // one line
	Why      string // empty for nothing
	Excerpt  *Excerpt
}

// Places are said of one file. On a terminal each has its lines, the first of
// which is file:line:column, as tools read it; on a page they are a table.
type Places []Place

// A Group stays together: on one page of paper, without gaps on a terminal.
type Group struct {
	Head   Inline // a line over it; empty for none
	Label  string // on paper, what tells it from others with the same heading; empty for nothing
	Apart  bool   // on paper, it begins a page
	Given  bool   // on paper, what it holds is to be read, without room to write
	Beside bool   // on paper, those of these that follow each other stand in two columns
	Tone   Mark   // the colour of its edge on a page; Plain for no edge
	Blocks []Block
}

// A Detail is for whoever wants more: on a page that can fold it is folded up
// behind its summary; elsewhere the summary is all of it.
type Detail struct {
	Summary Inline
	Blocks  []Block
}

// Bars are counts as a picture.
type Bars struct {
	Caption string // what is counted, by what
	Rows    []Bar
}

// A Bar is one count, from 0.
type Bar struct {
	Name, From string // its name in full, and where it begins
	Count      int
}
