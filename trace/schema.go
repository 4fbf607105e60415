package trace

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"raftsheet/raft"
)

// This file makes the JSON Schema from the table of keys.

// Schema gives the JSON Schema (draft-07) of a trace, for editors: what they
// complete, underline, and show beside a key. The reader does not use it, and
// knows more: which nodes there are, and what their states can be.
func Schema() []byte {
	var list []string
	for _, d := range definitions() {
		list = append(list, fmt.Sprintf("%q: {%s}", d[0], d[1]))
	}
	text := `{
		"$schema": "http://json-schema.org/draft-07/schema#",
		"title": "Raft trace",
		"description": "A trace of a Raft cluster as a person writes it down: the messages, in the order in which they arrived, and what each node answered.",
		` + documentKeys.schema() + `,
		"definitions": {` + strings.Join(list, ",") + `}
	}`
	var f folder
	v := readJSON(json.NewDecoder(strings.NewReader(text)))
	f.json(&v, 0)
	return []byte(f.String() + "\n")
}

// SchemaLine is the comment by which the YAML language server finds the schema:
// the output of the command schema, kept beside the trace.
const SchemaLine = "# yaml-language-server: $schema=raftsheet.schema.json"

// readJSON reads the next value. Text that is not JSON comes of a mistake in the
// table of keys.
func readJSON(dec *json.Decoder) value {
	dec.UseNumber()
	token, err := dec.Token()
	if err != nil {
		panic("trace: the schema is not JSON: " + err.Error())
	}
	open, ok := token.(json.Delim)
	if !ok {
		if s, ok := token.(string); ok {
			return word(quoteJSON(s))
		}
		if token == nil {
			return word("null")
		}
		return word(fmt.Sprint(token))
	}
	v := value{open: byte(open)}
	for dec.More() {
		key := ""
		if open == '{' {
			key = readJSON(dec).text
		}
		v.items = append(v.items, pair(key, readJSON(dec)))
	}
	if _, err := dec.Token(); err != nil {
		panic("trace: the schema is not JSON: " + err.Error())
	}
	return v
}

// json writes a value as JSON, on one line where it fits there.
func (f *folder) json(v *value, indent int) {
	if v.open == 0 || f.column+v.width() < lineWidth {
		f.value(v, 0)
		return
	}
	if v.key != "" {
		f.print(v.key + ": ")
	}
	f.print(string(v.open))
	for i := range v.items {
		if i > 0 {
			f.print(",")
		}
		f.newline(indent + 2)
		f.json(&v.items[i], indent+2)
	}
	f.newline(indent)
	f.print(string(v.open + 2))
}

// definitions gives the parts of the schema that are named: the kinds of value,
// and the mappings that are used more than once.
func definitions() [][2]string {
	return [][2]string{
		{text.ref, text.schema()},
		{"number", number[raft.Term]().schema()},
		{"numberOrBlank", optNumber[raft.Term]().schema()},
		{command.ref, command.schema()},
		{"rule", ruleSchema()},
		{points.ref, points.schema()},
		{"grading", gradingKeys.schema()},
		{node.ref, node.schema()},
		{"nodes", `"anyOf": [
			{"$ref": "#/definitions/node"},
			{"type": "array", "uniqueItems": true, "maxItems": ` + strconv.Itoa(raft.MaxNodes) + `, "items": {"$ref": "#/definitions/node"}}
		]`},
		{nodes.ref, nodes.schema()},
		{inTurn.ref, inTurn.schema()},
		{vote.ref, vote.schema()},
		{voterSets.ref, voterSets.schema()},
		{outcome.ref, outcome.schema()},
		{"answer", `"anyOf": [{"$ref": "#/definitions/outcome"}, {"enum": ["none", "?", null]},
			{"type": "string", "pattern": "^ *(` + anyCase(noneWords) + `|[` + dashes[1:] + `-]+|[?]) *$"}]`},
		{optOutcome.ref, optOutcome.schema()},
		{"voteAnswer", answerSchema(&voteAnswerKeys)},
		{"appendAnswer", answerSchema(&appendAnswerKeys)},
		{"voteRow", rowSchema("voteAnswer")},
		{"appendRow", rowSchema("appendAnswer")},
		{"entry", `"anyOf": [
			{"$ref": "#/definitions/number"},
			{"type": "string", "pattern": "^ *(0|[1-9][0-9]{0,18}) *(:|$)", "maxLength": ` + strconv.Itoa(len("9223372036854775807:")+DefaultLimits().Value) + `},
			{` + entryKeys.schema() + `}
		]`},
		{"log", `"anyOf": [
			{"type": "array", "items": {"$ref": "#/definitions/entry"}},
			{"type": "string", "pattern": "^ *(\\[? *[0-9].*|` + anyCase([]string{"none", "empty"}) + `)?$"},
			{"type": "integer", "minimum": 0}
		]`},
		{indexes.ref, indexes.schema()},
		{"state", stateKeys.schema()},
		{"asks", `"anyOf": [{"required": ["requestVote"]}, {"required": ["appendEntries"]}, {"required": ["installSnapshot"]}]`},
		{"step", stepKeys.schema()},
	}
}

// ruleSchema names each rule that there is with what it says.
func ruleSchema() string {
	var rules []string
	add := func(name, says string) {
		rules = append(rules, `{"const": `+quoteJSON(name)+`, "description": `+quoteJSON(says)+`}`)
	}
	add(raft.Figure2().Name, "Figure 2 of the Raft paper.")
	for _, s := range raft.Sets() {
		add(s.Name, "A set of deviations: "+s.Title+".")
	}
	for _, d := range raft.Deviations() {
		add(d.Name, d.Believed)
	}
	return `"anyOf": [` + strings.Join(rules, ", ") + `]`
}

// answerSchema is the schema of an answer: a word, or a mapping of these keys.
func answerSchema(keys *mapping[Cell]) string {
	return `"anyOf": [{"$ref": "#/definitions/answer"}, {` + keys.schema() + `}]`
}

// rowSchema is the schema of a response whose answers are of a definition.
func rowSchema(answer string) string {
	answer = `{"$ref": "#/definitions/` + answer + `"}`
	return `"anyOf": [
		{"type": "null"},
		{"type": "array", "minItems": 1, "maxItems": ` + strconv.Itoa(raft.MaxNodes) + `, "items": ` + answer + `},
		{
			"type": "object",
			"propertyNames": {"pattern": "` + nodeName + `", "not": {"anyOf": [{"const": "none"}, {"type": "string", "pattern": "^-+$"}]}},
			"additionalProperties": ` + answer + `
		}
	]`
}
