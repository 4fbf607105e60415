package raft

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"raftsheet/raft/wide"
)

// mutated is the functions that are changed in every way that mutate_test.go
// knows, by file, each with what the headline of a failed test must name: the
// rules that the function is of. Those with nothing to name are left alone.
var mutated = map[string]map[string]string{
	"rules.go": {
		"applyCommitted": "A1", "takeHigherTerm": "A2",
		"refuseStaleLeader": "AE1", "refuseStale": "AE1|RV1|IS1", "matchPrevEntry": "AE2", "deleteConflicting": "AE3",
		"appendNew": "AE4", "followLeaderCommit": "AE5",
		"refuseStaleCandidate": "RV1", "voteIsFree": "RV2a", "logUpToDate": "RV2b",
		"grantVote": "RV2a", "matched": "L3",
		"startElection": "C1", "countVote": "C2", "yieldToLeader": "C3", "becomeLeader": "C2",
		"appendCommand": "L2", "takeAnswer": "L3", "commitByMajority": "L4",
		"restart":         "restart",
		"sendRequestVote": "RequestVote arguments", "sendAppendEntries": "AppendEntries arguments",

		"leaveVote": "", "leaveAppend": "", // do nothing
		"currentTerm": "", // is a field
		"Figure2":     "", // is a table
	},
	"handlers.go": {
		"hear": "A2", "apply": "A1",
		"HandleAppendEntries": "A1|A2|AE1|AE2|AE3|AE4|AE5|C3|L3", "refuseAppend": "AE1|AE2", "secondLeader": "C3",
		"HandleRequestVote": "RV1|RV2a|RV2b",
		"HandleVote":        "A2|C2", "HandleAck": "A2|L3|L4",
		"Timeout": "F2|C1|C2", "ClientRequest": "L2|L4|A1",
		"RequestVote": "RequestVote arguments", "AppendEntries": "AppendEntries arguments",
		"Elect": "elect|C2", "lead": "C2|A1", "advanceCommit": "L4|A1", "Configure": "L4",
	},
	"node.go": {
		"becomeFollower": "A2|C1|C2|C3",

		"NewNode": "", "Decide": "", // say nothing of the figure
	},
	"quorum.go": {
		"Tally": "C2|L4", "only": "C2|L4", "majority": "C2|L4", "votes": "C2",
		"replicatedOnMajority": "L4", "replicated": "L4",
	},
	"snapshot.go": {
		"HandleInstallSnapshot": "IS1|A2|C3", "install": "IS6|IS7|IS8",
		"refuseStaleSnapshot": "IS1", "retainFollowing": "IS6", "discardLog": "IS7", "resetStateMachine": "IS8",
		"InstallSnapshot": "InstallSnapshot arguments", "sendInstallSnapshot": "InstallSnapshot arguments",
		"NeedsSnapshot": "InstallSnapshot due",
	},
	"restart.go": {
		"Restart": "restart", "RestartFrom": "restart", "readTerm": "restart", "readVote": "restart", "readLog": "restart",
		"StepDown": "stepdown",
	},
	"log.go":      {"firstConflict": "AE3", "appendRun": "AE4"},
	"messages.go": {"LastNewIndex": "AE5", "Ack": "L3", "LastIncluded": "IS6|IS7|IS8"},
	"mark.go":     {"UpToDate": "RV2b"},
}

