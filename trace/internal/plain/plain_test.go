package plain_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/plain"
	"raftsheet/trace/internal/source"
)

// reader reads all texts, one after the other: what one of them left behind is not
// to show in the next.
var reader plain.Reader

// read reads a file as source does. It reports whether it is plain.
func read(data []byte) (docs []*yaml.Node, ok bool) {
	if source.New(data).Check() != nil {
		return nil, false
	}
	docs = reader.Read(strings.TrimPrefix(string(data), "\ufeff"))
	return docs, docs != nil
}

// differ says where what is read of a file is not what the YAML library reads,
// nothing where it is or where the file is not plain.
func differ(data []byte) (difference string, isPlain bool) {
	got, ok := read(data)
	if !ok {
		return "", false
	}
	want, err := decode(data)
	if err != nil {
		return fmt.Sprintf("yaml.v3 refuses it: %v", err), true
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d documents, want %d", len(got), len(want)), true
	}
	for i := range got {
		if d := differNodes(got[i], want[i]); d != "" {
			return d, true
		}
	}
	return "", true
}

func decode(data []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		doc := new(yaml.Node)
		if err := dec.Decode(doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return docs, err
		}
		docs = append(docs, doc)
	}
}

func differNodes(got, want *yaml.Node) string {
	a, b := *got, *want
	b.HeadComment, b.LineComment, b.FootComment = "", "", ""
	if (a.Content == nil) != (b.Content == nil) || len(a.Content) != len(b.Content) {
		return fmt.Sprintf("%d:%d has the content %v, want %v", a.Line, a.Column, a.Content, b.Content)
	}
	if cap(a.Content) != len(a.Content) {
		return fmt.Sprintf("%d:%d: what is appended to its content overwrites other nodes", a.Line, a.Column)
	}
	a.Content, b.Content = nil, nil
	if a.Kind != b.Kind || a.Style != b.Style || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || a.Alias != b.Alias ||
		a.Line != b.Line || a.Column != b.Column || a.HeadComment+a.LineComment+a.FootComment != "" {
		return fmt.Sprintf("%+v\nwant %+v", a, b)
	}
	for i := range got.Content {
		if d := differNodes(got.Content[i], want.Content[i]); d != "" {
			return d
		}
	}
	return ""
}

// seeds gives every YAML file of the module.
func seeds(tb testing.TB) (names []string, files [][]byte) {
	tb.Helper()
	err := filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		names, files = append(names, path), append(files, data)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return names, files
}

// The examples are read as the YAML library reads them, and all but those that say
// something in YAML that few do are plain. If this fails, findings are shown
// elsewhere, or every command takes five times as long to read a file.
func TestExamples(t *testing.T) {
	names, files := seeds(t)
	for i, data := range files {
		difference, isPlain := differ(data)
		if difference != "" {
			t.Errorf("%s: %s", names[i], difference)
		}
		if !isPlain {
			t.Logf("%s is not plain", names[i])
		}
	}
}

// Each of these is plain. If one is handed over, files that use it are slow.
func TestPlain(t *testing.T) {
	for why, in := range map[string]string{
		"pairs":                         "a: 1\nb: x y\n",
		"no line end at the end":        "a: 1",
		"a key without a value":         "a:\nb:\nc: \n",
		"dashes in the key's column":    "a:\n- 1\n- 2\nb: 3\n",
		"dashes behind dashes":          "- - a\n  - b\n- - - c\n",
		"keys behind dashes":            "-  a: 1\n   b: 2\n- c: 3\n",
		"items without a value":         "a:\n-\n- \n-  # none\nb: 1\n",
		"a value on its own line":       "a:\n  x y\nb:\n  'x'\nc:\n  [1]\n",
		"all of it indented":            "  a:\n      b: 1\n  c: 2\n",
		"comments":                      "# a\n\na: # b\n  # c\n b: 1 # d\n# e\n c: [1, # f\n 2] # g\n# h",
		"a # in text":                   "a: b#c\nd: [e#f, 'x # y']\n",
		"colons in text":                "a: b:c\nlog: [1:x, 2:y]\ntime: 12:30\nurl: http://x/y\n",
		"brackets in text":              "a: b [c], {d}\n",
		"an apostrophe in text":         "a: don't\nb: 6\"\n",
		"quotes":                        "\"a b\": 'it''s'\n'c' : \"\"\nd: ''\n",
		"brackets":                      "a: [1, [2, {b: c}], {}, [], ]\nb: {c: {d: , e}, f: }\n",
		"brackets of several lines":     "a: {b: 1,\nc: [2,\n\n 3\n],  # d\n  e:\n f}\n",
		"JSON with a trailing comma":    "{\"a\":1,\"b\":[true,null,\"c\"],}\n",
		"CR LF":                         "a: 1\r\n\r\nb: [x,\r\n y] # c\r\nd:\r\n- e\r\n",
		"a byte order mark":             "\ufeffa: 1\nb: [é, 2]\n",
		"text in other scripts":         "名前: {ä: 日本語, \"é\": 'ß', c: 👨‍👩‍👧, d: 1}\n",
		"a space that does not break":   "a: b\u00a0c\nd: [\u00a0e, f]\n",
		"several documents":             "# a\na: 1\n---\nb: [1]\n--- # c\n- d\n",
		"dashes before the first":       "---\na: 1\n",
		"dots and dashes that mark not": "a: -1\nb: ---\nc: ...\n.d: -.5\n-e: --\n",
	} {
		if difference, isPlain := differ([]byte(in)); !isPlain || difference != "" {
			t.Errorf("%s: plain: %t %s", why, isPlain, difference)
		}
	}
}

