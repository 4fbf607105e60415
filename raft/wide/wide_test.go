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

// A test that reads with a program is for a wide run. If this fails, it takes the
// time of every run, or passes in a wide one without having read anything.
func TestTool(t *testing.T) {
	t.Setenv(Env, "")
	read := false
	t.Run("narrow", func(t *testing.T) {
		Tool(t, "go")
		read = true
	})
	if read {
		t.Error("a test goes on with its program, and the run is not wide")
	}
	t.Setenv(Env, "1")
	if Tool(t, "go") == "" {
		t.Error("a program that is there is not found")
	}
}
