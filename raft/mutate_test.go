package raft

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A mutant is one small change of the program.
type mutant struct {
	file     string
	line     int
	function string
	was      string // the piece of source that is changed
	now      string // what stands there instead
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s: %s instead of %s", m.file, m.line, m.function, m.now, m.was)
}

// A mutator rewrites source so that every mutant of it is there at once, each
// to be switched on by its number (see mutation_hooks_test.go): one compilation
// is enough for them all. It only puts hooks around pieces of the source, so that
// mutants may lie inside each other.
type mutator struct {
	fset    *token.FileSet
	files   map[string]*ast.File
	info    types.Info
	mutants []mutant // the first is number 1

	file     string // that is being rewritten
	src      []byte
	function *ast.FuncDecl
	edits    []edit
}

// An edit puts text in the place of src[from:to].
type edit struct {
	from, to int
	kind     editKind
	text     string
}

// An editKind orders the edits at one place: what ends there comes before what
// begins there. Of what begins the outermost comes first, of what ends the
// innermost.
type editKind int

const (
	closing editKind = iota
	opening
	replacing
)

// newMutator parses and type-checks the package's source files.
func newMutator(sources map[string][]byte) (*mutator, error) {
	m := &mutator{fset: token.NewFileSet(), files: make(map[string]*ast.File),
		info: types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}}
	var files []*ast.File
	for name, src := range sources {
		f, err := parser.ParseFile(m.fset, name, src, 0)
		if err != nil {
			return nil, err
		}
		m.files[name] = f
		files = append(files, f)
	}
	// Only the types of this package's own expressions matter: nothing is
	// imported, and what is missed for that is no error.
	unimported := types.Config{Error: func(error) {}}
	_, _ = unimported.Check("raft", m.fset, files, &m.info)
	return m, nil
}

// rewrite gives the source of a file with the mutants of those functions in it.
func (m *mutator) rewrite(file string, src []byte, functions func(name string) bool) []byte {
	m.file, m.src, m.edits = file, src, nil
	for _, decl := range m.files[file].Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && functions(f.Name.Name) {
			m.function = f
			m.decision(f)
			ast.Inspect(f.Body, m.visit)
		}
	}
	return m.edited()
}

// edited applies the edits.
func (m *mutator) edited() []byte {
	order := make([]int, len(m.edits))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := m.edits[i], m.edits[j]
		inner := i - j
		if a.kind == closing {
			inner = j - i
		}
		return cmp.Or(a.from-b.from, int(a.kind-b.kind), inner)
	})
	var out bytes.Buffer
	at := 0
	for _, i := range order {
		e := m.edits[i]
		out.Write(m.src[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(m.src[at:])
	return out.Bytes()
}

func (m *mutator) offset(p token.Pos) int { return m.fset.Position(p).Offset }

func (m *mutator) text(n ast.Node) string { return string(m.src[m.offset(n.Pos()):m.offset(n.End())]) }

// add makes the mutants of one place and gives the number of the first.
func (m *mutator) add(at ast.Node, was string, now ...string) int {
	first := len(m.mutants) + 1
	for _, n := range now {
		m.mutants = append(m.mutants, mutant{m.file, m.fset.Position(at.Pos()).Line, m.function.Name.Name, was, n})
	}
	return first
}

// around puts text before and after a piece of the source.
func (m *mutator) around(n ast.Node, before, after string) {
	from, to := m.offset(n.Pos()), m.offset(n.End())
	m.edits = append(m.edits, edit{from, from, opening, before}, edit{to, to, closing, after})
}

func (m *mutator) replace(from, to token.Pos, text string) {
	m.edits = append(m.edits, edit{m.offset(from), m.offset(to), replacing, text})
}

func (m *mutator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		m.statements(n.List)
	case *ast.CaseClause:
		for _, e := range n.List {
			m.condition(e)
		}
		m.statements(n.Body)
	case *ast.IfStmt:
		m.condition(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			m.condition(n.Cond)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			m.condition(n.X)
		}
	case *ast.BinaryExpr:
		m.binary(n)
	case *ast.CallExpr:
		m.call(n)
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			m.element(e)
		}
	case *ast.ReturnStmt:
		for _, r := range n.Results {
			if m.isTruth(r) {
				m.truth(r)
			}
		}
	}
	return true
}

// decision makes two mutants of a rule's function: its negation, and one that
// decides as it begins and does nothing.
func (m *mutator) decision(f *ast.FuncDecl) {
	if f.Type.Results == nil || m.text(f.Type.Results) != "*Decision" {
		return
	}
	begin, ok := f.Body.List[0].(*ast.AssignStmt)
	if !ok || !strings.HasPrefix(m.text(begin), "d := n.Decide(") {
		return
	}
	first := m.add(f, "its decision", "the negation", "nothing done")
	m.around(begin, "", fmt.Sprintf("; if mutantIs(%d) { return d }", first+1))
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && m.text(r) == "return d" {
			m.around(r.Results[0], fmt.Sprintf("mutantDecision(%d, ", first), ")")
		}
		return true
	})
}

// statements leaves out each statement that changes something, or half of it.
func (m *mutator) statements(list []ast.Stmt) {
	for _, s := range list {
		was := m.text(s)
		switch s := s.(type) {
		case *ast.ExprStmt:
			m.others(s, was, "")
		case *ast.IncDecStmt:
			reverse := map[token.Token]string{token.INC: "--", token.DEC: "++"}[s.Tok]
			m.others(s, was, "", m.text(s.X)+reverse)
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				m.others(s, was, m.lesser(s)...)
			}
		}
	}
}

