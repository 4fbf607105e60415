package source

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// This file reads a file that is JSON. YAML's reader does not take all of it: the
// escapes \/ and \ud83d\ude00, tabs between tokens.

// IsJSON reports whether the file as a whole is one JSON object or list.
func (s *Source) IsJSON() bool {
	text := bytes.TrimLeft(s.jsonText(), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[') && json.Valid(text)
}

func (s *Source) jsonText() []byte { return bytes.TrimPrefix(s.data, []byte(bom)) }

// jsonDocument gives the document of a file that is JSON: nodes as those of
// YAML, in flow style.
func (s *Source) jsonDocument() *yaml.Node {
	r := jsonReader{text: s.jsonText(), pos: Pos{1, 1}}
	root := r.value()
	return &yaml.Node{Kind: yaml.DocumentNode, Line: root.Line, Column: root.Column, Content: []*yaml.Node{root}}
}

// A jsonReader goes through text that is known to be JSON.
type jsonReader struct {
	text []byte // what is left
	pos  Pos    // where that begins
}

// take passes over bytes.
func (r *jsonReader) take(n int) []byte {
	taken := r.text[:n]
	r.text = r.text[n:]
	if at := bytes.LastIndexByte(taken, '\n'); at >= 0 {
		r.pos.Line += int32(bytes.Count(taken, []byte("\n")))
		r.pos.Column = int32(utf8.RuneCount(taken[at+1:]) + 1)
	} else {
		r.pos.Column += int32(utf8.RuneCount(taken))
	}
	return taken
}

// next gives the first byte of the next token that is none of those to skip.
func (r *jsonReader) next(skip string) byte {
	r.take(len(r.text) - len(bytes.TrimLeft(r.text, " \t\r\n"+skip)))
	return r.text[0]
}

func (r *jsonReader) value() *yaml.Node {
	first := r.next("")
	n := &yaml.Node{Line: int(r.pos.Line), Column: int(r.pos.Column)}
	switch first {
	case '{', '[':
		n.Kind, n.Tag, n.Style = yaml.SequenceNode, "!!seq", yaml.FlowStyle
		if first == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		r.take(1)
		for c := r.next(""); c != '}' && c != ']'; c = r.next(",:") {
			n.Content = append(n.Content, r.value())
		}
		r.take(1)
	case '"':
		n.Kind, n.Tag, n.Style = yaml.ScalarNode, "!!str", yaml.DoubleQuotedStyle
		n.Value = jsonString(r.take(stringEnd(r.text)))
	default:
		n.Kind = yaml.ScalarNode
		n.Value = string(r.take(len(r.text) - len(bytes.TrimLeft(r.text, "+-.0123456789abcdefghijklmnopqrstuvwxyzE"))))
		n.Tag = plainTag(n.Value)
	}
	return n
}

// stringEnd gives the end of the string with which a text begins.
func stringEnd(text []byte) int {
	at := 1
	for ; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// jsonString gives what a string stands for. Half of a pair of \u escapes stands
// for nothing, and becomes the replacement character.
func jsonString(quoted []byte) string {
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return string(quoted) // it is valid: this is not reached
	}
	return s
}

func plainTag(value string) string {
	switch {
	case value == "null":
		return "!!null"
	case value == "true", value == "false":
		return "!!bool"
	case strings.ContainsAny(value, ".eE"):
		return "!!float"
	}
	return "!!int"
}

// JSON gives a node of a flow collection as JSON: numbers, true, false and null
// as they are, other scalars and all keys as strings.
func JSON(n *yaml.Node) string {
	var b strings.Builder
	writeJSON(&b, n)
	return b.String()
}

func writeJSON(b *strings.Builder, n *yaml.Node) {
	switch {
	case n.Kind == yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(JSONText(n.Content[i].Value) + ": ")
			writeJSON(b, n.Content[i+1])
		}
		b.WriteByte('}')
	case n.Kind == yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteString(", ")
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	case n.Tag != "!!str" && json.Valid([]byte(n.Value)):
		b.WriteString(n.Value)
	case IsNull(n):
		b.WriteString("null")
	default:
		b.WriteString(JSONText(n.Value))
	}
}

// JSONText gives a text as a JSON string, in its quotes.
func JSONText(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // a string has no way to fail
	}
	return strings.TrimSuffix(b.String(), "\n")
}
