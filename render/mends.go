package render

import (
	"fmt"

	"raftsheet/render/doc"
	"raftsheet/trace/mend"
)

// MovesNote follows a change that could have moved a value.
const MovesNote = " (look at this line: the value could belong elsewhere)"

// Mends asks whether the writer of a file that cannot be read meant these changes.
func Mends(name string, changes []mend.Change) []doc.Block {
	const most = 10
	if len(changes) == 0 {
		return nil
	}
	var lines []doc.Inline
	for i, c := range changes {
		if i == most {
			lines = append(lines, doc.Text(fmt.Sprintf("and %d more", len(changes)-most)))
			break
		}
		text := name + ": did you mean? " + c.What
		if c.Moves {
			text += MovesNote
		}
		lines = append(lines, doc.Marked(doc.Foreign, text))
	}
	return []doc.Block{doc.P(lines...)}
}
