package cmd

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the man pages into a folder",
		Long: `man writes a man page for each command into the folder DIR, which it makes. The
pages are the same whenever they are written. To read them:

  raftsheet man share/man/man1
  man -M share/man raftsheet`,
		Example:           `  raftsheet man ~/.local/share/man/man1`,
		Args:              exactly("one DIR", 1),
		ValidArgsFunction: inTurn(folders),
		RunE: func(c *cobra.Command, args []string) error {
			if err := makeFolder(args[0]); err != nil {
				return err
			}
			return writeManPages(c.Root(), args[0])
		},
	}
}

// writeManPages writes the pages of a command and of those below it.
func writeManPages(c *cobra.Command, dir string) error {
	for _, sub := range c.Commands() {
		if hasManPage(sub) {
			if err := writeManPages(sub, dir); err != nil {
				return err
			}
		}
	}
	return placeFile(filepath.Join(dir, manName(c)+".1"), []byte(manPage(c)))
}

// hasManPage reports whether a command has a page: a topic of help has none.
func hasManPage(c *cobra.Command) bool {
	return c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand()
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage gives a command's page, without a date. Cobra has a package for it, which goes
// by way of Markdown: it fills what is indented, and getting its parser ready would be
// a tenth of every command's start.
func manPage(c *cobra.Command) string {
	c.InitDefaultHelpCmd()
	c.InitDefaultHelpFlag()
	var m manWriter
	m.line(`.nh`)
	m.line(`.TH "%s" "1" "" "raftsheet" "raftsheet"`, strings.ToUpper(manName(c)))
	m.section("NAME")
	m.text(manName(c) + " - " + c.Short)
	m.section("SYNOPSIS")
	m.line(`\fB%s\fP`, roff(c.UseLine()))
	m.section("DESCRIPTION")
	m.paragraphs(cmp.Or(c.Long, c.Short))
	m.options("OPTIONS", c.NonInheritedFlags())
	m.options("OPTIONS INHERITED FROM PARENT COMMANDS", c.InheritedFlags())
	if c.Example != "" {
		m.section("EXAMPLE")
		m.example(strings.Split(c.Example, "\n"))
	}
	var others []string
	if c.HasParent() {
		others = append(others, manName(c.Parent()))
	}
	for _, sub := range c.Commands() {
		if hasManPage(sub) {
			others = append(others, manName(sub))
		}
	}
	m.section("SEE ALSO")
	m.line(`\fB%s(1)\fP`, strings.Join(others, `(1)\fP, \fB`))
	return m.String()
}

// A manWriter writes a page in the macros of man(7).
type manWriter struct {
	strings.Builder
	begun bool // the section has a paragraph
}

func (m *manWriter) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *manWriter) section(name string) {
	m.begun = false
	m.line(".SH %s", name)
}

// text writes a line of text, in which nothing is a command: it is roff's already.
func (m *manWriter) text(s string) {
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	m.line("%s", s)
}

func (m *manWriter) paragraph() {
	if m.begun {
		m.line(".PP")
	}
	m.begun = true
}

// example writes lines as they are, less the indentation of the first.
func (m *manWriter) example(lines []string) {
	indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " \t"))]
	m.line(".IP") // a space above it, and some to its left
	m.line(".EX")
	for _, l := range lines {
		m.text(roff(strings.TrimPrefix(l, indent)))
	}
	m.line(".EE")
}

// paragraphs writes a command's description: headings, paragraphs, which are filled,
// and lines that are indented, which are not.
func (m *manWriter) paragraphs(long string) {
	isIndented := func(l string) bool { return strings.HasPrefix(l, "  ") || strings.HasPrefix(l, "\t") }
	for _, part := range strings.Split(strings.TrimSpace(long), "\n\n") {
		lines := strings.Split(strings.Trim(part, "\n"), "\n")
		if heading := strings.TrimLeft(lines[0], "#"); heading != lines[0] {
			m.line(".SS %s", roff(strings.TrimSpace(heading)))
			m.begun = false
			lines = lines[1:]
		} else if !isIndented(lines[0]) {
			m.paragraph()
		}
		for len(lines) > 0 {
			n := slices.IndexFunc(lines, func(l string) bool { return isIndented(l) != isIndented(lines[0]) })
			if n < 0 {
				n = len(lines)
			}
			if isIndented(lines[0]) {
				m.example(lines[:n])
			} else {
				for l := range strings.SplitSeq(bold(strings.Join(lines[:n], "\n")), "\n") {
					m.text(l)
				}
			}
			lines, m.begun = lines[n:], true
		}
	}
}

// options writes a section of flags, with their defaults.
func (m *manWriter) options(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	m.section(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		m.line(".TP")
		name, value := `\fB--`+f.Name+`\fP`, "="+f.DefValue
		if f.Shorthand != "" {
			name = `\fB-` + f.Shorthand + `\fP, ` + name
		}
		if f.Value.Type() == "string" {
			value = fmt.Sprintf("=%q", f.DefValue)
		}
		if f.NoOptDefVal != "" {
			value = "[" + value + "]"
		}
		m.line("%s%s", name, roff(value))
		m.text(bold(f.Usage))
	})
}

// bold is text in which what is between backquotes stands out.
func bold(s string) string {
	parts := strings.Split(roff(s), "`")
	for i := 1; i+1 < len(parts); i += 2 {
		parts[i] = `\fB` + parts[i] + `\fR`
	}
	return strings.Join(parts, "")
}

// roff is text in which no backslash begins a command of roff's.
func roff(s string) string { return strings.ReplaceAll(s, `\`, `\e`) }
