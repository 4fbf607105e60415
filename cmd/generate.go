package cmd

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/generate"
	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/trace"
)

// generateCommand is the flags of generate.
type generateCommand struct {
	wish     generate.Wish
	atStake  []string
	lost     string
	form     string
	title    string
	seed     uint64
	given    bool // the seed is
	format   string
	key      string
	out      string
	variants int
	roster   string
	minimal  bool
	followUp string
}

func (a *app) generateCommand() *cobra.Command {
	var g generateCommand
	c := &cobra.Command{
		Use:   "generate [flags]",
		Short: "Make a new worksheet, or one for each student",
		Long: `generate makes a new worksheet: messages that are possible from the first to the
last, and a blank for each answer. Followers are cut off, fall behind and are
repaired; leaders change; votes are split.

--at-stake names the misunderstandings that the answers have to reveal
(raftsheet rules lists them); what cannot be had in so few messages is an error
that says what can. --form paper writes messages with the fields of the paper
form (index and value), --form worksheet with those of Figure 2. With --events
elections and clients' requests are steps of their own.

The worksheet goes to standard output as blank KEY would print it, its key to
the file of --key. With --out DIR worksheets go to DIR/sheets and keys to
DIR/keys: one, as many as --variants says, or one for each student of --roster,
all equally hard: each asks as many cells of every rule. Questions for an LMS
have the answers in them, and go to DIR/keys.

--minimal makes the shortest worksheet that tells the misunderstandings at stake
from Figure 2 and from each other. --follow-up SHEET does so for the
explanations that check --diagnose leaves tied for a student's sheet.

The seed is drawn by lot unless it is given. The same seed and flags give the
same worksheet; whoever has them has the key. They are in the keys, and on no
worksheet.

generate never replaces a key by another one. To add worksheets for those who
come late, lengthen the roster (or raise --variants) and run the command of
DIR/keys/README.md again: whoever has a worksheet keeps it, and the new ones are
as hard.`,
		Example: `  raftsheet generate --key key.yaml > sheet.yaml
  raftsheet generate --nodes 8 --append-entries 12 --request-votes 6 --form paper --format pdf > sheet.pdf
  raftsheet generate --at-stake vote-log-unchecked,always-truncate --key key.yaml > sheet.yaml
  raftsheet generate --roster roster.csv --out variants
  raftsheet generate --minimal --at-stake vote-twice,vote-for-rival > question.yaml`,
		Args: exactly("no arguments", 0),
		RunE: func(c *cobra.Command, _ []string) error {
			g.given = c.Flags().Changed("seed")
			return a.generate(&g)
		},
	}
	a.generateFlags(c, &g)
	return c
}

const defaultTitle = "Worksheet"

// generateFlags adds the flags of generate.
func (a *app) generateFlags(c *cobra.Command, g *generateCommand) {
	f := c.Flags()
	f.IntVar(&g.wish.Nodes, "nodes", 5, "the number of nodes in the cluster")
	f.IntVar(&g.wish.AppendEntries, "append-entries", 6, "the number of AppendEntries messages; with --minimal and --follow-up the most")
	f.IntVar(&g.wish.RequestVotes, "request-votes", 3, "the number of RequestVote messages; likewise")
	f.Uint64Var(&g.seed, "seed", 0, "the seed of what is drawn by lot (default: another one each time)")
	f.StringSliceVar(&g.atStake, "at-stake", nil, "the misunderstandings that the answers have to reveal")
	f.IntVar(&g.wish.Leaders, "leaders", 0, "how many elections are won (default: as they come)")
	f.StringVar(&g.lost, "lost", "20%", "how many of the requests do not arrive, about")
	f.StringVar(&g.form, "form", generate.FormNames[0], "how messages are written: "+formats(generate.FormNames))
	f.BoolVar(&g.wish.Events, "events", false, "make elections and clients' requests steps of their own")
	f.StringVar(&g.title, "title", defaultTitle, "the worksheet's title")
	f.StringVar(&g.format, "format", "yaml", "the output's format: "+formats(blankFormats()))
	f.StringVar(&g.key, "key", "", "write the key to this `file`")
	f.StringVar(&g.out, "out", "", "write worksheets and keys to this `folder`")
	f.IntVar(&g.variants, "variants", 0, "make so many worksheets, equally hard; with --out")
	f.StringVar(&g.roster, "roster", "", "make a worksheet for each student of the class, as a CSV `file` lists it; with --out")
	f.BoolVar(&g.minimal, "minimal", false, "make the shortest worksheet that tells what is at stake apart")
	f.StringVar(&g.followUp, "follow-up", "", "make the shortest worksheet that decides what explains this `sheet`")
	completeFlag(c, "at-stake", completeRules)
	completeWords(c, "form", generate.FormNames)
	completeWords(c, "format", blankFormats())
	completeFlag(c, "key", filesOf(traceExts...))
	completeFlag(c, "out", folders)
	completeFlag(c, "roster", filesOf(".csv"))
	completeFlag(c, "follow-up", filesOf(traceExts...))
	a.paperFlag(c)
}

