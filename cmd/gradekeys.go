package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// This file reads the keys of a folder: one for each variant of a worksheet.

// A markFile is a file that grade marks by.
type markFile struct {
	name string
	info fs.FileInfo // nil if it is not a file, but standard input
	src  *trace.File
}

// markedByFile is the one file that grade marks by.
func markedByFile(name string, src *trace.File) []markFile {
	return []markFile{{name, fileInfo(name), src}}
}

// keysOf reads a key, or those of a folder: as it is, or its folder keys, as generate
// makes it. What is wrong with any of them is shown.
func (a *app) keysOf(name string) ([]markFile, *grade.Keys, error) {
	names, isFolder, err := a.keyNames(name)
	if err != nil {
		return nil, nil, err
	}
	var files []markFile
	var keys []*grade.Key
	var failed error
	for _, name := range names {
		src, err := a.read(name)
		if isFolder && src != nil && src.IsForeign() && !hasTraceSuffix(name) {
			a.tell("raftsheet: passed over %s, which has no key of the format at its top", shownName(name))
			continue
		}
		var key *grade.Key
		if err == nil {
			key, err = a.gradeKey(src)
		}
		if err != nil {
			if failed = a.fail(src, err); !errors.As(failed, new(reportedError)) {
				return nil, nil, failed
			}
			continue
		}
		files, keys = append(files, markFile{name, fileInfo(name), src}), append(keys, key)
	}
	if failed != nil {
		return nil, nil, failed
	}
	all, err := grade.NewKeys(shownName(name), keys)
	var errs trace.Errors
	if errors.As(err, &errs) {
		for _, f := range files {
			if f.src.Name == errs[0].File {
				return nil, nil, a.fail(f.src, errs)
			}
		}
	}
	return files, all, err
}

// keyNames gives the files of --key.
func (a *app) keyNames(name string) (names []string, isFolder bool, err error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return []string{name}, false, nil
	}
	names, err = a.inputs([]string{keyFolder(name)})
	return names, true, err
}

// keyFolder is where the keys of a folder are.
func keyFolder(name string) string {
	if within := filepath.Join(name, "keys"); isFolder(within) {
		return within
	}
	return name
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// readVariants takes, where no roster is named, the list of who has which worksheet that
// generate puts beside the keys. One that lists no students says nothing.
func (in *gradeInputs) readVariants(g *gradeCommand, most int64) error {
	if g.roster != "" || g.key == "" || !isFolder(g.key) {
		return nil
	}
	name := filepath.Join(keyFolder(g.key), "variants.csv")
	if in.listed = fileInfo(name); in.listed == nil {
		return nil
	}
	data, err := readAtMost(name, most)
	if err != nil {
		return err
	}
	if roster, err := intake.ReadRoster(data); err == nil {
		in.roster = roster
	}
	return nil
}
