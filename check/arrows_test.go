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

// inside are the packages of check, each of which may import those after it, and
// nothing before it. checktest, grade/intake and conform/serve stand
// aside: the first is for tests, the second knows files and nothing of Raft, the
// third is copied into other modules.
var inside = []string{"check/grade/copies", "check/grade", "check/conform/conformtest", "check/conform", "check/order", "check/generate", "check/variant", "check", "check/reason", "check/finding", "check/item", "check/replay"}

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
				if why := forbidden(folder(name), path); why != "" {
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
	if why := backwards(layer, path); why != "" {
		return why
	}
	layer, _, _ = strings.Cut(layer, "/")
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

// backwards says that an import runs back up inside check.
func backwards(from, path string) string {
	own, _ := strings.CutPrefix(path, module+"/")
	a, b := slices.Index(inside, from), slices.Index(inside, own)
	switch {
	case from == "check/grade/intake" && own != path:
		return "intake knows files, and nothing of the project"
	case from == "check/conform/serve" && (own != path || strings.Contains(strings.Split(path, "/")[0], ".")):
		return "serve is copied into other modules, and imports the standard library alone"
	case a >= 0 && own == "check/checktest":
		return "checktest is for tests"
	case a >= 0 && b >= 0 && b <= a:
		return "inside check the arrows are " + strings.Join(inside, " -> ")
	case from == "check/replay" && own == "check/item", from == "check/item" && own == "check/reason":
		return "replay knows no items, and item no sentences"
	}
	return ""
}

// folder is the folder of a file, from the module's root.
func folder(name string) string {
	return strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
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
		{"render", "raftsheet/check/grade", true},
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
		{"check/variant", "raftsheet/check", true},
		{"check", "raftsheet/check/variant", false},
		{"check/conform", "raftsheet/check/replay", true},
		{"check/conform", "raftsheet/check/grade", false},
		{"check/item", "raftsheet/check/replay", true},
		{"check/replay", "raftsheet/check/item", false},
		{"check/reason", "raftsheet/check/grade", false},
		{"check/grade", "raftsheet/check/grade/intake", true},
		{"check/grade/intake", "raftsheet/trace", false},
		{"check/grade/copies", "raftsheet/check/grade", true},
		{"check/grade", "raftsheet/check/grade/copies", false},
		{"check/item", "raftsheet/check/checktest", false},
		{"check/conform/conformtest", "raftsheet/check/conform", true},
		{"check/conform", "raftsheet/check/conform/conformtest", false},
		{"check/conform/serve", "encoding/json", true},
		{"check/conform/serve", "raftsheet/raft", false},
		{"check/conform/serve", "github.com/google/go-cmp/cmp", false},
	}
	for _, c := range cases {
		if why := forbidden(c.layer, c.path); (why == "") != c.allowed {
			t.Errorf("%s importing %s: allowed is %t; it should be %t", c.layer, c.path, why == "", c.allowed)
		}
	}
}
