package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"raftsheet/render/page"
	"raftsheet/render/page/server"
)

const token = "0123456789abcdef0123456789abcdef"

// A served page is reached by its port.
type served struct {
	*testing.T
	at    string // 127.0.0.1:port
	port  string
	end   context.CancelFunc
	ended chan error
}

// start serves until the test ends.
func start(t *testing.T, s server.Server) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.Page == nil {
		s.Page = func(file *page.Served) ([]byte, error) { return fmt.Appendf(nil, "the page of %v", file), nil }
	}
	if s.Answer == nil {
		s.Answer = func(request []byte) []byte { return append([]byte("answers "), request...) }
	}
	if s.MostBytes == 0 {
		s.MostBytes = 1000
	}
	ctx, end := context.WithCancel(t.Context())
	_, port, _ := net.SplitHostPort(l.Addr().String())
	out := &served{t, l.Addr().String(), port, end, make(chan error, 1)}
	go func() { out.ended <- s.Serve(ctx, l, token) }()
	t.Cleanup(func() {
		end()
		if err := <-out.ended; err != nil {
			t.Error(err)
		}
	})
	return out
}

// send sends a request letter by letter, and gives the reply. PORT stands for the
// port, and a line without a host gets its own.
func (s *served) send(first string, headers []string, body string) (*http.Response, string) {
	s.Helper()
	c, err := net.Dial("tcp", s.at)
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	if !strings.HasPrefix(strings.Join(headers, "\n"), "Host:") {
		headers = append(headers, "Host: 127.0.0.1:PORT")
	}
	if body != "" {
		headers = append(headers, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	text := first + " HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + "\r\nConnection: close\r\n\r\n" + body
	if _, err := c.Write([]byte(strings.ReplaceAll(text, "PORT", s.port))); err != nil {
		s.Fatal(err)
	}
	reply, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.Fatalf("%s: %v", first, err)
	}
	defer reply.Body.Close()
	var b bytes.Buffer
	b.ReadFrom(reply.Body) // an early end is seen in the text
	return reply, b.String()
}

// Only the page itself is answered, and whoever types its address. If this fails, a page
// on the web reads what is on this machine, or has it written.
func TestWhoIsAnswered(t *testing.T) {
	s := start(t, server.Server{})
	const at, ask = "GET /" + token + "/", "POST /" + token + "/ask"
	const isJSON = "Content-Type: application/json"
	for _, c := range []struct {
		first   string
		headers []string
		code    int
		why     string
	}{
		{at, nil, 200, "typed into a program that says nothing of itself"},
		{at, []string{"Host: localhost:PORT"}, 200, "the other name"},
		{at, []string{"Host: LOCALHOST:PORT"}, 200, "names have no case"},
		{at, []string{"Sec-Fetch-Site: none"}, 200, "typed into a browser"},
		{at, []string{"Sec-Fetch-Site: same-origin"}, 200, "the page again"},
		{ask, []string{isJSON, "Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-origin"}, 200, "the page asks"},
		{ask, []string{isJSON + "; charset=utf-8"}, 200, "another program asks"},

		{at, []string{"Host: evil.example:PORT"}, 403, "a name that leads here (DNS rebinding)"},
		{at, []string{"Host: 127.0.0.1"}, 403, "another port"},
		{at, []string{"Host: 127.0.0.1:1"}, 403, "another port"},
		{at, []string{"Host: 127.0.0.1:PORT.evil.example"}, 403, "a name that begins as ours"},
		{at, []string{"Host: [::1]:PORT"}, 403, "nothing listens there"},
		{"GET http://evil.example/" + token + "/", nil, 403, "the host of a proxy's request counts"},
		{at, []string{"Sec-Fetch-Site: cross-site"}, 403, "a link from elsewhere"},
		{at, []string{"Sec-Fetch-Site: same-site"}, 403, "a page on another port"},
		{ask, []string{isJSON, "Sec-Fetch-Site: none"}, 403, "nobody types a POST"},
		{ask, []string{isJSON, "Origin: http://localhost:PORT"}, 403, "the other name is another origin"},
		{ask, []string{isJSON, "Origin: http://127.0.0.1:1"}, 403, "a page on another port"},
		{ask, []string{isJSON, "Origin: https://127.0.0.1:PORT"}, 403, "another scheme"},
		{ask, []string{isJSON, "Origin: null"}, 403, "a file, or a frame in a box"},
		{ask, []string{isJSON, "Origin: http://evil.example"}, 403, "a page on the web"},
		{ask, []string{isJSON, "Origin: http://127.0.0.1:PORT", "Origin: http://evil.example"}, 403, "two origins"},

		{"GET /", nil, 404, "without the token"},
		{"GET /", []string{"Host: evil.example"}, 404, "without the token the host does not matter"},
		{"GET /" + token[:31] + "0/", nil, 404, "another token"},
		{"GET /" + strings.ToUpper(token) + "/", nil, 404, "another token"},
		{"GET /" + token, nil, 404, "not the page's address"},
		{"GET /" + token + "//", nil, 404, "two slashes"},
		{"GET //" + token + "/", nil, 404, "two slashes"},
		{"GET /x/../" + token + "/", nil, 404, "dots lead nowhere"},
		{"GET /" + token + "/..", nil, 404, "dots lead nowhere"},
		{"GET /" + token + "/%2e%2e/", nil, 404, "dots lead nowhere"},
		{"GET /%30" + token[1:] + "/", nil, 404, "another way to say it"},
		{"POST /" + token + "/%61sk", []string{isJSON}, 404, "another way to say it"},
		{"GET /" + token + "/etc/passwd", nil, 404, "no file is served"},
		{"GET /" + token + "/events", nil, 404, "no file is followed"},
		{"POST /" + token + "/save", []string{isJSON}, 404, "no file is followed"},

		{"POST /" + token + "/", []string{isJSON}, 405, "the page is only to get"},
		{"HEAD /" + token + "/", nil, 405, "the page is only to get"},
		{"GET /" + token + "/ask", nil, 405, "an image on another page would send this"},
		{"OPTIONS /" + token + "/ask", []string{"Access-Control-Request-Method: POST"}, 405, "no other origin is let in"},
		{ask, nil, 415, "a form sends no JSON"},
		{ask, []string{"Content-Type: text/plain"}, 415, "a form sends no JSON"},
	} {
		body := ""
		if strings.HasPrefix(c.first, "POST") {
			body = "{}"
		}
		reply, text := s.send(c.first, c.headers, body)
		if reply.StatusCode != c.code {
			t.Errorf("%s %v: %d; want %d: %s", c.first, c.headers, reply.StatusCode, c.code, c.why)
		}
		if c.code != 200 && strings.Contains(text, "page of") || strings.Contains(text, token) {
			t.Errorf("%s %v is answered %q", c.first, c.headers, text)
		}
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "", "Server": ""} {
			if got := reply.Header.Get(name); got != want {
				t.Errorf("%s %v: the reply has %s %q; want %q", c.first, c.headers, name, got, want)
			}
		}
		if got := reply.Header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("%s %v: the reply has the policy %q", c.first, c.headers, got)
		}
	}
}

