package trace

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var fenced = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// Every example of the reference is a trace.
func TestFormatExamples(t *testing.T) {
	examples := fenced.FindAllStringSubmatch(Format(), -1)
	if len(examples) < 5 {
		t.Fatalf("the reference has %d examples in fences; this test has lost its way to them", len(examples))
	}
	schema := compileSchema(t)
	for _, e := range examples {
		if _, err := Parse("format.md", []byte(e[1]), DefaultLimits()); err != nil {
			t.Errorf("an example of the reference is no trace: %v\n%s", err, e[1])
		}
		for _, doc := range jsonDocuments(t, []byte(e[1])) {
			if err := schema.Validate(doc); err != nil {
				t.Errorf("an example of the reference is none by the schema: %v\n%s", err, e[1])
			}
		}
	}
}

func TestFormatWidth(t *testing.T) {
	for i, line := range strings.Split(Format(), "\n") {
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("line %d of the reference is %d columns wide; a terminal that shows it has 100", i+1, n)
		}
		if strings.ContainsRune(line, '\t') || strings.TrimRight(line, " ") != line {
			t.Errorf("line %d of the reference has a tab, or a space at its end", i+1)
		}
	}
}
