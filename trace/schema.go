package trace

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		panic("trace: the table of keys makes a schema that is not JSON: " + err.Error())
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// definitions gives the parts of the schema that are named: the kinds of value,
// and the mappings that are used more than once.
func definitions() [][2]string {
	answer := func(keys *mapping[Cell]) string {
		return `"anyOf": [{"$ref": "#/definitions/answer"}, {` + keys.schema() + `}]`
	}
	row := func(answer string) string {
		return `"anyOf": [
			{"type": "null"},
			{"type": "array", "minItems": 1, "maxItems": 64, "items": {"$ref": "#/definitions/` + answer + `"}},
			{
				"type": "object",
				"propertyNames": {"not": {"const": "none"}},
				"additionalProperties": false,
				"patternProperties": {"` + nodeName + `": {"$ref": "#/definitions/` + answer + `"}}
			}
		]`
	}
	return [][2]string{
		{text.ref, text.schema},
		{"number", number[raft.Term]().schema},
		{"numberOrBlank", optNumber[raft.Term]().schema},
		{command.ref, command.schema},
		{"rule", `"description": "figure2, a deviation from it, or a set of deviations. raftsheet rules says what each is.",
			"enum": ["` + strings.Join(raft.RulesNames(), `", "`) + `"]`},
		{points.ref, points.schema},
		{"grading", gradingKeys.schema()},
		{node.ref, node.schema},
		{"nodes", `"anyOf": [
			{"$ref": "#/definitions/node"},
			{"type": "array", "uniqueItems": true, "maxItems": 64, "items": {"$ref": "#/definitions/node"}}
		]`},
		{nodes.ref, nodes.schema},
		{inTurn.ref, inTurn.schema},
		{vote.ref, vote.schema},
		{outcome.ref, outcome.schema},
		{"answer", `"anyOf": [{"$ref": "#/definitions/outcome"}, {"enum": ["none", "-", "?", null]}]`},
		{optOutcome.ref, optOutcome.schema},
		{"voteAnswer", answer(&voteAnswerKeys)},
		{"appendAnswer", answer(&appendAnswerKeys)},
		{"voteRow", row("voteAnswer")},
		{"appendRow", row("appendAnswer")},
		{"entry", `"anyOf": [
			{"$ref": "#/definitions/number"},
			{"type": "string", "pattern": "^(0|[1-9][0-9]{0,18}):", "maxLength": 1044},
			{` + entryKeys.schema() + `}
		]`},
		{"log", `"type": "array", "items": {"$ref": "#/definitions/entry"}`},
		{indexes.ref, indexes.schema},
		{"state", stateKeys.schema()},
		{"asks", `"anyOf": [{"required": ["requestVote"]}, {"required": ["appendEntries"]}]`},
		{"step", stepKeys.schema()},
	}
}
