package check_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "raftsheet"

// layers are the top folders, each of which may import those after it.
var layers = []string{"cmd", "render", "check", "trace", "raft"}

// owners are the folders that may know a library; the others go through them.
var owners = map[string]string{
	"gopkg.in/yaml.v3":                  "trace",
	"github.com/olekukonko/tablewriter": "render",
	"github.com/fatih/color":            "render",
	"github.com/spf13/cobra":            "cmd",
	module + "/examples":                "cmd",
}

// The imports of the program point one way: cmd, render, check, trace, raft.
// raft imports the standard library alone.
func TestArrows(t *testing.T) {
	files := 0
	for _, layer := range layers {
		for name, imports := range importsUnder(t, layer) {
			files++
			for _, path := range imports {
				if why := forbidden(layer, path); why != "" {
					t.Errorf("%s imports %s: %s", name, path, why)
				}
			}
		}
	}
	if files < 20 {
		t.Errorf("only %d files were found to look at", files)
	}
}

// forbidden says why a file of a layer must not import a package, empty if it
// may.
func forbidden(layer, path string) string {
	if rest, ok := strings.CutPrefix(path, module+"/"); ok && owners[path] == "" {
		top, _, _ := strings.Cut(rest, "/")
		if slices.Index(layers, top) < slices.Index(layers, layer) {
			return "the arrows are " + strings.Join(layers, " -> ")
		}
		return ""
	}
	standard := !strings.Contains(strings.Split(path, "/")[0], ".")
	if layer == "raft" && !standard {
		return "raft imports the standard library alone"
	}
	for library, owner := range owners {
		if (path == library || strings.HasPrefix(path, library+"/")) && layer != owner {
			return "only " + owner + " knows it"
		}
	}
	return ""
}

// importsUnder gives the imports of each file of the program in a top folder,
// tests left out.
func importsUnder(t *testing.T, folder string) map[string][]string {
	t.Helper()
	out := make(map[string][]string)
	err := filepath.WalkDir(filepath.Join("..", folder), func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[name] = append(out[name], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The rule that the test holds the files to can be broken.
func TestForbidden(t *testing.T) {
	cases := []struct {
		layer, path string
		allowed     bool
	}{
		{"check", "raftsheet/raft", true},
		{"check", "raftsheet/check/grade", true},
		{"check", "raftsheet/render", false},
		{"check", "raftsheet/examples", false},
		{"cmd", "raftsheet/examples", true},
		{"trace", "raftsheet/check", false},
		{"raft", "fmt", true},
		{"raft", "golang.org/x/exp/slices", false},
		{"check", "gopkg.in/yaml.v3", false},
		{"trace", "gopkg.in/yaml.v3", true},
		{"cmd", "github.com/olekukonko/tablewriter/tw", false},
		{"render", "github.com/olekukonko/tablewriter/tw", true},
	}
	for _, c := range cases {
		if why := forbidden(c.layer, c.path); (why == "") != c.allowed {
			t.Errorf("%s importing %s: allowed is %t; it should be %t", c.layer, c.path, why == "", c.allowed)
		}
	}
}
