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