func (a *app) generate(g *generateCommand) error {
	if a.rules != nil {
		return errors.New("generate makes worksheets by Figure 2; --rules is for checking them")
	}
	if err := g.settle(); err != nil {
		return err
	}
	switch {
	case g.out != "":
		return a.generateAll(g)
	case g.variants != 0 || g.roster != "":
		return errors.New("several worksheets need a folder to go to: --out DIR")
	}
	if err := a.knownFormat(g.format, blankFormats()); err != nil {
		return err
	}
	sheet, err := a.makeOne(g)
	if err != nil {
		return err
	}
	key, data, err := a.keyOfSheet(g, sheet.Trace)
	if err != nil {
		return err
	}
	if g.key != "" {
		if err := g.keepsKey(data); err != nil {
			return err
		}
		if err := writeAll(func(o *outputs) error { return o.file(g.key, atHand(data)) }); err != nil {
			return err
		}
	} else if !g.given {
		a.tell("raftsheet: note: this is the worksheet of --seed %d", g.seed)
	}
	a.tellAlike(g, &generate.Class{Sheets: []*generate.Sheet{sheet}, AtStake: g.wish.AtStake})
	return a.handOut("the worksheet", []*grade.Key{key}, g.format)
}

// settle takes the flags together, and draws a seed where none is given.
func (g *generateCommand) settle() error {
	if err := known("form", g.form, generate.FormNames); err != nil {
		return err
	}
	if g.form == generate.Paper.String() {
		g.wish.Form = generate.Paper
	}
	percent, err := strconv.Atoi(strings.TrimSuffix(g.lost, "%"))
	if err != nil {
		return fmt.Errorf("--lost %q: it takes a percentage, such as 20%%", g.lost)
	}
	g.wish.Lost = percent
	for _, name := range g.atStake {
		ds, err := deviationsNamed(name)
		if err != nil {
			return err
		}
		g.wish.AtStake = append(g.wish.AtStake, ds...)
	}
	if g.minimal && g.followUp == "" && len(g.wish.AtStake) == 0 {
		return errors.New("--minimal needs to know what is to be told apart: --at-stake")
	}
	if g.minimal || g.followUp != "" {
		if g.variants != 0 || g.roster != "" {
			return errors.New("--minimal and --follow-up make one worksheet, not one for each student")
		}
	}
	if err := g.overwrites(); err != nil {
		return err
	}
	if !g.given {
		var b [4]byte
		rand.Read(b[:]) // never fails
		g.seed = uint64(binary.BigEndian.Uint32(b[:]))
	}
	return g.wish.Check()
}