// What is sent has a bound, and what is asked is answered. If this fails, one request
// takes all memory, or the page gets no answers.
func TestAsk(t *testing.T) {
	s := start(t, server.Server{MostBytes: 10})
	headers := []string{"Content-Type: application/json"}
	if _, text := s.send("POST /"+token+"/ask", headers, `{"do":"check"}`); text != `answers {"do":"check"}` {
		t.Errorf("the page gets %q", text)
	}
	reply, text := s.send("POST /"+token+"/ask", headers, strings.Repeat(" ", 1<<16+30))
	if reply.StatusCode != 413 || !strings.Contains(text, "--max-bytes") {
		t.Errorf("too long a request gets %d, %q", reply.StatusCode, text)
	}
	if reply, _ := s.send("GET /"+token+"/"+strings.Repeat("x", 1<<16), nil, ""); reply.StatusCode != 431 {
		t.Errorf("too long an address gets %d", reply.StatusCode)
	}
}

// A page that cannot be made says why.
func TestPageFails(t *testing.T) {
	s := start(t, server.Server{Page: func(*page.Served) ([]byte, error) { return nil, errors.New("no such thing") }})
	if reply, text := s.send("GET /"+token+"/", nil, ""); reply.StatusCode != 500 || text != "500: no such thing\n" {
		t.Errorf("it gets %d, %q", reply.StatusCode, text)
	}
}

// A token has 128 bits of chance. If this fails, somebody may guess it.
func TestToken(t *testing.T) {
	a, b := server.NewToken(), server.NewToken()
	if len(a) != 32 || len(b) != 32 || a == b || strings.Trim(a+b, "0123456789abcdef") != "" {
		t.Errorf("the tokens are %q and %q", a, b)
	}
}

// A followed file is looked at when the test says so.
type followed struct {
	*served
	name  string
	file  *server.File
	lines *bufio.Scanner
}

