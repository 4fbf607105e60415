package cmd

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// importFlags are how import is run.
type importFlags struct {
	from  string
	skip  bool
	rules string
}

// proposed is the value of --rules that asks for a proposal.
const proposed = "?"

// importHelp is the text of import --help.
const importHelp = `import reads the log of a running cluster and writes it as a trace, which check
judges. Each step keeps the line that it came from: # run.ndjson:123. What a
trace has no place for is counted, and so is what was imported.

FORMAT is one of
  events     JSON lines, which the recorders under examples/recorders write, for
             etcd and hashicorp/raft, and which yours can write too
  etcd       the JSON lines that go.etcd.io/raft writes when it is built with
             the tag with_tla
  etcd-text  the output of go.etcd.io/raft's datadriven tests, with its log on

The form events has a header, and then a line for whatever happens to a node:

  {"raftsheet":"events","version":1,"nodes":["1","2","3"]}
  {"ev":"timeout","node":"1"}
  {"ev":"recv","id":7,"node":"2","from":"1","kind":"requestVote","term":1,
   "lastLogIndex":0,"lastLogTerm":0,"answer":{"term":1,"voteGranted":true}}
  {"ev":"state","node":"2","term":1,"votedFor":"1"}
  {"ev":"answer","of":7,"node":"1"}

Each is one line. raftsheet help events says what every kind of event has.

A LOG has the events of all nodes, in an order in which they can have happened.
Several LOGs become a trace each, in one file. - is standard input.

--rules names the rules by which the nodes play, among Figure 2's, the sets and
a deviation added: those under which least differs. It writes them into the
trace; --rules=etcd writes that name without looking.

Exit codes: 0 the log was imported, 2 a line of it cannot be understood.`

func (a *app) importCommand() *cobra.Command {
	var how importFlags
	c := &cobra.Command{
		Use:   "import --from FORMAT [flags] LOG...",
		Short: "Make a trace of a recorded run of a real cluster",
		Long:  importHelp,
		Example: `  raftsheet import --from events run.ndjson > run.yaml
  raftsheet check --each run.yaml`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("import takes a LOG or several; see %s --help", c.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.importLogs(args, how) },
	}
	f := c.Flags()
	f.StringVar(&how.from, "from", "", "the log's format: "+formats(logs.Formats()))
	f.BoolVar(&how.skip, "skip", false, "pass over lines that cannot be understood, and say which")
	f.StringVar(&how.rules, "rules", "", "write the rules under which least differs into the trace, or =NAMES")
	f.Lookup("rules").NoOptDefVal = proposed
	completeWords(c, "from", logs.Formats())
	return c
}

func (a *app) importLogs(names []string, how importFlags) error {
	if how.from == "" {
		return fmt.Errorf("--from is missing: the log's format, %s", formats(logs.Formats()))
	}
	if err := known("from", how.from, logs.Formats()); err != nil {
		return err
	}
	if how.rules != "" && how.rules != proposed {
		a.rules = strings.Split(how.rules, ",")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	var traces []*trace.Trace
	for _, name := range names {
		l, err := a.importLog(name, how)
		if err != nil {
			return err
		}
		traces = append(traces, l.Trace)
	}
	out := bufio.NewWriter(a.stdout)
	if err := trace.Write(out, traces...); err != nil {
		return err
	}
	return out.Flush()
}

// importLog reads one log, and says what became of it.
func (a *app) importLog(name string, how importFlags) (*logs.Log, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", shownName(name), systemText(err))
	}
	defer in.Close()
	l, err := logs.Read(shownName(name), in, how.from, how.skip)
	if err != nil {
		return nil, err
	}
	if a.rules != nil {
		l.Trace.Rules = a.rules
	}
	for _, e := range l.Skips {
		a.tell("skipped: %s", e)
	}
	if !a.quiet {
		a.tell("%s: imported %s", shownName(name), l.Summary())
	}
	if how.rules == proposed {
		a.propose(shownName(name), l.Trace)
	}
	return l, nil
}

// propose writes the rules under which least differs into a trace, and says how
// many answers, fields and messages differ under them and under others.
func (a *app) propose(name string, t *trace.Trace) {
	all := variant.Propose(t)
	t.Rules = all[0].Names
	says := make([]string, len(all))
	for i, p := range all {
		says[i] = fmt.Sprintf("%d under %s", p.Differ, rulesName(p.Names))
		if p.Differ < 0 {
			says[i] = "no replay under " + rulesName(p.Names)
		}
	}
	if !a.quiet {
		a.tell("%s: rules: %s; differences: %s", name, rulesName(t.Rules), strings.Join(says, ", "))
	}
}

// rulesName is what rules of these names are called.
func rulesName(names []string) string {
	if len(names) == 0 {
		return raft.Figure2().Name
	}
	return strings.Join(names, ",")
}
