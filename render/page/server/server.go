package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"mime"
	"net"
	"net/http"
	"runtime"
	"strings"
	"time"

	"raftsheet/render/page"
)

// A Server is what a page is served with.
type Server struct {
	Page      func(file *page.Served) ([]byte, error) // the page; the file is nil for none
	Policy    string                                  // what the page may load
	Answer    func(request []byte) []byte             // what the page asks, both in JSON
	File      *File                                   // nil for none
	MostBytes int64                                   // of a text
}

// NewToken gives a word that nobody can guess.
func NewToken() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Address is where the page of a token is, on what listens.
func Address(l net.Listener, token string) string {
	return "http://" + l.Addr().String() + "/" + token + "/"
}

// How long anything may take. Events have all the time that the page is open.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = time.Minute
	idleTime   = 2 * time.Minute
	endTime    = 2 * time.Second // for what is being answered when the server ends
	eventTime  = 10 * time.Second
)

// Serve answers until the context ends, and then until all is answered.
func (s Server) Serve(ctx context.Context, l net.Listener, token string) error {
	h := &http.Server{
		Handler: s.Handler(l.Addr().(*net.TCPAddr).Port, token), MaxHeaderBytes: 1 << 14,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		BaseContext: func(net.Listener) context.Context { return ctx }, // with it, events end
		ErrorLog:    log.New(io.Discard, "", 0),                        // of what others send
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	soon, stop := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer stop()
	if h.Shutdown(soon) != nil {
		h.Close()
	}
	return nil
}

// Handler answers at the addresses below a token, to the page that it serves at a port.
func (s Server) Handler(port int, token string) http.Handler {
	h := &handler{Server: s, prefix: "/" + token + "/", asked: make(chan struct{}, runtime.GOMAXPROCS(0)), events: make(chan struct{}, mostPages)}
	for _, name := range []string{"127.0.0.1", "localhost"} {
		h.hosts = append(h.hosts, fmt.Sprintf("%s:%d", name, port))
		if port == 80 {
			h.hosts = append(h.hosts, name) // a browser leaves it out
		}
	}
	h.routes = map[string]route{"": {http.MethodGet, h.page}, "ask": {http.MethodPost, h.ask}}
	if s.File != nil {
		h.routes["events"] = route{http.MethodGet, h.follow}
		h.routes["save"] = route{http.MethodPost, h.save}
	}
	return h
}

// mostPages is how many pages may follow the file at once.
const mostPages = 64

// A handler answers the requests of a page.
type handler struct {
	Server
	prefix string // of every address
	hosts  []string
	routes map[string]route // by what comes after the prefix
	asked  chan struct{}    // holds one for each request that is being worked at
	events chan struct{}    // holds one for each page that is told of changes
}

// A route is how an address is asked.
type route struct {
	method string
	answer http.HandlerFunc
}

// headers are those of every reply. The policy is for what is not the page.
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer", // would have the token
	"X-Content-Type-Options":       "nosniff",
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	rest, within := h.within(r)
	to, is := h.routes[rest]
	switch {
	case !within || !is:
		http.Error(w, "404: nothing is here; raftsheet serve has said the address", http.StatusNotFound)
	case !h.own(r):
		http.Error(w, "403: open the address that raftsheet serve has said by itself; other pages and other hosts get no answer", http.StatusForbidden)
	case r.Method != to.method:
		w.Header().Set("Allow", to.method)
		http.Error(w, "405: this takes "+to.method, http.StatusMethodNotAllowed)
	case to.method == http.MethodPost && !isJSON(r):
		http.Error(w, "415: this takes application/json", http.StatusUnsupportedMediaType)
	default:
		to.answer(w, r)
	}
}

// within gives what of an address comes after the token, letter by letter: no dots are
// followed, and nothing that is escaped is another way to say it. In how long it takes
// to compare, the token does not show.
func (h *handler) within(r *http.Request) (rest string, is bool) {
	at := r.URL.EscapedPath()
	if len(at) < len(h.prefix) || subtle.ConstantTimeCompare([]byte(at[:len(h.prefix)]), []byte(h.prefix)) != 1 {
		return "", false
	}
	return at[len(h.prefix):], true
}

// own reports whether a request is to this machine by a name of its own, and, where the
// browser says so, comes of the page itself, or of who has typed the address. A page on
// the web whose name leads here has another host, and one on another port another origin.
func (h *handler) own(r *http.Request) bool {
	host := false
	for _, name := range h.hosts {
		host = host || strings.EqualFold(r.Host, name)
	}
	origin := r.Header.Values("Origin")
	site := r.Header.Get("Sec-Fetch-Site") // none: of no page, but typed
	return host && (len(origin) == 0 || len(origin) == 1 && strings.EqualFold(origin[0], "http://"+r.Host)) &&
		(site == "" || site == "same-origin" || site == "none" && r.Method == http.MethodGet)
}

// isJSON reports whether a request says that it is JSON, which no form on another page
// can send.
func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// page serves the page with the file as it is now.
func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	var file *page.Served
	if h.File != nil {
		now, _ := h.File.Now()
		file = &now
	}
	text, err := h.Page(file)
	if err != nil {
		http.Error(w, "500: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", h.Policy+"; frame-ancestors 'none'")
	w.Write(text)
}

// ask answers a request of the page, a few at a time.
func (h *handler) ask(w http.ResponseWriter, r *http.Request) {
	request, ok := h.body(w, r)
	if !ok {
		return
	}
	select {
	case h.asked <- struct{}{}:
		defer func() { <-h.asked }()
	case <-r.Context().Done(): // the page has gone on to something else
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(h.Answer(request))
}

// body reads what a request sends. In JSON a text may have twice its length.
func (h *handler) body(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	most := min(h.MostBytes, math.MaxInt64/4)*2 + 1<<16
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, fmt.Sprintf("413: the text is too long; it may have %d bytes, and --max-bytes raises that", h.MostBytes), http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "400: the request ends too early", http.StatusBadRequest)
	}
	return data, err == nil
}

// save writes the page's text over the version of the file that the page has seen.
func (h *handler) save(w http.ResponseWriter, r *http.Request) {
	data, ok := h.body(w, r)
	if !ok {
		return
	}
	var text page.Served
	if err := json.Unmarshal(data, &text); err != nil {
		http.Error(w, "400: the request is not what the page sends", http.StatusBadRequest)
		return
	}
	if h.File.write == nil {
		http.Error(w, "raftsheet serve was started without --write, and writes nothing", http.StatusForbidden)
		return
	}
	code := http.StatusOK
	switch err := h.File.save(text.Text, text.Version); {
	case errors.Is(err, errChanged):
		code = http.StatusConflict
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	now, _ := h.File.Now()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(now)
}

// follow tells a page what the file is now, and then each time that it is another.
func (h *handler) follow(w http.ResponseWriter, r *http.Request) {
	select {
	case h.events <- struct{}{}:
		defer func() { <-h.events }()
	default:
		http.Error(w, fmt.Sprintf("503: %d pages follow the file already", mostPages), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	to := http.NewResponseController(w)
	to.SetReadDeadline(time.Time{}) // a page stays open
	for {
		now, changed := h.File.Now()
		text, err := json.Marshal(now)
		if err != nil {
			return
		}
		to.SetWriteDeadline(time.Now().Add(eventTime))
		if _, err := w.Write(bytes.Join([][]byte{[]byte("event: file\ndata: "), text, []byte("\n\n")}, nil)); err != nil || to.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}
