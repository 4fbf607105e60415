package source

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The count is no more than the nodes that there are, so that no file is refused
// which is within its limit, and far more than the bytes of a file that is hostile.
func TestCrowded(t *testing.T) {
	for why, in := range map[string]string{
		"a trace":                 "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response: {2: ok, 3: }\n",
		"lists in lists":          "- [[1, 2], [3, 4], []]\n- - - x\n  - y\n",
		"commas in quotes":        "a: \"1,2,3,4,5,6,7,8\"\nb: ['1,2,3,4,5', \"\\\",,,,\"]\nc: {'k,,,': \"v,,,\"}\n",
		"commas in comments":      "a: [1, # 1,2,3,4,5,6,7\n 2]\n# - - - - a: b: c:\n",
		"commas in plain text":    "title: a, b, c, d, e, f, g, h\nnote: don't, say, so\n",
		"a trailing comma":        "a: [1, 2, ]\nb: {c, d, }\n",
		"JSON":                    `{"nodes":3,"steps":[{"timeout":1},{"timeout":2}]}`,
		"documents count by each": "a: [1, 2]\n---\nb: [1, 2]\n---\nc: [1, 2]\n",
	} {
		most := 0
		for doc, bad := range New([]byte(in)).Documents(64) {
			if bad != nil {
				t.Fatalf("%s: %v", why, bad)
			}
			most = max(most, count(doc.Content[0]))
		}
		if at, _, over := New([]byte(in)).Crowded(most); over {
			t.Errorf("%s: of %d nodes too many are counted, at %s", why, most, at)
		}
	}
	for why, in := range map[string]string{
		"in braces":                strings.Repeat("1,", 1000),
		"behind an apostrophe":     "a: don't\nb: {" + strings.Repeat("1,", 1000) + "}",
		"behind quotes in text":    "a: b \"c\nb: {" + strings.Repeat("1,", 1000) + "}",
		"behind a quote in braces": "{a:\"b, " + strings.Repeat("1,", 1000) + "}",
		"behind a mark":            "\ufeff{" + strings.Repeat("1,", 1000) + "}",
		"behind a dashed line":     "--- {" + strings.Repeat("1,", 1000) + "}",
		"behind an anchor":         "a: &x !t [" + strings.Repeat("1,", 1000) + "]",
		"a key":                    "? {" + strings.Repeat("1,", 1000) + "}",
		"dashes":                   strings.Repeat("- 1\n", 1000),
		"keys":                     strings.Repeat("k: 1\n", 1000),
		"the second document":      "a: 1\n---\n" + strings.Repeat("- 1\n", 1000),
	} {
		if why == "in braces" {
			in = "{" + in + "}"
		}
		if _, document, over := New([]byte(in)).Crowded(900); !over || why == "the second document" && document != 2 {
			t.Errorf("%s: a thousand nodes pass for 900 (document %d)", why, document)
		}
	}
}

func count(n *yaml.Node) int {
	total := 1
	for _, c := range n.Content {
		total += count(c)
	}
	return total
}
