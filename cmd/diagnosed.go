package cmd

import (
	"bytes"

	"raftsheet/check"
	"raftsheet/check/grade"
)

// This file diagnoses the traces of files. What explains the wrong answers of one is
// found out together with those of all others that have its messages, so that each
// file is looked at several times. Between them most are let go.

// diagnosed shows files, in order, with what explains the wrong answers of their traces.
func (a *app) diagnosed(names []string, set check.Settings, show func(*check.File, map[*check.Report]*grade.Diagnosis) error) error {
	defer forReplays()()
	var files []func() *check.File
	var traces []tracePlace
	read := func(name string) *check.File { return a.checkOne(name, set, false) }
	err := a.mixed(names, read, func(f *check.File) error {
		for i := range f.Reports {
			traces = append(traces, tracePlace{len(files), i})
		}
		files = append(files, anew(f, set))
		return nil
	})
	if err != nil {
		return err
	}
	said := diagnoses(files, traces)
	return check.InOrder(len(files), func(i int) *check.File { return files[i]() }, func(_ int, f *check.File) error {
		own := make(map[*check.Report]*grade.Diagnosis)
		for i, r := range f.Reports {
			own[r] = said[i]
		}
		said = said[len(f.Reports):]
		return show(f, own)
	})
}

// A tracePlace is a file's number, and that of a trace in it.
type tracePlace struct{ file, report int }

// diagnoses explains the wrong answers of each trace.
func diagnoses(files []func() *check.File, traces []tracePlace) []*grade.Diagnosis {
	return grade.DiagnoseEach(len(traces), func(i int) *check.Report {
		at := traces[i]
		return files[at.file]().Reports[at.report]
	}, tellingTraces())
}

// anew gives a checked file whenever it is asked for. Of a small one with one trace no
// more is kept than its text, which is checked again: what a check makes of it takes
// twenty times the memory. To check it costs little beside a diagnosis.
func anew(f *check.File, set check.Settings) func() *check.File {
	if f.Source == nil || len(f.Reports) != 1 || len(f.Source.Bytes()) > smallFile {
		return func() *check.File { return f }
	}
	name, text := f.Name, f.Source.Bytes()
	return func() *check.File { return check.CheckFile(name, bytes.NewReader(text), set) }
}
