//go:build unix

package cmd

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"raftsheet/render/page"
)

// A serving is a run of serve.
type serving struct {
	*testing.T
	at     string // the page's address
	says   string // of the file
	events *bufio.Scanner
	ended  chan int
	stderr strings.Builder
}

// serve runs serve, and opens its events if it follows a file.
func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	if signal.Ignored(syscall.SIGINT) {
		t.Skip("an interrupt is ignored here")
	}
	r, w := io.Pipe()
	s := &serving{T: t, ended: make(chan int, 1)}
	go func() {
		s.ended <- Main(append([]string{"serve"}, args...), strings.NewReader(""), w, &s.stderr)
		w.Close()
	}()
	out := bufio.NewReader(r)
	first, err := out.ReadString('\n')
	at := regexp.MustCompile(`^Open (http://127\.0\.0\.1:\d+/[0-9a-f]{32}/) in a browser; Ctrl\+C stops it\.\n$`).FindStringSubmatch(first)
	if err != nil || at == nil {
		t.Fatalf("it says %q, %v %s", first, err, s.stderr.String())
	}
	s.at = at[1]
	if s.says, err = out.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	reply, err := http.Get(s.at + "events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reply.Body.Close() })
	s.events = bufio.NewScanner(reply.Body)
	return s
}

// told waits for the next event.
func (s *serving) told() (now page.Served) {
	s.Helper()
	for s.events.Scan() {
		if data, is := strings.CutPrefix(s.events.Text(), "data: "); is {
			if err := json.Unmarshal([]byte(data), &now); err != nil {
				s.Fatal(err)
			}
			return now
		}
	}
	s.Fatal("there are no more events: ", s.events.Err())
	return now
}

// interrupt does what Ctrl+C does, and requires a clean end.
func (s *serving) interrupt() {
	s.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		s.Fatal(err)
	}
	if code := <-s.ended; code != 0 || s.stderr.Len() > 0 {
		s.Errorf("Ctrl+C ends it with %d: %s", code, s.stderr.String())
	}
	if _, err := http.Get(s.at); err == nil {
		s.Error("after Ctrl+C it answers still")
	}
}

// serve follows its file, writes nothing, and ends by Ctrl+C. If this fails, the page
// shows another file than the editor, or the port stays taken.
func TestServe(t *testing.T) {
	inFolder(t, "nodes: 1\n")
	s := serve(t, "--rules", "always-truncate,vote-twice", "x.yaml")
	s.page(`"given":["always-truncate","vote-twice"]`)
	if want := "It follows x.yaml, and writes nothing; with --write the page can save it.\n"; s.says != want {
		t.Errorf("it says %q; want %q", s.says, want)
	}
	if now := s.told(); now.Text != "nodes: 1\n" || now.Name != "x.yaml" || now.Write {
		t.Errorf("the page is told %+v", now)
	}
	if err := placeFile("x.yaml", []byte("nodes: 2\n")); err != nil { // as another program would
		t.Fatal(err)
	}
	now := s.told()
	if now.Text != "nodes: 2\n" {
		t.Errorf("the page is told %+v", now)
	}
	if code := s.save("nodes: 3\n", now.Version); code != http.StatusForbidden {
		t.Errorf("a save without --write gets %d", code)
	}
	s.interrupt()
	holdsAlone(t, "nodes: 2\n")
}

// page requires some words of the page, and that the reply allows what the page allows
// itself.
func (s *serving) page(words string) {
	s.Helper()
	reply, err := http.Get(s.at)
	if err != nil {
		s.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	own := regexp.MustCompile(`"Content-Security-Policy" content="([^"]+)"`).FindSubmatch(text)
	if err != nil || own == nil || reply.StatusCode != http.StatusOK || !strings.Contains(string(text), words) {
		s.Fatalf("the page is %.200q, %v; want %s in it", text, err, words)
	}
	if got, want := reply.Header.Get("Content-Security-Policy"), html.UnescapeString(string(own[1]))+"; frame-ancestors 'none'"; got != want {
		s.Errorf("the reply allows %s; want %s", got, want)
	}
}

// save sends what the page would.
func (s *serving) save(text, over string) int {
	s.Helper()
	body, err := json.Marshal(page.Served{Text: text, Version: over})
	if err != nil {
		s.Fatal(err)
	}
	reply, err := http.Post(s.at+"save", "application/json", strings.NewReader(string(body)))
	if err != nil {
		s.Fatal(err)
	}
	defer reply.Body.Close()
	return reply.StatusCode
}

// With --write the page saves the file, in one piece, and nothing else. If this fails, a
// save is lost, or leaves something behind.
func TestServeWrites(t *testing.T) {
	inFolder(t, "nodes: 1\n")
	s := serve(t, "--write", "x.yaml")
	if !strings.Contains(s.says, "saves it when you say so") {
		t.Errorf("it says %q", s.says)
	}
	now := s.told()
	if code := s.save("nodes: 2\n", now.Version); code != http.StatusOK {
		t.Errorf("the save gets %d", code)
	}
	holdsAlone(t, "nodes: 2\n")
	if code := s.save("nodes: 3\n", now.Version); code != http.StatusConflict {
		t.Errorf("over what the page has not seen, the save gets %d", code)
	}
	s.interrupt()
	holdsAlone(t, "nodes: 2\n")
}

// What a link leads to that somebody has put in the file's place is not written. If this
// fails, who may write in the folder has the user write elsewhere.
func TestServeLinkSwapped(t *testing.T) {
	inFolder(t, "nodes: 1\n")
	other := filepath.Join(t.TempDir(), "other.yaml")
	if err := os.WriteFile(other, []byte("nodes: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--write", "x.yaml")
	now := s.told()
	if err := errors.Join(os.Remove("x.yaml"), os.Symlink(other, "x.yaml")); err != nil {
		t.Fatal(err)
	}
	if code := s.save("nodes: 2\n", now.Version); code != http.StatusInternalServerError {
		t.Errorf("the save gets %d", code)
	}
	s.interrupt()
	if got, err := os.ReadFile(other); err != nil || string(got) != "nodes: 1\n" {
		t.Errorf("what the link leads to holds %q, %v", got, err)
	}
}

// A port that is taken is told, and what to do.
func TestServePortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	var stderr strings.Builder
	code := Main([]string{"serve", "--port", fmt.Sprint(port)}, strings.NewReader(""), io.Discard, &stderr)
	if want := fmt.Sprintf("raftsheet: cannot listen on 127.0.0.1:%d: address already in use; --port 0 takes any port that is free\n", port); code != exitError || stderr.String() != want {
		t.Errorf("exit %d: %s; want %s", code, stderr.String(), want)
	}
}
