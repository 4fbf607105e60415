package trace

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema gives the JSON Schema (draft-07) of a trace, for editors: what they
// complete, underline, and show beside a key. The reader does not use it, and
// knows more: which nodes there are, and what their states can be.
func Schema() []byte { return append([]byte(nil), schema...) }
