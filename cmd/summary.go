package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"raftsheet/render/doc"
)

// summaryVariable names the page of a step of a GitHub workflow, where there is one.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// summarize adds the findings to the page of a workflow's run, if it has one. Where it cannot, it
// says so: the annotations come all the same.
func (a *app) summarize(findings *doc.Document) {
	name := os.Getenv(summaryVariable)
	if name == "" {
		return
	}
	var page bytes.Buffer
	err := doc.Write(&page, "markdown", findings, doc.Options{})
	if err == nil {
		err = appendSummary(name, page.Bytes())
	}
	if err != nil {
		a.tell("raftsheet: warning: the page of the workflow's run lacks what was found: %s", notWritten(name, err))
	}
}

// mostSummary is the size in bytes past which a GitHub runner drops the page of a
// step, all of it.
const mostSummary = 1 << 20

// appendSummary adds to the page of a step of a GitHub workflow, which has room
// for more findings than the annotations do.
func appendSummary(name string, page []byte) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(cutSummary(page, int(min(info.Size(), mostSummary))))
	}
	return errors.Join(err, f.Close())
}

// cutSummary cuts a page at the end of a line, so that it fits behind what is
// there already, and says so in its last line.
func cutSummary(page []byte, there int) []byte {
	room := mostSummary - there
	if len(page) <= room {
		return page
	}
	said := fmt.Sprintf("\n**The page is cut here: a step has room for %d bytes. The log of raftsheet check has the rest.**\n", mostSummary)
	if room -= len(said); room < 0 {
		return nil // what other commands of the step wrote is not to be lost
	}
	return append(page[:bytes.LastIndexByte(page[:room], '\n')+1], said...)
}
