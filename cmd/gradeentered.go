package cmd

import (
	"github.com/spf13/cobra"

	"raftsheet/check/grade"
)

// This file reads the sheets that were typed in from paper.

func addEnteredFlag(c *cobra.Command, g *gradeCommand) {
	c.Flags().StringArrayVar(&g.entered, "entered", nil, "mark the sheets in this `file` too, which the page of blank --entry has saved; may be repeated")
	completeFlag(c, "entered", filesOf(".yaml", ".yml"))
}

// readEntered adds the sheets in the files of --entered to what was handed in.
func (a *app) readEntered(g *gradeCommand, in *gradeInputs) error {
	var all []grade.Entered
	files := make(map[string][]byte)
	for _, name := range g.entered {
		data, err := in.readMore("--entered", name, a.maxBytes)
		if err != nil {
			return err
		}
		files[name] = data
		all = append(all, grade.Entered{Name: name, Data: data})
	}
	return a.failEach(files, grade.Enter(in.handedIn, all, in.roster))
}