// lesser gives the assignment without each of its variables in turn.
func (m *mutator) lesser(s *ast.AssignStmt) []string {
	if len(s.Lhs) != len(s.Rhs) {
		return []string{""} // of one call's results, all go
	}
	all := make([]string, len(s.Lhs)) // of one variable, nothing is left
	for i := range s.Lhs {
		var left, right []string
		for j := range s.Lhs {
			if j != i {
				left, right = append(left, m.text(s.Lhs[j])), append(right, m.text(s.Rhs[j]))
			}
		}
		if left != nil {
			all[i] = strings.Join(left, ", ") + " " + s.Tok.String() + " " + strings.Join(right, ", ")
		}
	}
	return all
}

// others puts other statements in the place of one.
func (m *mutator) others(s ast.Stmt, was string, now ...string) {
	names := slices.Clone(now)
	for i, n := range names {
		if n == "" {
			names[i] = "nothing"
		}
	}
	first := m.add(s, was, names...)
	before := "switch {"
	for i, n := range now {
		before += fmt.Sprintf(" case mutantIs(%d): %s;", first+i, n)
	}
	m.around(s, before+" default: ", " }")
}

// condition mutates a condition that is neither a comparison nor made of
// others: those mutate by themselves.
func (m *mutator) condition(e ast.Expr) {
	switch e.(type) {
	case *ast.CallExpr, *ast.SelectorExpr, *ast.Ident:
		was := m.text(e)
		first := m.add(e, was, "!"+was, always, never)
		m.around(e, fmt.Sprintf("mutantCondition(%d, ", first), ")")
	}
}

func (m *mutator) binary(e *ast.BinaryExpr) {
	op := e.Op.String()
	was := m.text(e)
	swap := func(other string) string { return m.text(e.X) + " " + other + " " + m.text(e.Y) }
	call := func(hook, between, after string) {
		m.around(e, hook, after)
		m.replace(e.OpPos, e.OpPos+token.Pos(len(op)), between)
	}
	switch e.Op {
	case token.LAND:
		call(fmt.Sprintf("mutantBoth(%d, ", m.add(e, was, swap("||"))), ", func() bool { return (", ") })")
		m.condition(e.X)
		m.condition(e.Y)
	case token.LOR:
		call(fmt.Sprintf("mutantEither(%d, ", m.add(e, was, swap("&&"))), ", func() bool { return (", ") })")
		m.condition(e.X)
		m.condition(e.Y)
	case token.ADD, token.SUB, token.QUO, token.AND:
		other := map[string]string{"+": "-", "-": "+", "/": "*", "&": "|"}[op]
		call(fmt.Sprintf("mutantNumber(%d, %q, ", m.add(e, was, m.text(e.X), swap(other)), op), ", ", ")")
	default:
		hook, ops := m.comparison(e)
		now := make([]string, len(ops))
		for i, o := range ops {
			if now[i] = o; o != always && o != never {
				now[i] = swap(o)
			}
		}
		ops = append([]string{op}, ops...)
		call(fmt.Sprintf("%s(%d, %#v, ", hook, m.add(e, was, now...), ops), ", ", ")")
	}
}

// comparison gives the hook of a comparison, and the operators to be tried in
// its place. Nodes, roles and outcomes have names and no order, pointers none
// either; and nothing that is counted here is below 0.
func (m *mutator) comparison(e *ast.BinaryExpr) (hook string, ops []string) {
	drop := ""
	switch t := m.info.Types[e.X].Type.String(); {
	case t != "int" && t != "raft.Index" && t != "raft.Term":
		hook, drop = "mutantSame", "< <= > >="
	case m.text(e.Y) == "0":
		hook, drop = "mutantOrder", map[token.Token]string{token.GTR: "!=", token.EQL: "<=", token.NEQ: "<"}[e.Op]
	default:
		hook = "mutantOrder"
	}
	for _, op := range neighbours[e.Op.String()] {
		if !slices.Contains(strings.Fields(drop), op) {
			ops = append(ops, op)
		}
	}
	return hook, ops
}

func (m *mutator) call(e *ast.CallExpr) {
	switch name := m.text(e.Fun); name {
	case "min", "max":
		x, y := m.text(e.Args[0]), m.text(e.Args[1])
		hook, other := "mutantMin", "max"
		if name == "max" {
			hook, other = "mutantMax", "min"
		}
		first := m.add(e, m.text(e), other+"("+x+", "+y+")", x, y)
		m.replace(e.Pos(), e.Lparen+1, fmt.Sprintf("%s(%d, ", hook, first))
	case "n.Decide":
		first := m.add(e, m.text(e), "the opposite outcome")
		m.around(e.Args[1], fmt.Sprintf("mutantOutcome(%d, ", first), ")")
	}
}

// element leaves an element of a composite value at its zero value.
func (m *mutator) element(e ast.Expr) {
	was := m.text(e)
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		e = kv.Value
	}
	if m.isTruth(e) {
		m.truth(e)
		return
	}
	m.around(e, fmt.Sprintf("mutantValue(%d, ", m.add(e, was, "the zero value")), ")")
}

func (m *mutator) isTruth(e ast.Expr) bool { return m.text(e) == "true" || m.text(e) == "false" }

// truth turns true and false about.
func (m *mutator) truth(e ast.Expr) {
	now := map[string]string{"true": "false", "false": "true"}[m.text(e)]
	first := m.add(e, m.text(e), now)
	m.around(e, "", fmt.Sprintf(" != mutantIs(%d)", first))
}
