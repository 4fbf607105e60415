package cmd_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"raftsheet/cmd"
	"raftsheet/trace"
	"raftsheet/trace/logs"
	"raftsheet/trace/logs/event"
)

// pages are the pages of help.
var pages = []string{"blank", "check", "compare", "corpus", "coverage", "explain", "fill", "generate", "grade", "import", "man", "merge",
	"rules", "run", "schema", "serve", "show", "trace-format", "grading", "protocol", "events", "exit-codes"}

// A command that the help shows is one that the program takes: if a flag is
// renamed and a page is not, whoever copies the line gets an error.
func TestHelpShowsCommandsThatExist(t *testing.T) {
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

// Help is read in a terminal of 80 columns, but for commands to copy.
func TestHelpFitsATerminal(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for _, page := range append(pages, "") {
		text := run(strings.Fields("help " + page))
		before, examples, _ := strings.Cut(text, "\nExamples:")
		_, after, _ := strings.Cut(examples, "\n\n")
		for line := range strings.Lines(before + after) {
			if n := len([]rune(line)) - 1; n > 80 {
				t.Errorf("help %s: a line of %d columns: %s", page, n, line)
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

// The page on logs has every key of the form, and its log is read. If this fails, who
// writes a recorder finds nothing of a key, or copies what is refused.
func TestHelpShowsEvents(t *testing.T) {
	page := run([]string{"help", "events"})
	for _, form := range []reflect.Type{reflect.TypeFor[event.Line](), reflect.TypeFor[event.Answer](), reflect.TypeFor[event.Mark]()} {
		for _, f := range reflect.VisibleFields(form) {
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if key != "" && key != "-" && !regexp.MustCompile(`\b`+key+`\b`).MatchString(page) {
				t.Errorf("help events does not name %s", key)
			}
		}
	}
	_, after, _ := strings.Cut(page, "\n\n    {")
	text, _, _ := strings.Cut("{"+after, "\n\n")
	text = strings.ReplaceAll(text, ",\n     \"", ",\"") // folded there
	log, err := logs.Read("run.ndjson", strings.NewReader(text), "events", false)
	if err != nil || log.Imported != 5 {
		t.Fatalf("the log that help events shows is not read: %v\n%s", err, text)
	}
}
