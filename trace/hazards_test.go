package trace

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A hazard is a file that is out to do harm, or is no trace by accident, and
// the line:column and words of the first thing that is said of it. An empty
// want is a file that looks like a hazard, and is none.
type hazard struct{ why, in, want string }

func repeat(s string, n int) string { return strings.Repeat(s, n) }

// laughs gives lists of which each holds the one before ten times.
func laughs(levels int, first string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a: &a [%s]\n", strings.TrimSuffix(repeat(first+",", 10), ","))
	for i := 1; i < levels; i++ {
		fmt.Fprintf(&b, "%c: &%c [%s]\n", 'a'+i, 'a'+i, strings.TrimSuffix(repeat("*"+string(rune('a'+i-1))+",", 10), ","))
	}
	return b.String()
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const (
	crowded = "here the document passes the limit of 8000000 YAML nodes, aliases expanded"
	tooMany = "here aliases come to more than a file of this size may ask for; write out what they stand for"
	deep    = "this is nested more than 64 levels deep"
	steps1  = "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  "
)

var hazards = []hazard{
	// Lists of lists of lists: what aliases add may come to 16,384 nodes and two
	// for every byte. Four levels add 12,330, and each alias of the fifth 11,111
	// more: the first is one too many.
	{"nine levels of laughs", laughs(9, "lol"), "5:8: " + tooMany},
	{"nine levels of laughs behind a trace", "nodes: 3\nsteps: []\n" + laughs(9, "lol"), "7:8: " + tooMany},
	{"laughs for steps", "nodes: 3\nsteps: &g\n- [&a [x,x,x,x,x,x,x,x,x,x],&b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a],&c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]," +
		"&d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c],&e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d],&f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e],&h [*f,*f,*f,*f]]\n", "3:138: " + tooMany},
	{"steps that hold steps", "nodes: 3\nsteps:\n- state: &a {1: {log: [1" + repeat(",1", 99) + "]}}\n- state: &b {1: *a, 2: *a, 3: *a}\n" +
		repeat("- {a: *b, b: *b, c: *b, d: *b, e: *b, f: *b, g: *b, h: *b, i: *b, j: *b}\n", 1400), "74:21: " + tooMany},
	{"laughs in a row", steps1 + "response: [&a [1,1,1,1,1,1,1,1,1,1],&b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a],&c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]," +
		"&d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c],&e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d],&f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e],*f,*f,*f]\n", "4:148: " + tooMany},
	{"four levels of laughs are few enough to be told what they are", laughs(4, "lol"), "1:1: nodes is missing"},
	{"33 MB of ones", "nodes: 3\nsteps: {" + repeat("1,", 16_500_000) + "}\n", "2:8000009: " + crowded},
	{"a list in itself", "a: &a [*a]\n", "1:8: the alias *a is inside the value that it stands for"},
	{"a mapping in itself", "a: &a {b: *a}\n", "1:11: the alias *a is inside the value that it stands for"},
	{"a list in a list in itself", "nodes: 3\nsteps: &s [&t [*s, *t]]\n", "2:16: the alias *s is inside the value that it stands for"},
	{"a mapping that is its own key", "nodes: 3\nsteps: &s {*s : x}\n", "2:12: a key must be text; this one is a mapping"},
	{"a trace in itself", "&t\nnodes: 3\nsteps: *t\n", "3:8: the alias *t is inside the value that it stands for"},
	{"an alias for nothing", "nodes: 3\nsteps: *nobody\n", "2:8: no anchor &nobody comes before this alias"},
	{"an alias before its anchor", "nodes: *n\nsteps: &n []\n", "1:8: no anchor &n comes before this alias"},

	{"100,000 [", repeat("[", 100_000), "1:65: " + deep},
	{"100,000 [ in a step", "nodes: 3\nsteps:\n- state: " + repeat("[", 100_000), "3:74: " + deep},
	{"100,000 {", repeat("{", 100_000), "1:65: " + deep},
	{"100,000 {a: {", repeat("{a: ", 100_000), "1:257: " + deep},
	{"100,000 dashes", repeat("- ", 100_000), "1:129: " + deep},
	{"100,000 question marks", repeat("? ", 100_000), "1:129: " + deep},
	{"100,000 brackets on lines of their own", repeat("[\n", 100_000), "65:1: " + deep},
	{"100,000 brackets, closed", repeat("[", 100_000) + repeat("]", 100_000), "1:65: " + deep},
	{"65 lists in a log", oneStep("state: {1: {log: " + repeat("[", 65) + repeat("]", 65) + "}}"), "3:82: " + deep},
	{"65 mappings for a state", oneStep("state: " + repeat("{1: ", 65) + repeat("}", 65)), "3:254: " + deep},
	{"65 lists for an id", oneStep("id: " + repeat("[", 65) + repeat("]", 65)), "3:71: " + deep},
	{"65 mappings in block style", "nodes: 3\nsteps: []\ngrading:\n" + nested(65), "66:64: " + deep},
	{"64 levels are none too many", "nodes: 3\nsteps: []\ngrading: {x: " + repeat("[", 62) + repeat("]", 62) + "}\n", `3:11: unknown key "x"`},

	{"30,000 keys", numbered("k%d: 1\n", 30_000), "1:1: nodes is missing"},
	{"30,000 keys behind a trace", "nodes: 3\nsteps: []\n" + numbered("k%d: 1\n", 30_000), `3:1: unknown key "k0"; a trace takes`},
	{"30,000 keys in braces", "{" + numbered("k%d: 1, ", 30_000) + "nodes: 3, steps: []}", `1:2: unknown key "k0"; a trace takes`},
	{"30,000 answers", steps1 + "response: {" + numbered("n%d: ok, ", 30_000) + "}\n", `4:14: response: there is no node "n0"; the nodes are 1 to 3`},
	{"30,000 states", steps1 + "state: {" + numbered("n%d: {}, ", 30_000) + "}\n", `4:11: state: there is no node "n0"; the nodes are 1 to 3`},
	{"30,000 terms", steps1 + "state: {1: {terms: {" + numbered("0%d: 1, ", 30_000) + "}}}\n", `4:23: terms: "00" starts with a zero; write 0`},
	{"30,000 keys of an event", "nodes: 3\nsteps:\n- requestVote: {" + numbered("k%d: 1, ", 30_000) + "}\n", "3:16: requestVote needs candidateId"},
	{"30,000 times one key", repeat("nodes: 3\n", 30_000), "2:1: the key \"nodes\" is repeated; it is first on line 1"},
	{"30,000 names", "nodes: [" + numbered("n%d, ", 30_000) + "]\nsteps: []\n", "1:8: nodes: 30000 names: a cluster has 1 to 64 nodes"},
	{"30,000 times one name", "nodes: 3\nsteps: [{timeout: [" + repeat("1, ", 30_000) + "]}]\n", "2:23: timeout names node 1 twice"},
	{"30,000 anchors", "nodes: 3\nsteps: [" + numbered("&a%d x, ", 30_000) + "]\n", `2:9: a step is "x" here`},
	{"30,000 documents", repeat("---\nx\n", 30_000), `2:1: a trace is "x" here`},

	{"a key of 2,000 bytes", repeat("k", 2000) + ": 1\nnodes: 3\n", "1:1: this line is too long to begin with a key; a key has at most 1024 characters"},
	{"one on a line further down", "nodes: 3\n" + repeat("k", 2000) + ": 1\n", "2:1: this line is too long to begin with a key; a key has at most 1024 characters"},
	{"one in quotes", "nodes: 3\n\"" + repeat("k", 2000) + "\": 1\n", "2:1: this line is too long to begin with a key; a key has at most 1024 characters"},
	{"one in braces", "{nodes: 3, steps: [], " + repeat("k", 2000) + ": 1}\n", "1:1: a comma, or the } that closes this {, is missing on line 1 or before"},
	{"one behind a question mark", "nodes: 3\nsteps: []\n? " + repeat("k", 2000) + "\n: 1\n", `3:3: unknown key "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk..."; a trace takes`},
	{"one of 1,000 bytes", "nodes: 3\nsteps: []\n" + repeat("k", 1000) + ": 1\n", `3:1: unknown key "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk..."; a trace takes`},
	{"a value of 1,000,000 bytes", oneStep("clientRequest: {node: 1, value: " + repeat("v", 1_000_000) + "}"), "3:38: this value has 1000000 bytes; the limit is 1024"},
	{"a number of 1,000,000 digits", oneStep("requestVote: {candidateId: 1, term: " + repeat("9", 1_000_000) + "}"),
		`3:42: term: "9999999999999999999999999999999999999999..." is above the largest number, 9223372036854775807`},
	{"a name of 1,000,000 bytes", oneStep("timeout: " + repeat("n", 1_000_000)), `3:15: timeout: there is no node "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn..."`},

	{"UTF-16, little end first", "\xff\xfen\x00:\x00", "1:1: the file is in UTF-16; save it as UTF-8"},
	{"UTF-16, big end first", "\xfe\xff\x00n\x00:", "1:1: the file is in UTF-16; save it as UTF-8"},
	{"UTF-16 without its mark", "n\x00o\x00d\x00e\x00s\x00", "1:1: the file is in UTF-16; save it as UTF-8"},
	{"a byte that is no UTF-8", "nodes: 3\ntitle: é\xff\nsteps: []\n", "2:9: this byte is not UTF-8"},
	{"NUL", "nodes: 3\ntitle: a\x00b\nsteps: []\n", "2:9: this is a NUL character"},
	{"an escape sequence", "nodes: 3\ntitle: \x1b[2J\nsteps: []\n", "2:8: this is the control character U+001B"},
	{"an escape sequence in quotes", "nodes: 3\ntitle: \"\\e[2J\"\nsteps: []\n", ""},
	{"CR alone", "nodes: 3\rsteps: []\r", "1:9: this carriage return has no line feed after it"},
	{"CR LF", "nodes: 3\r\nsteps: []\r\n", ""},
	{"CR LF, with an error", "nodes: 3\r\nsteps:\r\n- timeout: 4\r\n", `3:12: timeout: there is no node "4"; the nodes are 1 to 3`},
	{"a tab before a key", "nodes: 3\nsteps:\n- timeout: 1\n\tnote: x\n", "4:1: this is a tab; indent with spaces only"},
	{"a tab before an item", "nodes: 3\nsteps:\n\t- timeout: 1\n", "3:1: this is a tab; indent with spaces only"},
	{"a tab behind a dash", "nodes: 3\nsteps:\n-\ttimeout: 1\n\tnote: x\n", "3:2: this is a tab; indent with spaces only"},
	{"tabs between words", "nodes:\t3\nsteps:\t[{timeout:\t1}]\t# c\n", ""},

	{"a merge key", "nodes: 3\nsteps:\n- &s {timeout: 1}\n- <<: *s\n  note: x\n", "4:3: merge keys are not supported; write out what << would bring in"},
	{"merge keys that panic elsewhere", "<<: {a: 1}\n[1,2]: z\n", "1:1: merge keys are not supported"},
	{"a tag", "nodes: !!int 3\nsteps: []\n", `1:8: tags are not supported; remove "!!int"`},
	{"a tag of somebody's own", "nodes: 3\nsteps:\n- !python/object:os.system {timeout: 1}\n", `3:3: tags are not supported; remove "!python/object:os.system"`},
	{"a tag on a key", "nodes: 3\n!!str steps: []\n", `2:1: tags are not supported; remove "!!str"`},
	{"a tag with a long name", "nodes: 3\nsteps: !<tag:yaml.org,2002:map> {}\n", `2:8: tags are not supported; remove "!!map"`},
	{"binary", "nodes: 3\ntitle: !!binary aGVsbG8=\nsteps: []\n", `2:8: tags are not supported; remove "!!binary"`},
	{"%YAML 1.2", "%YAML 1.2\n---\nnodes: 3\nsteps: []\n", "1:1: this YAML version is not supported; remove the %YAML line"},
	{"%YAML 1.2 behind a remark", "# c\n%YAML 1.2\n---\nnodes: 3\nsteps: []\n", "2:1: this YAML version is not supported; remove the %YAML line"},

	{"a lone -", steps1 + "response:\n    2: -\n", "5:8: YAML reads a lone - as the start of a list; write none, or \"-\" in quotes"},
	{"a lone ?", steps1 + "response:\n    2: ?\n", "5:8: YAML reads a lone ? as a key; leave the cell blank, or write \"?\" in quotes"},
	{"a lone ? in braces", steps1 + "response: {2: ?, 3: ok}\n", "4:17: YAML reads a lone ? as a key"},
	{"a lone ? in a list", steps1 + "response: [ok, ok, ?]\n", "4:22: YAML reads a lone ? as a key"},
	{"a lone - in braces", steps1 + "response: {2: - , 3: ok}\n", "4:17: YAML reads a lone - as the start of a list"},
	{"a lone - in a list", steps1 + "response: [ok, ok, - ]\n", "4:22: YAML reads a lone - as the start of a list"},
	{"a lone - right before a comma or bracket is what it looks like", steps1 + "response: {2: -, 3: -}\n", ""},
	{"@", "nodes: 3\ntitle: @octocat\nsteps: []\n", "2:8: no value can start with this character; put the value in quotes"},
	{"a backtick", "nodes: 3\ntitle: `id`\nsteps: []\n", "2:8: no value can start with this character; put the value in quotes"},
	{"a: b: c", "nodes: 3\ntitle: a: b: c\nsteps: []\n", "2:9: a second colon on this line"},
	{"a quote that is not closed", "nodes: 3\ntitle: \"a\nsteps: []\n", "2:8: this quote is never closed"},
	{"a quote that is not closed, in braces", "nodes: 3\nsteps: [{timeout: 1, note: 'a}]\n", "2:28: this quote is never closed"},
	{"a bracket that is not closed", "nodes: 3\nsteps: [{timeout: 1}\n", "2:8: a comma, or the ] that closes this [, is missing on line 2 or before"},
	{"a brace that is not closed", "nodes: 3\nsteps:\n- requestVote: {candidateId: 1\n  response: {2: ok}\n", "3:16: a comma, or the } that closes this {, is missing on line 4 or before"},
}

// nested gives mappings in mappings, a line each.
func nested(levels int) string {
	var b strings.Builder
	for i := range levels {
		fmt.Fprintf(&b, "%s a:\n", repeat(" ", i))
	}
	return b.String()
}

const (
	mostTime   = slowness * time.Second
	mostMemory = 64 << 20 // bytes in all, those that were freed again among them
)

// price reads a file, and measures the time and memory that it takes: the least
// of a few times, since the machine has other things to do.
func price(data string) (f *File, took time.Duration, memory uint64, err error) {
	took, memory = mostTime+1, mostMemory+1
	for n := 0; n < 3 && (took > mostTime || memory > mostMemory); n++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		f, err = Parse("", []byte(data), DefaultLimits())
		took = time.Since(start)
		runtime.ReadMemStats(&after)
		memory = after.TotalAlloc - before.TotalAlloc
	}
	return f, took, memory, err
}

func TestHazards(t *testing.T) {
	for _, tt := range hazards {
		t.Run(tt.why, func(t *testing.T) {
			f, took, memory, err := price(tt.in)
			if memory > mostMemory || took > mostTime {
				t.Errorf("it takes %v and %d MB; %v and %d MB is the most", took, memory>>20, mostTime, mostMemory>>20)
			}
			t.Logf("%v, %d MB", took.Round(time.Millisecond), memory>>20)
			errs, _ := err.(Errors)
			got := ""
			if len(errs) > 0 {
				got = errs[0].Pos.String() + ": " + errs[0].Msg
			}
			if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("the reader says %.300q, not %q", got, tt.want)
			}
			for _, e := range errs {
				checkPos(t, f, e.Pos)
			}
		})
	}
}
