package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check/conform"
	"raftsheet/examples"
	"raftsheet/render"
	"raftsheet/render/report"
)

// corpusIndex is the file that says what is in a corpus.
const corpusIndex = "index.json"

func (a *app) corpusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "corpus DIR",
		Short: "Write the traces that test an implementation of Raft",
		Long: `corpus writes traces into the folder DIR, which it makes: the paper's figures 7
and 8, late messages, restarts, snapshots, worksheets, and the smallest trace of
each deviation. All answers in them are Figure 2's. Each rule decides in them
each way in which it can, and each deviation is revealed by at least two.

DIR/index.json says of each trace which rules decide in it, how often and how,
and which deviations it reveals. Its digest tells one corpus from another:

  digest  the SHA-256 of the lines that sha256sum prints of the traces, in order

The bytes are the same whenever they are written. Written again, a corpus takes
the place of an earlier one; a file that is not of a corpus, or has been changed
since, is not overwritten.`,
		Example: `  raftsheet corpus testdata/raft
  raftsheet run --sut ./adapter testdata/raft`,
		Args:              exactly("one DIR", 1),
		ValidArgsFunction: inTurn(folders),
		RunE:              func(_ *cobra.Command, args []string) error { return a.corpus(args[0]) },
	}
}

func (a *app) corpus(dir string) error {
	c, err := conform.NewCorpus(examples.Corpus())
	if err != nil {
		return err
	}
	var index bytes.Buffer
	if err := report.Corpus(&index, c); err != nil {
		return err
	}
	was, err := readCorpus(dir)
	if err != nil {
		return err
	}
	if err := was.replaceable(dir, c); err != nil {
		return err
	}
	err = writeAll(func(o *outputs) error {
		for i := range c {
			if err := o.inFolder(filepath.Join(dir, filepath.FromSlash(c[i].Name)), c[i].Text); err != nil {
				return err
			}
		}
		return o.inFolder(filepath.Join(dir, corpusIndex), index.Bytes())
	})
	if err != nil {
		return err
	}
	was.remove(dir, c)
	if !a.quiet {
		fmt.Fprintf(a.stdout, "%s: %s\ndigest sha256:%s\n", dir, render.Count(len(c), "file", "files"), c.Digest())
	}
	return nil
}

// inFolder adds a file and the folder in which it is.
func (o *outputs) inFolder(name string, data []byte) error {
	if err := o.folder(filepath.Dir(name)); err != nil {
		return err
	}
	return o.page(name, atHand(data))
}

// A written corpus is what was written into a folder before: the digest of each file
// by its name.
type written map[string]string

// readCorpus reads what an earlier corpus has left, nothing if there is none.
func readCorpus(dir string) (written, error) {
	name := filepath.Join(dir, corpusIndex)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", name, systemText(err))
	}
	var index report.CorpusIndex
	if err := json.Unmarshal(text, &index); err != nil || index.Raftsheet != report.CorpusKind {
		return nil, fmt.Errorf("%s: not overwritten: this is not a corpus's; name another folder", name)
	}
	was := make(written)
	for _, t := range index.Traces {
		was[t.File] = t.SHA256
	}
	return was, nil
}

// replaceable refuses to write over a file that is not as an earlier corpus left it.
func (was written) replaceable(dir string, c conform.Corpus) error {
	for i := range c {
		name := filepath.Join(dir, filepath.FromSlash(c[i].Name))
		sum, err := sha256Of(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("%s: %s", name, systemText(err))
		case sum != c[i].SHA256 && sum != was[c[i].Name]:
			return fmt.Errorf("%s: not overwritten: no corpus has written this file, or it was changed since; name another folder", name)
		}
	}
	return nil
}

func sha256Of(name string) (string, error) {
	text, err := os.ReadFile(name)
	return conform.SHA256(text), err
}

// remove removes what an earlier corpus had, and this one has not, unless somebody
// has changed it.
func (was written) remove(dir string, c conform.Corpus) {
	for file, sum := range was {
		name := filepath.Join(dir, filepath.FromSlash(file))
		left := filepath.IsLocal(filepath.FromSlash(file)) && !slices.ContainsFunc(c, func(f conform.Fixture) bool { return f.Name == file })
		if now, err := sha256Of(name); left && err == nil && now == sum {
			os.Remove(name)
		}
	}
}
