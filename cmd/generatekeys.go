package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"raftsheet/check/generate"
	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// This file keeps generate from replacing a key by another one: its worksheet may have
// been handed out.

// earlier is what a folder has of an earlier run.
type earlier struct {
	variants []string
	keys     []*grade.Key // by variant
	list     []byte       // keys/variants.csv
	class    *intake.Roster
}

// keepsKey refuses to replace the file of --key, unless it holds this very key.
func (g *generateCommand) keepsKey(data []byte) error {
	info, err := os.Stat(g.key)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	if info.Size() == int64(len(data)) {
		if was, err := os.ReadFile(g.key); err == nil && bytes.Equal(was, data) {
			return nil
		}
	}
	return fmt.Errorf("%s: this file is there already, and is not the key of this worksheet; it is kept. Give --key another name. (raftsheet blank %s prints the worksheet of the key that is there.)", g.key, shellWord(g.key))
}

// earlier reads the keys that a folder has. It is an error if they are of another run,
// and would be taken for those of this one.
func (a *app) earlier(g *generateCommand) (*earlier, error) {
	e := &earlier{}
	var err error
	if e.variants, err = tracesOf(filepath.Join(g.out, "keys")); err != nil {
		return nil, err
	}
	sheets, err := tracesOf(filepath.Join(g.out, "sheets"))
	if err != nil {
		return nil, err
	}
	for _, name := range sheets {
		if !slices.Contains(e.variants, name) {
			return nil, fmt.Errorf("%s: this worksheet has no key in %s. Put the key back, or give --out another folder", filepath.Join(g.out, "sheets", name+".yaml"), filepath.Join(g.out, "keys"))
		}
	}
	for _, variant := range e.variants {
		name := filepath.Join(g.out, "keys", variant+".yaml")
		src, err := a.read(name)
		if err != nil {
			return nil, a.fail(src, err)
		}
		if !g.made(src) {
			return nil, fmt.Errorf("%s is the key of another run, and is kept. Give --out another folder; or run the command of %s, which keeps what is there and makes what is missing", name, filepath.Join(g.out, "keys", "README.md"))
		}
		key, err := a.gradeKey(src)
		if err != nil {
			return nil, a.fail(src, err)
		}
		e.keys = append(e.keys, key)
	}
	return e, e.readList(g, a.maxBytes)
}

// tracesOf gives the names of the traces in a folder, without their extension.
func tracesOf(folder string) ([]string, error) {
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %s", folder, systemText(err))
	}
	var names []string
	for _, f := range files {
		if name, is := strings.CutSuffix(f.Name(), ".yaml"); is {
			names = append(names, name)
		}
	}
	return names, nil
}

// made reports whether the flags and the seed of a key are these.
func (g *generateCommand) made(key *trace.File) bool {
	recipe := "# " + g.recipe()
	for line := range strings.Lines(string(key.Bytes())) {
		rest, is := strings.CutPrefix(strings.TrimRight(line, "\r\n"), recipe)
		if is && (rest == "" || strings.HasPrefix(rest, " --variants ") || strings.HasPrefix(rest, " --roster ") || strings.HasPrefix(rest, " --out ")) {
			return true
		}
	}
	return false
}

// readList reads who has which of the worksheets.
func (e *earlier) readList(g *generateCommand, most int64) (err error) {
	if len(e.variants) == 0 {
		return nil
	}
	name := filepath.Join(g.out, "keys", "variants.csv")
	if e.list, err = readAtMost(name, most); err != nil {
		return fmt.Errorf("%w; it says who has which worksheet", err)
	}
	if g.roster == "" {
		return nil
	}
	if e.class, err = intake.ReadRoster(e.list); err != nil {
		return fmt.Errorf("%s: %w; write in it who has which worksheet", name, err)
	}
	return nil
}

// has reports whether a variant's worksheet is there.
func (e *earlier) has(variant string) bool { return slices.Contains(e.variants, variant) }

// of gives the variant of a student who has one.
func (e *earlier) of(s intake.Student) (variant string, ok bool) {
	if e.class == nil {
		return "", false
	}
	for _, text := range []string{s.SIS, s.ID, s.Login, s.Email, s.Name} {
		if text == "" {
			continue
		}
		if found, ok := e.class.Find(text); ok && e.has(e.class.Variant(found)) {
			return e.class.Variant(found), true
		}
	}
	return "", false
}

// traces gives the worksheets of the keys.
func (e *earlier) traces() []*trace.Trace {
	out := make([]*trace.Trace, len(e.keys))
	for i, k := range e.keys {
		out[i] = k.Questions()
	}
	return out
}

// listWith is the list of variants with some more. What an instructor has written in it
// stays.
func (e *earlier) listWith(seats []seat) ([]byte, error) {
	all := seatList(seats)
	if len(e.list) == 0 {
		return all, nil
	}
	head, rows, _ := bytes.Cut(all, []byte("\n"))
	if !bytes.HasPrefix(bytes.TrimPrefix(e.list, []byte("\ufeff")), head) {
		return nil, fmt.Errorf("variants.csv has other columns than %s; put them back, and nobody's worksheet is lost", head)
	}
	was := bytes.TrimRight(e.list, "\r\n")
	return slices.Concat(was, []byte("\n"), rows), nil
}

// origin says in a key how it is made again.
func (g *generateCommand) origin() string {
	return fmt.Sprintf("A key that raftsheet generate has made. To make its worksheet again:\n%s\n(seeds of format %d).", g.again(), generate.Format)
}

// recipe is the command with what settles a worksheet.
func (g *generateCommand) recipe() string {
	w := &g.wish
	args := []string{"raftsheet generate", fmt.Sprintf("--nodes %d --append-entries %d --request-votes %d --lost %d%% --form %s --seed %d",
		w.Nodes, w.AppendEntries, w.RequestVotes, w.Lost, w.Form, g.seed)}
	if len(g.atStake) > 0 {
		args = append(args, "--at-stake "+strings.Join(g.atStake, ","))
	}
	if w.Leaders > 0 {
		args = append(args, fmt.Sprint("--leaders ", w.Leaders))
	}
	if g.title != defaultTitle {
		args = append(args, "--title "+shellWord(g.title))
	}
	if w.Events {
		args = append(args, "--events")
	}
	if g.minimal {
		args = append(args, "--minimal")
	}
	if g.followUp != "" {
		args = append(args, "--follow-up "+shellWord(g.followUp))
	}
	return strings.Join(args, " ")
}

// again is the command that makes the same: of a class, all of its worksheets.
func (g *generateCommand) again() string {
	args := []string{g.recipe()}
	if g.variants > 0 && g.roster == "" {
		args = append(args, fmt.Sprint("--variants ", g.variants))
	}
	if g.roster != "" {
		args = append(args, "--roster "+shellWord(g.roster))
	}
	if g.out != "" {
		args = append(args, "--out "+shellWord(g.out))
	}
	return strings.Join(args, " ")
}

// againAll is again with the form in which worksheets are handed out.
func (g *generateCommand) againAll() string {
	if g.format == "yaml" {
		return g.again()
	}
	return g.again() + " --format " + g.format
}

// shellWord is a text as one word of a command.
func shellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:@%+="
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
