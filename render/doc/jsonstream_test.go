package doc

import (
	"errors"
	"strings"
	"testing"
)

// An object that is written piece by piece has the text of one that is written whole.
// If this fails, the JSON of a folder is laid out in two ways, or is none.
func TestJSONStream(t *testing.T) {
	type item struct {
		A []int  `json:"a"`
		B string `json:"b"`
	}
	items := []item{{[]int{1, 2}, "<\u202e"}, {nil, "##[error]x"}}
	for _, n := range []int{0, 1, 2} {
		var got, want strings.Builder
		s := NewJSONStream(&got)
		s.Members(struct{}{})
		s.Member("version", 1)
		s.Members(map[string]any{"m": 1, "n": []string{"##[c]"}})
		s.List("list")
		for _, x := range items[:n] {
			s.Item(x)
		}
		s.Member("after", map[string]any{"x": []int{1}})
		s.List("none")
		err := errors.Join(s.Close(), WriteJSON(&want, struct {
			Version int            `json:"version"`
			M       int            `json:"m"`
			N       []string       `json:"n"`
			List    []item         `json:"list"`
			After   map[string]any `json:"after"`
			None    []int          `json:"none"`
		}{1, 1, []string{"##[c]"}, append([]item{}, items[:n]...), map[string]any{"x": []int{1}}, []int{}}))
		if err != nil || got.String() != want.String() {
			t.Errorf("%d items: %v\n%s\nwant\n%s", n, err, got.String(), want.String())
		}
	}
	var empty strings.Builder
	if err := NewJSONStream(&empty).Close(); err != nil || empty.String() != "{}\n" {
		t.Errorf("an object without members is %q, %v", empty.String(), err)
	}
}

// Once a write has failed, every call says so: check then ends, and does not read
// thousands of files for nobody.
func TestJSONStreamFails(t *testing.T) {
	broken := errors.New("broken")
	s := NewJSONStream(failing{broken})
	for what, err := range map[string]error{"a member": s.Member("a", 1), "a list": s.List("b"), "an item": s.Item(1), "members": s.Members(s), "the end": s.Close()} {
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := NewJSONStream(&strings.Builder{}).Member("a", func() {}); err == nil {
		t.Error("no error for what JSON has no text for")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