// follow serves a file with some text, and opens its events. The page may save it by the
// function.
func follow(t *testing.T, text string, write func(name string, was, text []byte) error) *followed {
	t.Helper()
	f := &followed{name: filepath.Join(t.TempDir(), "x.yaml")}
	put(t, f.name, text)
	var save func(was, text []byte) error
	if write != nil {
		save = func(was, text []byte) error { return write(f.name, was, text) }
	}
	f.file = server.NewFile("x.yaml", f.name, func() ([]byte, error) { return os.ReadFile(f.name) }, save)
	f.served = start(t, server.Server{File: f.file})
	reply, err := http.Get("http://" + f.at + "/" + token + "/events")
	if err != nil || reply.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(err, reply)
	}
	t.Cleanup(func() { reply.Body.Close() })
	f.lines = bufio.NewScanner(reply.Body)
	return f
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// looks has the file looked at until what it holds is told.
func (f *followed) looks() {
	f.file.Look()
	f.file.Look()
}

// told waits for the next event.
func (f *followed) told() (now page.Served) {
	f.Helper()
	for f.lines.Scan() {
		if data, is := strings.CutPrefix(f.lines.Text(), "data: "); is {
			if err := json.Unmarshal([]byte(data), &now); err != nil {
				f.Fatal(err)
			}
			return now
		}
	}
	f.Fatal("there are no more events: ", f.lines.Err())
	return now
}

// However an editor saves the file, the page is told. If this fails, the page shows what
// the file was.
func TestFollow(t *testing.T) {
	f := follow(t, "first", nil)
	if now := f.told(); now.Text != "first" || now.Name != "x.yaml" || now.Write || now.Version == "" {
		t.Errorf("the first event says %+v", now)
	}
	old := time.Now().Add(-time.Hour)
	for _, c := range []struct {
		how, text string
		save      func(name, text string) error
	}{
		{"written over", "second", func(name, text string) error { return os.WriteFile(name, []byte(text), 0o600) }},
		{"the same length, at once", "minute", func(name, text string) error { return os.WriteFile(name, []byte(text), 0o600) }},
		{"another file renamed over it", "third", func(name, text string) error {
			return errors.Join(os.WriteFile(name+"~", []byte(text), 0o600), os.Rename(name+"~", name))
		}},
		{"renamed away, and written anew", "fourth", func(name, text string) error {
			return errors.Join(os.Rename(name, name+".bak"), os.WriteFile(name, []byte(text), 0o600))
		}},
		{"removed, and written anew", "fifth", func(name, text string) error {
			return errors.Join(os.Remove(name), os.WriteFile(name, []byte(text), 0o600))
		}},
		{"an old time given", "sixth", func(name, text string) error {
			return errors.Join(os.WriteFile(name, []byte(text), 0o600), os.Chtimes(name, old, old))
		}},
		{"the same time and length, renamed over it", "tenth", func(name, text string) error {
			return errors.Join(os.WriteFile(name+"~", []byte(text), 0o600), os.Chtimes(name+"~", old, old), os.Rename(name+"~", name))
		}},
	} {
		if err := c.save(f.name, c.text); err != nil {
			t.Fatal(err)
		}
		f.looks()
		if now := f.told(); now.Text != c.text {
			t.Errorf("%s: the page is told %+v", c.how, now)
		}
	}
	f.looks() // nothing is new
	put(t, f.name, "last")
	f.looks()
	if now := f.told(); now.Text != "last" {
		t.Errorf("after nothing new the page is told %+v", now)
	}
}

// Who is in the middle of writing a file is let finish. If this fails, the page shows an
// empty file at every save.
func TestFollowWaits(t *testing.T) {
	f := follow(t, "first", nil)
	f.told()
	for _, part := range []string{"", "sec", "second"} {
		put(t, f.name, part)
		f.file.Look()
	}
	f.looks()
	if now := f.told(); now.Text != "second" {
		t.Errorf("the page is told %q", now.Text)
	}
}

// The file is looked at when the clock ticks, and no longer than is asked.
func TestFollowTicks(t *testing.T) {
	f := follow(t, "first", nil)
	f.told()
	ctx, end := context.WithCancel(t.Context())
	ticks, ended := make(chan time.Time), make(chan bool)
	go func() {
		f.file.Follow(ctx, ticks)
		close(ended)
	}()
	put(t, f.name, "second")
	ticks <- time.Time{}
	ticks <- time.Time{}
	if now := f.told(); now.Text != "second" {
		t.Errorf("the page is told %q", now.Text)
	}
	end()
	<-ended
}