// overwrites refuses to write over what is read.
func (g *generateCommand) overwrites() error {
	written := g.key
	if g.out != "" {
		written = filepath.Join(g.out, "keys", "variants.csv")
	}
	for _, read := range []struct{ flag, name string }{{"--roster", g.roster}, {"--follow-up", g.followUp}} {
		in, err := os.Stat(read.name)
		out, there := os.Stat(written)
		if err == nil && there == nil && os.SameFile(in, out) {
			return fmt.Errorf("%s: this file of %s would be written over; give another name", written, read.flag)
		}
	}
	return nil
}

// deviationsNamed gives the deviation of a name, or those of a set.
func deviationsNamed(name string) ([]raft.Deviation, error) {
	if d, ok := raft.DeviationNamed(name); ok {
		return []raft.Deviation{d}, nil
	}
	if s, ok := raft.SetNamed(name); ok {
		return s.Deviations, nil
	}
	if meant := trace.MeantRules(name); meant != "" {
		return nil, fmt.Errorf("--at-stake %s: no misunderstanding has this name%s", name, meant)
	}
	return nil, fmt.Errorf("--at-stake %s: no misunderstanding has this name; raftsheet rules lists them", name)
}

// makeOne makes the one worksheet that is asked for.
func (a *app) makeOne(g *generateCommand) (*generate.Sheet, error) {
	switch {
	case g.followUp != "":
		return a.makeFollowUp(g)
	case g.minimal:
		return generate.Minimal(g.wish, singly(g.wish.AtStake), g.seed)
	}
	return generate.New(g.wish, g.seed)
}

// singly gives each deviation as a set of its own.
func singly(ds []raft.Deviation) [][]raft.Deviation {
	out := make([][]raft.Deviation, len(ds))
	for i, d := range ds {
		out[i] = []raft.Deviation{d}
	}
	return out
}

// makeFollowUp makes the worksheet that decides between the explanations of a sheet.
func (a *app) makeFollowUp(g *generateCommand) (*generate.Sheet, error) {
	src, err := a.read(g.followUp)
	if err != nil {
		return nil, a.fail(src, err)
	}
	if len(src.Traces) != 1 {
		return nil, fmt.Errorf("%s: --follow-up takes one sheet, and this file holds %d", g.followUp, len(src.Traces))
	}
	run, err := a.replay(src, src.Traces[0])
	if err != nil {
		return nil, a.fail(src, err)
	}
	d := grade.DiagnoseAll([]*check.Report{check.Compare(run)}, nil)[0]
	switch d.Verdict {
	case grade.Tie:
	case grade.NothingWrong:
		return nil, fmt.Errorf("%s: no answer is wrong; there is nothing to ask", g.followUp)
	case grade.Named:
		return nil, fmt.Errorf("%s: one explanation is the best already; see raftsheet check --diagnose", g.followUp)
	default:
		return nil, fmt.Errorf("%s: nothing explains the wrong answers well enough to ask further; see raftsheet check --diagnose", g.followUp)
	}
	var sets [][]raft.Deviation
	for _, e := range d.Explanations {
		sets = append(sets, e.Deviations)
	}
	return generate.Minimal(g.wish, sets, g.seed)
}

// keyOfSheet fills in a worksheet, and gives the key with its file.
func (a *app) keyOfSheet(g *generateCommand, t *trace.Trace) (*grade.Key, []byte, error) {
	asked := *t
	asked.Title, asked.Comment = g.title, g.origin()
	var b bytes.Buffer
	fmt.Fprintln(&b, trace.SchemaLine)
	if err := trace.Write(&b, &asked); err != nil {
		return nil, nil, err
	}
	src, err := trace.ReadToEdit("the key", &b, a.limits())
	if err != nil {
		return nil, nil, a.fail(src, err)
	}
	data, err := a.filled(src, check.FillOptions{})
	if err != nil {
		return nil, nil, a.fail(src, err)
	}
	if src, err = trace.Parse("the key", data, a.limits()); err != nil {
		return nil, nil, a.fail(src, err)
	}
	key, err := a.keyOf(src.Traces[0])
	return key, data, err
}
