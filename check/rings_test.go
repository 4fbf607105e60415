package check_test

import (
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostInRing is how many files of a package may need each other. More cannot be
// read one after the other.
const mostInRing = 5

// Files of a package are layered: at most a few need each other. It fails where a
// declaration has come into a file that its own users import, so to speak.
func TestRings(t *testing.T) {
	packages := listPackages(t)
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(packages[path].Export) }
	checked := 0
	for _, path := range slices.Sorted(maps.Keys(packages)) {
		p := packages[path]
		if path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		checked++
		fset := token.NewFileSet()
		for _, ring := range rings(needs(t, fset, importer.ForCompiler(fset, "gc", lookup), p)) {
			if len(ring) > mostInRing {
				t.Errorf("%s: %d files need each other, and %d may: %v", path, len(ring), mostInRing, ring)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d packages were found to look at", checked)
	}
}

// A listed package is what the go command says of one.
type listed struct {
	Dir, ImportPath, Export string
	GoFiles                 []string
}

// listPackages asks the go command for the program's packages and all that they
// import, by their import paths.
func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=Dir,ImportPath,Export,GoFiles", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := make(map[string]listed)
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	return packages
}

// needs says of each file of a package which others have declarations that it
// uses.
func needs(t *testing.T, fset *token.FileSet, imports types.Importer, p listed) map[string][]string {
	t.Helper()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := types.Info{Uses: make(map[*ast.Ident]types.Object)}
	own, err := (&types.Config{Importer: imports}).Check(p.ImportPath, fset, files, &info)
	if err != nil {
		t.Fatal(err)
	}
	file := func(at token.Pos) string { return filepath.Base(fset.Position(at).Filename) }
	out := make(map[string][]string)
	for id, used := range info.Uses {
		if from, to := file(id.Pos()), file(used.Pos()); used.Pkg() == own && from != to && !slices.Contains(out[from], to) {
			out[from] = append(out[from], to)
		}
	}
	return out
}

// rings gives the sets of files that need each other, directly or by way of
// others.
func rings(needs map[string][]string) [][]string {
	reach := make(map[string]map[string]bool)
	for from := range needs {
		seen := make(map[string]bool)
		for todo := slices.Clone(needs[from]); len(todo) > 0; todo = todo[1:] {
			if !seen[todo[0]] {
				seen[todo[0]] = true
				todo = append(todo, needs[todo[0]]...)
			}
		}
		reach[from] = seen
	}
	var out [][]string
	for _, from := range slices.Sorted(maps.Keys(reach)) {
		var ring []string
		for to := range reach[from] {
			if reach[to][from] {
				ring = append(ring, to)
			}
		}
		if slices.Sort(ring); len(ring) > 0 && ring[0] == from {
			out = append(out, ring)
		}
	}
	return out
}

// The rings that the test looks for are found, each once.
func TestRingsFound(t *testing.T) {
	got := rings(map[string][]string{
		"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, // round, and on to the next
		"d": {"e"}, "e": {"d"},
		"f": {"a"}, // nobody needs it
	})
	want := [][]string{{"a", "b", "c"}, {"d", "e"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}