// Each of these is handed over: it says something that the package does not know,
// or is wrong, and only the YAML library can say how.
func TestHandedOver(t *testing.T) {
	for why, in := range map[string]string{
		"nothing": "", "a comment": "# a\n", "a scalar": "a\n", "a null": "~\n",
		"an empty document": "---\n", "an empty second one": "a: 1\n---\n", "a second on the line": "--- {a: 1}\n",
		"an anchor": "a: &x 1\n", "an alias": "a: *x\n", "a tag": "a: !!str 1\n", "a merge key": "<<: {a: 1}\n",
		"a question mark": "? a\n: b\n", "one in brackets": "[a?b]\n", "a cell of it": "{a: ?, b: 1}\n",
		"an escape": "a: \"\\n\"\n", "quotes over lines": "a: 'b\n  c'\n", "text over lines": "a: b\n  c\n",
		"text over lines in brackets": "[a\n b]\n", "literal text": "a: |\n  b\n", "folded text": "a: >\n  b\n",
		"a tab": "a:\tb\n", "a tab in text": "a: b\tc\n", "a tab in quotes": "a: 'b\tc'\n",
		"a directive": "%YAML 1.1\n---\na: 1\n", "an end": "a: 1\n...\n", "dots in brackets": "[\n... ]\n",
		"a pair in a list": "[a: 1]\n", "a collection as a key": "{[a]: 1}\n", "one in front": "[a]: 1\n",
		"two commas": "[a,,b]\n", "a comma first": "{,a}\n", "no comma": "{a: 1 'b': 2}\n", "no end": "a: [1\n", "the other end": "a: [1}\n",
		"a key twice on the line": "a: b: c\n", "a key in quotes twice": "a: 'b': c\n", "a dash behind a key": "a: - b\n",
		"a space too much": "a: 1\n b: 2\n", "one too little": "  a: 1\n b: 2\n", "a dash too deep": "- a\n - b\n",
		"a dash after pairs": "a: 1\n- b\n", "pairs after a dash": "- a\nb: 1\n", "no space": "a: 1\nb:2\n", "no colon": "a: 1\nb\n",
		"more behind quotes": "a: 'b' c\n", "more behind brackets": "a: [b] c\n", "a comment that touches": "a: [b]#c\n",
		"a key too long": strings.Repeat("k", 1025) + ": 1\n", "one in brackets, too long": "{" + strings.Repeat("k", 1025) + ": 1}\n",
		"a colon on the next line": "{a\n: 1}\n", "a colon that begins": "{a: :b}\n", "too deep": strings.Repeat("[", 300) + strings.Repeat("]", 300),
	} {
		if _, ok := read([]byte(in)); ok {
			t.Errorf("%s: %q is read", why, in)
		}
	}
}

// The tag of a text without quotes is the one that the YAML library gives it. If
// this fails, a term is text, or a node's name a number.
func TestTags(t *testing.T) {
	const letters = "019-+._:/exoObTZ~nNuUlLtTrRfFiIaA<yY "
	words := []string{"true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "null", "Null", "NULL", "yes", "no", "on", "off", "Y", "n",
		".inf", "-.Inf", "+.INF", ".nan", "1_000", "0x1F", "0o17", "0b11", "-0b1", "1e3", "1E400", "9223372036854775807", "18446744073709551615",
		"99999999999999999999", "2001-12-14", "2001-12-14T21:59:43.10Z", "2001-12-14 21:59:43", "2001-1-2x", "0777", "08", "1:30", "123456789012345678", "1234567890123456789"}
	for _, a := range letters {
		for _, b := range letters {
			for _, c := range letters {
				words = append(words, string([]rune{a, b, c}))
			}
		}
	}
	for _, word := range words {
		if difference, _ := differ([]byte("- [" + word + "]\n- " + word + "\n")); difference != "" {
			t.Errorf("%q: %s", word, difference)
		}
	}
}

// The library's limits on the length of a key and on how far it looks for a
// comment are kept: on either side of each the reading is the same.
func TestLengths(t *testing.T) {
	for n := 1000; n < 1040; n++ {
		for _, unit := range []string{"k", "é", " "} {
			key := "k" + strings.Repeat(unit, n-2) + "k"
			for _, form := range []string{"%s: 1\n", "'%s': 1\n", "a: 1\n%s: 1\n", "- %s: 1\n", "{%s: 1}\n", "{\"%s\":1}\n", "{%s}\n", "- %s\n- 1\n", "a:\n  %s\nb: 1\n", "a: 1\nb: {c: %s, %[1]s: 2}\n"} {
				if difference, _ := differ(fmt.Appendf(nil, form, key)); difference != "" {
					t.Errorf("%d of %q in %q: %s", n, unit, form, difference)
				}
			}
		}
	}
	for n := 500; n < 520; n++ {
		gap := strings.Repeat(" ", n)
		lines := strings.Repeat("\n", n)
		for _, form := range []string{"a: 1%s# c\nb: 2\n", "a: [1,%s# c\n 2]\nb: {%[1]s# d\n}\n", "-%s# c\n-%[1]s1\n", "a:%s# c\n  b: 1\n", "# a\n%s# c\na: 1\n%[1]s# d\nb: 2\n"} {
			for _, space := range []string{gap, lines} {
				if difference, _ := differ(fmt.Appendf(nil, form, space)); difference != "" {
					t.Errorf("%d spaces in %q: %s", n, form, difference)
				}
			}
		}
	}
}