// equivalents is the mutants that do what the program does, and why that is so.
var equivalents = []struct{ function, was, now, why string }{
	{"UpToDate", "m.Term > other.Term", "m.Term >= other.Term", "the terms differ there"},
	{"countVote", "v.Request < n.CurrentTerm", "v.Request != n.CurrentTerm", "no node has sent a request of a later term than its own"},
	{"takeAnswer", "a.Request < n.CurrentTerm", "a.Request != n.CurrentTerm", "no node has sent a request of a later term than its own"},
	{"takeAnswer", "*next > *match+1", "*next != *match+1", "nextIndex is always above matchIndex"},
	{"commitByMajority", "d.Own.Term < n.CurrentTerm", "d.Own.Term != n.CurrentTerm", "a later term is the case before it"},
	{"commitByMajority", "d.Own.Term == n.CurrentTerm", "d.Own.Term >= n.CurrentTerm", "the search goes on below an entry of a later term"},
	{"HandleAppendEntries", "m.Term == n.CurrentTerm", "m.Term <= n.CurrentTerm", "AE1 has refused a lower term"},
	{"HandleAppendEntries", "m.Term == n.CurrentTerm", "m.Term >= n.CurrentTerm", "A2 has taken in a higher term"},
	{"HandleVote", "d.Count >= d.Need", "d.Count == d.Need", "votes come one by one, and no candidate has a majority already"},
	{"Timeout", "count >= need", "count == need", "there is one vote, and no majority is less"},
	{"ClientRequest", "n.CommitIndex > n.LastApplied", "n.CommitIndex != n.LastApplied", "A1 does nothing where lastApplied is above"},
	{"firstConflict", "mine != theirs", "always", "the same cell has the same term; the search is longer"},
	{"appendRun", "es.last.index <= l.LastIndex()", "es.last.index < l.LastIndex()", "no entry is missing, and none is appended"},
	{"appendRun", "prev > l.LastIndex()", "prev >= l.LastIndex()", "all the entries are missing ones, and none is a hole's"},
	{"appendRun", "l.last == l.base", "never", "the entries are the same; they are copied"},
	{"appendRun", "before.entry.Term == l.base.entry.Term", "never", "the entries are the same; they are copied"},
	{"HandleRequestVote", "Kind: RequestVoteRequest", "the zero value", "that kind is the zero value"},
	{"HandleInstallSnapshot", "m.Term == n.CurrentTerm", "m.Term <= n.CurrentTerm", "IS1 has refused a lower term"},
	{"HandleInstallSnapshot", "m.Term == n.CurrentTerm", "m.Term >= n.CurrentTerm", "A2 has taken in a higher term"},
	{"retainFollowing", "last > m.LastIncludedIndex", "last != m.LastIncludedIndex", "the log has that entry, and does not end before it"},
	{"discardLog", "last > d.Base", "last != d.Base", "a log does not end before its snapshot"},
	{"RestartFrom", "left.CurrentTerm != n.CurrentTerm", "left.CurrentTerm < n.CurrentTerm", "a higher term was an error"},
	{"readTerm", "*d.CurrentTerm < left.CurrentTerm", "*d.CurrentTerm != left.CurrentTerm", "a higher term is the case before it"},
	{"readVote", "left.CurrentTerm < term", "left.CurrentTerm != term", "a higher term was an error"},
	{"appendRun", "missing.n == 1", "missing.n <= 1", "one is missing at least"},
	{"appendRun", "missing.n == 1", "never", "the entry is the same; it is copied by way of a slice"},
}

// equivalent gives the place of the mutant among the equivalents, -1 if none.
func (m mutant) equivalent() int {
	for i, e := range equivalents {
		if e.function == m.function && e.was == m.was && e.now == m.now {
			return i
		}
	}
	return -1
}

var asksRule = regexp.MustCompile(`n\.Rules\.([A-Z]+\d[ab]?)\(`)

// names is a pattern for what the headline must name: the rule that the changed
// piece asks, or those of the function.
func (m mutant) names() string {
	if asks := asksRule.FindStringSubmatch(m.was); asks != nil {
		return asks[1]
	}
	return mutated[m.file][m.function]
}

// The tests that kill mutants are the tables of cases, which take no time, and
// the files that they need. This file is none of them.
const killers = `^Test(Section|Figure2|CommitRule|Request|Rules(InFigureOrder|Alone)|Decision(Figures|Sets)|RestartFrom|RestartBelow|StepDown|AppendRun|Handlers|Heard|Extra|Success)`

var killerFiles = regexp.MustCompile(`^(paper|paper_append|snapshot|restart|quorum|notation|decision|rules|types|mutation_hooks)_test\.go$`)

// A mutation is a test binary of this package with all of the mutants in it.
type mutation struct {
	binary  string
	mutants []mutant
}

// build rewrites the package and compiles its tests, once.
func build(t *testing.T) mutation {
	dir := t.TempDir()
	sources := readSources(t)
	m, err := newMutator(sources)
	must(t, err)
	replace := withoutTests(t)
	for file, functions := range mutated {
		checkFunctions(t, file, m.files[file])
		at := filepath.Join(dir, file)
		must(t, os.WriteFile(at, m.rewrite(file, sources[file], func(name string) bool { return functions[name] != "" }), 0o666))
		replace[absolute(t, file)] = at
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o666))
	binary := filepath.Join(dir, "raft.test")
	out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-ldflags=-s -w",
		"-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("the package with its mutants does not compile: %v\n%s", err, out)
	}
	return mutation{binary, m.mutants}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func absolute(t *testing.T, file string) string {
	path, err := filepath.Abs(file)
	must(t, err)
	return path
}

