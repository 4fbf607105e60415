package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// This file keeps what grade writes apart from what it reads.

// gradeInputs are the files that grade reads, none of which it may write over but
// the export.
type gradeInputs struct {
	by       []markFile // the keys, or the scheme
	what     string     // the key, or the scheme
	handedIn *intake.Intake
	roster   *intake.Roster // of --roster
	listed   fs.FileInfo    // its file
	export   []byte         // of --into
	into     fs.FileInfo
	more     []gradeInput     // the files of --marks and --against
	decided  *grade.Decisions // in those of --marks; nil for nothing
	before   *grade.Results   // in that of --against; nil for none
	review   []byte           // what is in the file of --review now; nil for no file
}

// collect lists what was handed in. One student's folder of too many files is
// refused in the autograder's report, which must be there.
func (in *gradeInputs) collect(args []string, reports []gradeReport) error {
	var many *intake.TooManyError
	var err error
	set := intake.Settings{Roster: in.roster, RosterFile: in.listed, IsSheet: trace.LooksKeyed}
	for _, f := range in.by {
		set.Keys = append(set.Keys, f.info)
	}
	in.handedIn, err = intake.Collect(args, set)
	if errors.As(err, &many) && slices.ContainsFunc(reports, gradeReport.ofOneStudent) {
		in.handedIn, err = &intake.Intake{Inputs: []intake.Input{many.Input()}}, nil
	}
	return err
}

// readRoster reads the file of --roster.
func (in *gradeInputs) readRoster(g *gradeCommand, most int64) error {
	if g.roster == "" {
		return nil
	}
	in.listed = fileInfo(g.roster)
	var err error
	in.roster, err = readRoster(g.roster, most)
	return err
}

// readExport reads the file of --into.
func (in *gradeInputs) readExport(g *gradeCommand, most int64) error {
	if g.into == "" {
		return nil
	}
	err := replaceable("--into", g.into)
	if err == nil {
		in.export, err = readAtMost(g.into, most)
	}
	in.into = fileInfo(g.into)
	return err
}

// apart is an error if an output is an input or another output.
func (in *gradeInputs) apart(g *gradeCommand, files []gradeFile) error {
	if g.into != "" {
		if what := in.reads(in.into, false); what != "" {
			return fmt.Errorf("--into %s: this is %s; name the export of the LMS", g.into, what)
		}
	}
	taken := make(map[string]string)
	for _, f := range files {
		info, place := f.place()
		if what := in.reads(info, true); what != "" {
			return fmt.Errorf("%s: this is %s, which grade would write over; name another file or folder", f.name, what)
		}
		if other, is := taken[place]; is && place != "" {
			return fmt.Errorf("%s: grade would write two files there, also as %s; give each a name of its own", f.name, other)
		}
		taken[place] = f.name
	}
	return nil
}

// place gives the place of a file on the disk, by its full path, and what is there
// now: nil for nothing. A device has no place: what is written to it adds up.
func (f *gradeFile) place() (fs.FileInfo, string) {
	look := os.Stat
	if f.page {
		look = os.Lstat // a link is replaced, and not followed
	}
	info, err := look(f.name)
	if err == nil && !info.Mode().IsRegular() && !f.page {
		return info, ""
	}
	whole, absErr := filepath.Abs(f.name)
	if absErr != nil {
		return info, f.name
	}
	if err == nil && !f.page {
		if real, err := filepath.EvalSymlinks(whole); err == nil {
			return info, real
		}
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(whole)); err == nil {
		whole = filepath.Join(dir, filepath.Base(whole))
	}
	return info, whole
}

// reads says what of grade's inputs a file is, empty for none.
func (in *gradeInputs) reads(file fs.FileInfo, export bool) string {
	switch {
	case file == nil || !file.Mode().IsRegular():
		return ""
	case slices.ContainsFunc(in.by, func(f markFile) bool { return f.info != nil && os.SameFile(file, f.info) }):
		return in.what
	case export && in.into != nil && os.SameFile(file, in.into):
		return "the export of --into"
	case export && in.listed != nil && os.SameFile(file, in.listed):
		return "the roster"
	case in.handedIn.Has(file):
		return "a file that was handed in"
	}
	for _, m := range in.more {
		if m.info != nil && os.SameFile(file, m.info) {
			return "the file of " + m.flag
		}
	}
	return ""
}

// changed gives the names of the inputs that have changed since they were read. The
// export is looked at just before it is replaced.
func (in *gradeInputs) changed(g *gradeCommand) []string {
	names := in.handedIn.Changed()
	for i := len(in.by) - 1; i >= 0; i-- {
		if f := &in.by[i]; f.info != nil && f.info.Mode().IsRegular() && unchanged(f.name, f.src.Bytes()) != nil {
			names = append([]string{f.name}, names...)
		}
	}
	for _, m := range in.more {
		if m.info != nil && m.info.Mode().IsRegular() && unchanged(m.name, m.data) != nil {
			names = append(names, m.name)
		}
	}
	return names
}
