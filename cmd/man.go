package cmd

import (
	"bytes"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
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

// writeManPages writes the pages of a command and of those below it. It does by
// hand what doc.GenManTree does, which dates its pages and does not write a file
// in one piece.
func writeManPages(c *cobra.Command, dir string) error {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && !sub.IsAdditionalHelpTopicCommand() {
			if err := writeManPages(sub, dir); err != nil {
				return err
			}
		}
	}
	page, err := manPage(c)
	if err != nil {
		return err
	}
	return placeFile(filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"), page)
}

// manPage gives a command's page, without a date: cobra writes one, be it that of
// the zero time.
func manPage(c *cobra.Command) ([]byte, error) {
	var undated time.Time
	header := &doc.GenManHeader{Section: "1", Date: &undated, Source: "raftsheet", Manual: "raftsheet"}
	var page bytes.Buffer
	if err := doc.GenMan(c, header, &page); err != nil {
		return nil, err
	}
	return bytes.Replace(page.Bytes(), []byte(undated.Format("Jan 2006")), nil, 1), nil
}
