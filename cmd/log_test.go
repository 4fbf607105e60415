package cmd_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"raftsheet/raft/wide"
)

// logVectors begin commands in the logs of CI services: what follows would set a
// variable, fail a build or fold away what was found.
var logVectors = []string{
	"::error::x", " ::stop-commands::x", "a\n::error::x", "##[error]x", "###[group]x", "##vso[task.complete result=Failed]x",
	"##VSO[task.setvariable variable=x]y", "##teamcity[buildStatus status='FAILURE']", "section_start:1:x\r\x1b[0Kx",
	"section_end:1:x", "travis_fold:start:x", "--- x", "+++ x", "~~~ x", "^^^ +++", "\x1b[2J", "\u202eabc",
}

// logCommand is what the services look for, as their agents and documentation
// have it: Actions and Azure look for ##[ and ##vso[ anywhere in a line, and
// Actions for :: at its start, TeamCity, GitLab and Travis anywhere, Buildkite
// at the start. Escapes and what turns or hides text are nobody's to print.
var logCommand = regexp.MustCompile(`(?im)^[ \t]*::|##\[|##vso\[|##teamcity\[|section_(?:start|end):|travis_(?:fold|time):|^(?:---|\+\+\+|~~~|\^\^\^) |[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{202a}-\x{202e}]`)

// logTrace has a text wherever a trace has one, with a wrong answer, a note and
// a message that nobody could have sent.
func logTrace(text string) string {
	q := strconv.QuoteToASCII(text)
	return fmt.Sprintf(`title: %s
student: %s
nodes: 3
steps:
  - id: %s
    note: %s
    requestVote: {candidateId: 1, term: 1}
    response: {2: no, 3: }
  - clientRequest: {node: 1, value: %s}
    state: {1: {log: [{term: 1, value: %s}], votedFor: }}
  - appendEntries: {leaderId: 1, term: 1, entries: [{term: 1, value: %s}]}
    response: {2: no, 3: }
  - appendEntries: {leaderId: 3, term: 1, leaderCommit: 9}
`, q, q, q, q, q, q, q)
}

// logSheet is a node's sheet with a text wherever it has one, a wrong answer, and a
// table at the end of the game.
func logSheet(text string) string {
	q := strconv.QuoteToASCII(text)
	return fmt.Sprintf(`title: %s
student: %s
nodes: 3
raftId: 1
steps:
  - id: %s
    note: %s
    requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok}
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: %s, leaderCommit: 0}
    response: {2: no, 3: ok}
  - state: {1: {log: [{term: 1, value: %s}], commitIndex: 9}}
`, q, q, q, q, q, q)
}

// Everything that a command prints is safe in the log of every CI service, in
// each of its formats, on standard output and standard error. If this fails, a
// trace in a pull request can fail, pass or hide what the build says of it.
// What fill and merge print as YAML is a trace, for a file or another command; it is no
// text for a log.
func TestLogs(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	for i, vector := range logVectors {
		if i%wide.Of(4, 1) > 0 {
			continue
		}
		file := strings.Trim(strings.NewReplacer("\n", "", "\r", "", "\x1b", "").Replace(vector), "/") + ".yaml"
		broken, bad := "bad "+file, strconv.QuoteToASCII(vector)+": 1\n"+vector+"\n"
		for name, text := range map[string]string{file: logTrace(vector), broken: bad} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if strings.ContainsAny(file[:1], "-+") {
			file = "./" + file // not a flag
		}
		commands := map[string]string{
			"check --notes": "text markdown html latex json junit tap github sarif", "check --diagnose": "text json",
			"show": "table markdown latex json", "show --blank": "table markdown latex json", "compare --rules always-truncate": "text markdown html latex json",
			"coverage": "text markdown html latex json", "grade --key": "",
			"check --syntax": "text markdown html latex json junit tap github sarif", "blank": "table markdown latex",
		}
		for command, formats := range commands {
			for _, format := range append(strings.Fields(formats), "") {
				args := strings.Fields(command)
				if format != "" {
					args = append(args, "--format", format)
				}
				holds(t, format, append(args, file))
				holds(t, format, append(args, broken))
				if args[0] == "check" || args[0] == "grade" {
					holds(t, format, append(args, file, broken, "./"+vector+"/missing"))
				}
			}
		}
		for _, format := range []string{"text", "markdown", "html", "json"} {
			holds(t, format, []string{"explain", "--format", format, file, "1"})
		}
		sheet := "sheet " + strings.TrimPrefix(file, "./")
		if err := os.WriteFile(sheet, []byte(logSheet(vector)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, format := range strings.Fields("text markdown html latex json") {
			holds(t, format, []string{"merge", "--format", format, "--states", "100", sheet, broken})
		}
		holds(t, "", []string{"grade", "--merge", sheet, broken, "--report", "csv=-"})
		holds(t, "", []string{"grade", "--merge", sheet, sheet + ".txt"})
		os.Remove(sheet)
		for _, report := range []string{"csv", "json", "text", "markdown", "html", "class", "copies", "gradescope"} {
			holds(t, "", []string{"grade", "--key", file, "--reveal", "--report", report + "=-", file, broken})
		}
		for _, args := range [][]string{{vector}, {"help", vector}, {"rules", vector}, {"explain", file, vector}, {"explain", file, "1", vector},
			{"show", "--node", vector, file}, {"show", "--step", vector, file}, {"check", "--format", vector, file}, {"check", "--rules", vector, file},
			{"check", vector}, {"--" + vector}, {"fill", broken}, {"fill", "-w", "missing " + file}, {"blank", "--format", vector}, {"man", "./" + file}} {
			holds(t, "", args)
		}
		os.Remove(file)
		os.Remove(broken)
	}
}

// ownAnnotation is what the format github prints on purpose.
var ownAnnotation = regexp.MustCompile(`(?m)^::(?:error|notice) file=`)

// holds runs a command and fails if a line of what it prints is a log's command.
func holds(t *testing.T, format string, args []string) {
	t.Helper()
	out := run(args)
	if format == "github" {
		out = ownAnnotation.ReplaceAllString(out, "annotation file=")
	}
	if bad := logCommand.FindStringIndex(out); bad != nil {
		t.Errorf("raftsheet %q prints %q", args, out[max(0, bad[0]-40):min(len(out), bad[1]+40)])
	}
}
