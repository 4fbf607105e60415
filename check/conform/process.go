package conform

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// This file runs an implementation as a process, or as a function of this one.
// Whatever that does, a question to it ends: with its reply, or with an error once
// its time is up.

// mostLine is the longest line that is read of a process, in bytes.
const mostLine = 4 << 20

// A process is an implementation that runs. It belongs to one goroutine.
type process struct {
	cmd     *exec.Cmd     // nil for a function
	timeout time.Duration // of one call
	in      io.WriteCloser
	out     io.ReadCloser
	lines   chan line
	stop    chan struct{} // closed once it is to end
	ending  sync.Once
	ended   chan struct{} // closed once it has
	words   lastWords
	calls   int
}

// A line is one that the process has written, or why there is no more.
type line struct {
	text []byte
	err  error
}

// start runs a command in a shell, as git does, or the function that is set in its
// place.
func (set Settings) start() (*process, error) {
	p := &process{timeout: set.Timeout, lines: make(chan line), stop: make(chan struct{}), ended: make(chan struct{})}
	if set.Serve != nil {
		p.call(set.Serve)
	} else if err := p.run(set.Command); err != nil {
		return nil, err
	}
	go p.read()
	return p, nil
}

func (p *process) run(command string) (err error) {
	p.cmd = shell(command)
	p.cmd.Stderr = &p.words
	p.cmd.WaitDelay = time.Second // for a child that keeps its standard error open
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		return err
	}
	return p.cmd.Start()
}

// call runs a function. It ends when it reads on: nothing can end it before.
func (p *process) call(serve func(in io.Reader, out io.Writer) error) {
	in, toIn := io.Pipe()
	fromOut, out := io.Pipe()
	p.in, p.out = toIn, fromOut
	go func() {
		err := serve(in, out)
		in.CloseWithError(io.ErrClosedPipe)
		out.CloseWithError(err)
	}()
}

// read hands on what the process writes, line by line, until it ends or is to end.
// What nobody asks for waits in the pipe.
func (p *process) read() {
	defer close(p.ended)
	r := bufio.NewReaderSize(p.out, 64<<10)
	for {
		text, err := readLine(r)
		select {
		case p.lines <- line{text, err}:
		case <-p.stop:
			err = io.EOF
		}
		if err != nil {
			break
		}
	}
	<-p.stop
	p.out.Close()
	if p.cmd != nil {
		p.cmd.Wait() // its exit code says nothing that its standard error does not
	}
}

// readLine reads a line without its end.
func readLine(r *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(text)+len(part) > mostLine {
			return nil, fmt.Errorf("it wrote a line of more than %d bytes", mostLine)
		}
		text = append(text, part...)
		switch {
		case err == nil:
			return bytes.TrimRight(text, "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case len(bytes.TrimSpace(text)) > 0:
			return nil, errors.New("it ended in the middle of a line")
		default:
			return nil, errors.New("it ended, or closed its standard output")
		}
	}
}

// end kills the process with all that it has started.
func (p *process) end() {
	p.ending.Do(func() {
		if p.cmd != nil {
			kill(p.cmd)
		}
		p.in.Close()
		close(p.stop)
		p.out.Close()
	})
}

// await waits until the process is gone, for what it said last.
func (p *process) await() {
	p.end()
	select {
	case <-p.ended:
	case <-time.After(2 * time.Second):
	}
}

// quit lets the process go, and ends it if it does not.
func (p *process) quit() {
	p.calls++
	p.write(&Quit{Head{p.calls, DoQuit}})
	p.in.Close()
	select {
	case l := <-p.lines: // a reply, or its end
		if l.err == nil {
			select {
			case <-p.lines:
			case <-time.After(time.Second / 4):
			}
		}
	case <-time.After(time.Second / 4):
	}
	p.await()
}

// ask makes a call. After an error the process is over.
func (p *process) ask(c Call) (*Reply, error) {
	p.calls++
	h := c.head()
	h.ID = p.calls
	overdue := time.AfterFunc(p.timeout, p.end)
	r, err := p.exchange(c)
	if err == nil && r.ID != h.ID {
		err = fmt.Errorf("it replied with id %d to the call with id %d", r.ID, h.ID)
	}
	if late := !overdue.Stop(); late {
		err = fmt.Errorf("it did not reply within %v", p.timeout)
	}
	if err == nil {
		return r, nil
	}
	p.await()
	if said := p.words.last(); said != "" {
		err = fmt.Errorf("%w; the last line of its standard error: %s", err, said)
	}
	return nil, err
}

func (p *process) exchange(c Call) (*Reply, error) {
	// A process that has ended cannot be written to; why is told where it is read.
	if err := p.write(c); err != nil && errors.Is(err, errTooLong) {
		return nil, err
	}
	select {
	case l := <-p.lines:
		if l.err != nil {
			return nil, l.err
		}
		var r Reply
		if err := decode(l.text, &r); err != nil {
			return nil, fmt.Errorf("its reply cannot be read: %s: %s", plain(err), clip(l.text))
		}
		return &r, nil
	case <-p.stop:
		return nil, errors.New("it was ended")
	}
}

var errTooLong = fmt.Errorf("the call is longer than %d bytes", mostLine)

func (p *process) write(c Call) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if len(text) >= mostLine {
		return errTooLong
	}
	_, err = p.in.Write(append(text, '\n'))
	return err
}

// plain is an error of decoding in words for whoever wrote the adapter.
func plain(err error) string {
	var typed *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &typed) && typed.Field != "":
		return fmt.Sprintf("%s takes no %s", typed.Field, typed.Value)
	case errors.As(err, &typed), errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it is not a JSON object"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// lastWords keeps the end of what a process writes to its standard error.
type lastWords struct {
	sync.Mutex
	text []byte
}

// mostWords is how much of it is kept, in bytes.
const mostWords = 16 << 10

func (w *lastWords) Write(b []byte) (int, error) {
	w.Lock()
	defer w.Unlock()
	w.text = append(w.text, b[max(0, len(b)-mostWords):]...)
	w.text = append([]byte(nil), w.text[max(0, len(w.text)-mostWords):]...)
	return len(b), nil
}

// last is the last line that says anything, of a Go program's panic the one that says
// why, as much as fits one.
func (w *lastWords) last() string {
	w.Lock()
	defer w.Unlock()
	text := strings.TrimSpace(strings.ToValidUTF8(string(w.text), "?"))
	if i := strings.LastIndex("\n"+text, "\npanic: "); i >= 0 {
		text, _, _ = strings.Cut(text[i:], "\n") // Go says why first, and where after it
	}
	text = strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
	return short(text)
}