// What cannot be shown is told, and what is back is shown. If this fails, the page says
// nothing of a file that is gone, or never shows it again.
func TestFollowProblems(t *testing.T) {
	f := follow(t, "first", nil)
	f.told()
	for _, c := range []struct {
		change func() error
		want   string
	}{
		{func() error { return os.Remove(f.name) }, "the file is gone"},
		{func() error { return os.Mkdir(f.name, 0o700) }, "this is not a file any more"},
		{func() error { return errors.Join(os.Remove(f.name), os.WriteFile(f.name, []byte("a\xff"), 0o600)) }, "the file is not text in UTF-8"},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		f.looks()
		if now := f.told(); now.Problem != c.want || now.Text != "" || now.Version != "" {
			t.Errorf("the page is told %+v; want %s", now, c.want)
		}
	}
	put(t, f.name, "back")
	f.looks()
	if now := f.told(); now.Text != "back" || now.Problem != "" {
		t.Errorf("the page is told %+v", now)
	}
}

// save sends what the page would.
func (f *followed) save(text, over string) (int, page.Served, string) {
	f.Helper()
	body, err := json.Marshal(page.Served{Name: "../../etc/passwd", Text: text, Version: over})
	if err != nil {
		f.Fatal(err)
	}
	reply, out := f.send("POST /"+token+"/save", []string{"Content-Type: application/json"}, string(body))
	var now page.Served
	json.Unmarshal([]byte(out), &now) // an error is text
	return reply.StatusCode, now, out
}

// holds requires what is in the file.
func (f *followed) holds(want string) {
	f.Helper()
	if got, err := os.ReadFile(f.name); err != nil || string(got) != want {
		f.Errorf("the file holds %q, %v; want %q", got, err, want)
	}
}

// A save replaces the version that the page has seen, and no other. If this fails, what
// somebody else has saved is lost.
func TestSave(t *testing.T) {
	f := follow(t, "one\r\ntwo\r\n", func(name string, _, text []byte) error { return os.WriteFile(name, text, 0o600) })
	first := f.told()
	if !first.Write {
		t.Error("the page is not told that it may save")
	}
	code, now, _ := f.save("one\n2\n", first.Version)
	if code != 200 || now.Text != "one\r\n2\r\n" || now.Version == first.Version {
		t.Errorf("the save gets %d, %+v", code, now)
	}
	f.holds("one\r\n2\r\n") // lines end as they did
	if again := f.told(); again != now {
		t.Errorf("pages are told %+v", again)
	}

	put(t, f.name, "another's\n") // and nobody has looked yet
	code, now, _ = f.save("mine\n", now.Version)
	if code != 409 || now.Text != "another's\n" {
		t.Errorf("over what another has saved: %d, %+v", code, now)
	}
	f.holds("another's\n")
	if code, _, _ = f.save("mine\n", now.Version); code != 200 { // the page has seen it
		t.Errorf("over what the page has seen: %d", code)
	}
	f.holds("mine\n")

	if err := os.Remove(f.name); err != nil {
		t.Fatal(err)
	}
	if code, now, _ = f.save("x", now.Version); code != 409 || now.Problem != "the file is gone" {
		t.Errorf("over a file that is gone: %d, %+v", code, now)
	}
	if code, _, text := f.save("x", ""); code != 500 || text != "the file is gone\n" {
		t.Errorf("once more: %d, %q", code, text)
	}
}

// A file that changes between the look and the write is not written over either.
func TestSaveRaces(t *testing.T) {
	f := follow(t, "one", func(name string, _, _ []byte) error {
		return errors.Join(os.WriteFile(name, []byte("another's"), 0o600), errors.New("it has changed"))
	})
	if code, now, _ := f.save("mine", f.told().Version); code != 409 || now.Text != "another's" {
		t.Errorf("the save gets %d, %+v", code, now)
	}
}

// Without --write nothing is written, whoever asks; and what cannot be written is told.
func TestNotSaved(t *testing.T) {
	f := follow(t, "one", nil)
	if code, _, text := f.save("mine", f.told().Version); code != 403 || !strings.Contains(text, "--write") {
		t.Errorf("the save gets %d, %q", code, text)
	}
	f.holds("one")
	f = follow(t, "one", func(string, []byte, []byte) error { return errors.New("x.yaml: not written: no space left on device") })
	if code, _, text := f.save("mine", f.told().Version); code != 500 || !strings.Contains(text, "no space left") {
		t.Errorf("the save gets %d, %q", code, text)
	}
	if reply, text := f.send("POST /"+token+"/save", []string{"Content-Type: application/json"}, "mine"); reply.StatusCode != 400 {
		t.Errorf("what is not JSON gets %d, %q", reply.StatusCode, text)
	}
	f.holds("one")
}

// When the server ends, so do the events that pages wait for. If this fails, Ctrl+C
// hangs.
func TestEnds(t *testing.T) {
	f := follow(t, "one", nil)
	f.told()
	f.end()
	err := <-f.ended
	for f.lines.Scan() {
		if f.lines.Text() != "" { // which ends the event that was told
			t.Errorf("after the end comes %q", f.lines.Text())
		}
	}
	f.ended <- err // for the cleanup
}
