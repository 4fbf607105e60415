package render

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Inside render the imports point one way: report, lms and page, the views, doc. If
// one points back, a view has come to know a format, or a format a view.
func TestArrows(t *testing.T) {
	may := map[string][]string{
		"doc":      {},
		".":        {"render/doc"},
		"report":   {"render", "render/doc", "render/internal/junit"},
		"lms":      {"render", "render/doc", "render/internal/junit"},
		"lms/quiz": {"render", "render/doc"},
		"page":     {"render", "render/doc", "render/diagram"},
	}
	owned := map[string]string{"github.com/olekukonko/tablewriter": "doc", "github.com/fatih/color": "doc",
		"github.com/charmbracelet/x/ansi": "doc", "html/template": "doc", "codeberg.org/go-pdf/fpdf": "doc", "encoding/xml": "internal/junit"}
	for folder, allowed := range may {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) < 4 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range f.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				own, is := strings.CutPrefix(path, "raftsheet/")
				switch {
				case is && strings.HasPrefix(own, "render") && !slices.Contains(allowed, own):
					t.Errorf("%s imports %s: the arrows are report, lms, page -> the views -> doc", name, path)
				case is && folder == "doc":
					t.Errorf("%s imports %s: a document knows nothing of Raft", name, path)
				case owned[path] != "" && owned[path] != folder && !(folder == "page" && path == "html/template") && !(folder == "lms/quiz" && path == "encoding/xml"):
					t.Errorf("%s imports %s, which is for %s", name, path, owned[path])
				}
			}
		}
	}
}