// readSources reads the files of the package, without its tests.
func readSources(t *testing.T) map[string][]byte {
	sources := make(map[string][]byte)
	files, err := filepath.Glob("*.go")
	must(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			sources[file], err = os.ReadFile(file)
			must(t, err)
		}
	}
	return sources
}

// withoutTests is an overlay in which the tests that kill no mutants are not
// there.
func withoutTests(t *testing.T) map[string]string {
	replace := make(map[string]string)
	files, err := filepath.Glob("*_test.go")
	must(t, err)
	for _, file := range files {
		if !killerFiles.MatchString(file) {
			replace[absolute(t, file)] = ""
		}
	}
	return replace
}

// checkFunctions holds that every function of the files that are the reference
// is listed, and that every listed one is there.
func checkFunctions(t *testing.T, file string, parsed *ast.File) {
	found := make(map[string]bool)
	for _, decl := range parsed.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			found[f.Name.Name] = true
		}
	}
	for name := range mutated[file] {
		if !found[name] {
			t.Errorf("%s has no function %s any more", file, name)
		}
	}
	for name := range found {
		if _, listed := mutated[file][name]; !listed && file != "log.go" && file != "messages.go" {
			t.Errorf("%s: %s is not mutated; which rule is it?", file, name)
		}
	}
}

// headline is the first line of what a test complains of.
var headline = regexp.MustCompile(`(?m)^ +\w+_test\.go:\d+: .*$`)

// run plays the tests with that mutant switched on. It gives the headlines of
// what fails, and all that is printed; passed: nothing fails.
func (mu mutation) run(t *testing.T, number int) (passed bool, headlines []string, output string) {
	cmd := exec.CommandContext(t.Context(), mu.binary, "-test.run="+killers, "-test.timeout=20s")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", mutantVariable, number))
	out, err := cmd.CombinedOutput()
	return err == nil, headline.FindAllString(string(out), -1), string(out)
}

// judge reports a mutant that no test kills, or none that names its rule, or
// that is listed as an equivalent and is killed all the same.
func (mu mutation) judge(t *testing.T, number int) {
	m := mu.mutants[number-1]
	passed, headlines, output := mu.run(t, number)
	equivalent := m.equivalent() >= 0
	switch named := regexp.MustCompile(`\b(` + m.names() + `)\b`).MatchString(strings.Join(headlines, "\n")); {
	case passed && !equivalent:
		t.Errorf("no test tells from the program: %v", m)
	case !passed && equivalent:
		t.Errorf("listed as an equivalent, and killed: %v\n%.1000s", m, output)
	case !passed && !named:
		t.Errorf("killed by tests that do not name %s: %v\n%.1000s", m.names(), m, output)
	}
}

// judgeAll judges the mutants, as many at a time as there are processors. Each is
// a run of its own: a narrow run takes one in ten, from every function some.
func (mu mutation) judgeAll(t *testing.T) (judged int) {
	var wg sync.WaitGroup
	numbers := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for number := range numbers {
				mu.judge(t, number)
			}
		})
	}
	for i := 0; i < len(mu.mutants); i += wide.Of(10, 1) {
		numbers <- i + 1
		judged++
	}
	close(numbers)
	wg.Wait()
	return judged
}

// Every change of a rule, however small, is noticed by a test that names the
// rule: where this fails, a line of Figure 2 is not tested.
func TestMutants(t *testing.T) {
	t.Parallel()
	mu := build(t)
	if passed, _, output := mu.run(t, 0); !passed {
		t.Fatalf("the tests fail without a mutant:\n%s", output)
	}
	judged := mu.judgeAll(t)
	unmatched := make(map[int]bool)
	for i := range equivalents {
		unmatched[i] = true
	}
	same := 0
	for _, m := range mu.mutants {
		if i := m.equivalent(); i >= 0 {
			same++
			delete(unmatched, i)
		}
	}
	for i := range unmatched {
		t.Errorf("no mutant is this equivalent any more: %q", equivalents[i])
	}
	t.Logf("%d mutants: %d judged; %d equivalent", len(mu.mutants), judged, same)
}
