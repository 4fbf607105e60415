package conform

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"raftsheet/raft"
)

// The test binary, started with this variable, is an implementation behind the
// protocol: a set of rules, or an adapter that lies in the way of that name.
const adapterEnv = "RAFTSHEET_TEST_ADAPTER"

func TestMain(m *testing.M) {
	if how := os.Getenv(adapterEnv); how != "" {
		serve(how)
		return
	}
	os.Exit(m.Run())
}

// adapter is the command that starts the test binary as an implementation.
func adapter(how string) string {
	self, err := os.Executable()
	must(err)
	return fmt.Sprintf("%s='%s' '%s'", adapterEnv, how, self)
}

// serve answers the calls on standard input.
func serve(how string) {
	lies := liars[how]
	rules := raft.Figure2()
	if lies == nil {
		var err error
		if rules, err = raft.RulesNamed(strings.Split(how, ",")...); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	p := &player{rules: rules}
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		c := callOf(text)
		if _, ok := c.(*Quit); ok {
			return
		}
		reply, err := json.Marshal(p.do(c))
		must(err)
		if lies != nil {
			reply = lies(n, c, reply)
		}
		out.Write(append(reply, '\n'))
		out.Flush()
	}
}

// callOf reads a call.
func callOf(text []byte) Call {
	var h Head
	must(json.Unmarshal(text, &h))
	calls := map[Verb]Call{DoHello: &Hello{}, DoStart: &Start{}, DoQuit: &Quit{}, DoRequestVote: &VoteCall{}, DoAppendEntries: &AppendCall{},
		DoInstallSnapshot: &SnapshotCall{}, DoVoteResponse: &VoteResponseCall{}, DoAppendResponse: &AppendResponseCall{},
		DoTimeout: &EventCall{}, DoClientRequest: &ClientCall{}, DoRestart: &RestartCall{}, DoStepDown: &EventCall{}, DoVoters: &VotersCall{}}
	c := calls[h.Do]
	must(decode(text, c))
	return c
}

// liars are adapters that go wrong. Each is told the number of the call, and what
// the reference would reply. Most lie to every 41st, if it is a request.
var liars = map[string]func(n int, c Call, reply []byte) []byte{
	"another id":    lie(func([]byte) []byte { return []byte(`{"id": 7777, "answer": null}`) }),
	"two replies":   lie(func(reply []byte) []byte { return append(append(append([]byte(nil), reply...), '\n'), reply...) }),
	"invalid JSON":  lie(func([]byte) []byte { return []byte(`{"id": 1, "answer": `) }),
	"no JSON":       lie(func([]byte) []byte { return []byte("panic: runtime error") }),
	"megabytes":     lie(func([]byte) []byte { return []byte(strings.Repeat("a", 40<<20)) }),
	"deep JSON":     lie(func([]byte) []byte { return []byte(strings.Repeat("[", 1<<20)) }),
	"an odd key":    lie(func([]byte) []byte { return []byte(`{"id": 1, "sucess": true}`) }),
	"no answer":     lie(func(reply []byte) []byte { return []byte(fmt.Sprintf(`{"id": %d}`, idOf(reply))) }),
	"an odd role":   lie(func(reply []byte) []byte { return []byte(strings.Replace(string(reply), "follower", "king", 1)) }),
	"never":         lie(func([]byte) []byte { time.Sleep(time.Hour); return nil }),
	"exits":         lie(func([]byte) []byte { fmt.Fprintln(os.Stderr, "\nassertion failed"); os.Exit(3); return nil }),
	"closes stdout": lie(func([]byte) []byte { os.Stdout.Close(); return nil }),
	"closes stdin":  lie(func([]byte) []byte { os.Stdin.Close(); os.Stdout.Close(); time.Sleep(time.Hour); return nil }),
	"floods stderr": func(n int, c Call, reply []byte) []byte {
		io.WriteString(os.Stderr, strings.Repeat(strings.Repeat("x", 1000)+"\n", 1000))
		return reply
	},
	"says nothing": always(func(r *Reply) { r.Answer.Value = nil }),
	"no snapshot":  always(func(r *Reply) { r.State.Snapshot = tell[*SnapshotEnd](nil) }),
	"no role":      always(func(r *Reply) { r.State.Role = Told[string]{} }),
	"dies at once": func(int, Call, []byte) []byte { os.Exit(0); return nil },
	"never says hello": func(int, Call, []byte) []byte {
		time.Sleep(time.Hour)
		return nil
	},
}

func lie(reply func([]byte) []byte) func(int, Call, []byte) []byte {
	return func(n int, c Call, right []byte) []byte {
		switch c.(type) {
		case *VoteCall, *AppendCall:
			if n%41 == 0 {
				return reply(right)
			}
		}
		return right
	}
}

// always is an adapter that changes each of its replies to a request.
func always(change func(*Reply)) func(int, Call, []byte) []byte {
	return func(_ int, c Call, right []byte) []byte {
		var r Reply
		must(decode(right, &r))
		if r.Answer.Told {
			change(&r)
		}
		wrong, err := json.Marshal(r)
		must(err)
		return wrong
	}
}

func idOf(reply []byte) int {
	var h Head
	must(json.Unmarshal(reply, &h))
	return h.ID
}

// must stops at what is a mistake of the test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
