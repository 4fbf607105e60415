package cmd_test

import (
	"regexp"
	"strings"
	"testing"

	"raftsheet/cmd"
	"raftsheet/trace"
)

// A command that the help shows is one that the program takes: if a flag is
// renamed and a page is not, whoever copies the line gets an error.
func TestHelpShowsCommandsThatExist(t *testing.T) {
	pages := []string{"blank", "check", "compare", "coverage", "explain", "fill", "grade", "man", "rules", "run", "schema", "show",
		"trace-format", "grading", "protocol", "exit-codes"}
	shown := 0
	for _, page := range pages {
		for _, command := range commandsIn(run([]string{"help", page})) {
			shown++
			var stderr strings.Builder
			args := append(strings.Fields(command), "--help")
			if code := cmd.Main(args, strings.NewReader(""), &strings.Builder{}, &stderr); code != 0 {
				t.Errorf("help %s shows raftsheet %s, which is refused: %s", page, command, stderr.String())
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d commands were found in the help: is it still read?", shown)
	}
}

// commandsIn gives the arguments of each command that stands on a line of its
// own, without what a shell makes of the rest of the line. Usage, which has
// brackets, is no command.
func commandsIn(page string) []string {
	var all []string
	line := regexp.MustCompile(`(?m)^ +raftsheet ([^|>#\n\\]*)`)
	for _, m := range line.FindAllStringSubmatch(page, -1) {
		if !strings.ContainsAny(m[1], "[<") && !strings.Contains(m[1], "...") {
			all = append(all, m[1])
		}
	}
	return all
}

// A topic is read in a terminal of 100 columns.
func TestTopicsFitATerminal(t *testing.T) {
	for _, topic := range []string{"trace-format", "grading", "rules", "protocol", "exit-codes"} {
		text, _, _ := strings.Cut(run([]string{"help", topic}), "\nUsage:")
		for line := range strings.Lines(text) {
			if n := len([]rune(line)) - 1; n > 100 {
				t.Errorf("help %s: a line of %d columns: %s", topic, n, line)
			}
		}
	}
}

// The page on grading names all that a scheme can ask a sheet to contain, and its
// scheme reads. If this fails, an instructor is not told of it, or copies an error.
func TestHelpShowsSchemes(t *testing.T) {
	page := run([]string{"help", "grading"})
	for _, f := range trace.Features() {
		if !strings.Contains(page, f.Name) {
			t.Errorf("help grading does not name %s", f.Name)
		}
	}
	_, after, _ := strings.Cut(page, "    cells:")
	scheme, _, ok := strings.Cut("    cells:"+after, "\n\n")
	if _, _, err := trace.ReadScheme("scheme.yaml", strings.NewReader(scheme), trace.DefaultLimits()); !ok || err != nil {
		t.Errorf("the scheme that help grading shows does not read: %v\n%s", err, scheme)
	}
}
