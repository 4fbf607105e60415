package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// This file reads a JSON report of grade again, as far as another run is held
// against it. Its names are those of grades.go.
type (
	beforeReport struct {
		Version     *int               `json:"version"`
		Tool        gradesTool         `json:"tool"`
		Key         beforeKey          `json:"key"`
		Submissions []beforeSubmission `json:"submissions"`
	}
	beforeKey struct {
		Digest string `json:"digest"`
	}
	beforeSubmission struct {
		Student gradesStudent `json:"student"`
		File    string        `json:"file"`
		Outcome string        `json:"outcome"`
		Totals  *beforeTotals `json:"totals"`
		Marks   []beforeMark  `json:"marks"`
	}
	beforeTotals struct {
		Counted grade.Points  `json:"counted"`
		Most    *grade.Points `json:"most"`
	}
	beforeMark struct {
		Step    string        `json:"step"`
		Node    string        `json:"node"`
		Field   string        `json:"field"`
		Verdict string        `json:"verdict"`
		Through grade.Points  `json:"through"`
		Most    *grade.Points `json:"most"`
	}
)

const notGrades = "this is not a report of grade; write one with --report json=FILE"

// Before reads a JSON report that grade has written. The error, of type
// [trace.Errors], has the place of what is wrong.
func Before(name string, data []byte) (*grade.Results, error) {
	var in beforeReport
	d := json.NewDecoder(bytes.NewReader(data))
	err := d.Decode(&in)
	at := d.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return nil, badBefore(name, data, syntax.Offset-1, "this is not JSON: %v", err)
	case errors.As(err, &kind) && kind.Field != "":
		return nil, badBefore(name, data, kind.Offset-1, "%s: a JSON %s does not belong here", kind.Field, kind.Value)
	case kind != nil:
		return nil, badBefore(name, data, 0, notGrades)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, badBefore(name, data, int64(len(data)), "this is not JSON: it ends too soon")
	case err != nil:
		return nil, badBefore(name, data, at, "%v", err)
	case in.Version == nil || in.Submissions == nil:
		return nil, badBefore(name, data, 0, notGrades)
	case *in.Version != 1:
		return nil, badBefore(name, data, int64(max(0, bytes.Index(data, []byte(`"version"`)))),
			"this report is of version %d, and version 1 is read; mark the earlier state again", *in.Version)
	}
	out := &grade.Results{Tool: in.Tool.Version, Key: in.Key.Digest, Submissions: make([]grade.Result, len(in.Submissions))}
	for i := range in.Submissions {
		out.Submissions[i] = in.Submissions[i].result()
	}
	return out, nil
}

func (s *beforeSubmission) result() grade.Result {
	out := grade.Result{Student: grade.Student{ID: s.Student.ID, Name: s.Student.Name}, File: s.File, Outcome: s.Outcome}
	if t := s.Totals; t != nil && s.Outcome != grade.Superseded.String() {
		out.Counts = rangeOf(t.Counted, t.Most)
	}
	for _, m := range s.Marks {
		out.Cells = append(out.Cells, grade.CellResult{Step: m.Step, Node: m.Node, Field: m.Field, Verdict: m.Verdict, Points: *rangeOf(m.Through, m.Most)})
	}
	return out
}

// rangeOf is what mostOf was made of.
func rangeOf(least grade.Points, most *grade.Points) *grade.Range {
	if most == nil {
		return &grade.Range{Least: least, Most: least}
	}
	return &grade.Range{Least: least, Most: *most}
}

// badBefore is an error at a byte of the file.
func badBefore(name string, data []byte, at int64, format string, args ...any) error {
	before := data[:min(max(at, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return trace.Errors{{File: name, Document: 1, Pos: trace.Pos{Line: int32(line), Column: int32(column)}, Msg: fmt.Sprintf(format, args...)}}
}
