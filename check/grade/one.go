package grade

import "raftsheet/trace"

// DiagnoseTrace says what explains the wrong answers of a trace, held against the
// replay of that trace by the rules of those names, its own where names is nil.
// It is nil where the trace asks for nothing. The error is that of [NewKey].
func DiagnoseTrace(t *trace.Trace, names []string, apart []*trace.Trace) (*Diagnosis, error) {
	own := *t
	own.Grading = trace.Grading{}
	if names != nil {
		own.Rules = names
	}
	k, err := asKey(&own)
	if err != nil || len(k.Cells) == 0 || k.Run.Incomplete() {
		return nil, err
	}
	return Diagnose(k, k.Mark(t, false), apart), nil
}
