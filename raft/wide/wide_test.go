package wide

import "testing"

// If this fails, continuous integration runs the narrow tests, or every run the
// wide ones.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		env  string
		want int
	}{{"", 1}, {"1", 2}} {
		t.Setenv(Env, c.env)
		if got := Of(1, 2); got != c.want {
			t.Errorf("%s=%q gives %d; want %d", Env, c.env, got, c.want)
		}
		skipped := t.Run("only", func(t *testing.T) { Only(t); t.SkipNow() })
		if !skipped {
			t.Errorf("%s=%q fails a test that it should run or skip", Env, c.env)
		}
	}
}

// If this fails, a test that reads with a program passes where the program is not.
func TestTool(t *testing.T) {
	t.Setenv(Env, "")
	t.Setenv("CI", "")
	read := false
	t.Run("missing", func(t *testing.T) {
		Tool(t, "raftsheet-no-such-program")
		read = true
	})
	if read {
		t.Error("a test goes on without its program")
	}
	if Tool(t, "go") == "" {
		t.Error("a program that is there is not found")
	}
}
