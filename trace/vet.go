package trace

import (
	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// vet walks a document once, before anything is read from it, and refuses what
// YAML allows and a trace does not: aliases that expand without end, nesting
// past the limit, tags, merge keys, keys that are not text, a key twice. It
// reports whether the document can be read all the same, to find what else is
// wrong with it.
func (p *parser) vet(root *yaml.Node) bool {
	p.sizes = make(map[*yaml.Node]int)
	if steps := source.Child(root, "steps"); steps != nil {
		p.stepList = source.Deref(steps)
	}
	p.vetNode(root, 1)
	p.sizes = nil
	return !p.hazard
}

// hazardf is errorf for what is not safe to read, or makes no sense to.
func (p *parser) hazardf(at Pos, format string, args ...any) {
	p.hazard = true
	p.errorf(at, format, args...)
}

const expanding = -1 // in sizes: the walk is inside this node

const tooManyNodes = "here the document passes the limit of %d YAML nodes, aliases expanded"

// vetNode gives the number of YAML nodes that n amounts to, aliases expanded,
// at most one past the limit. A long text counts as several.
func (p *parser) vetNode(n *yaml.Node, depth int) int {
	if n.Kind == yaml.AliasNode {
		return p.vetAlias(n)
	}
	if depth > p.lim.Depth {
		p.hazardf(posOf(n), source.TooDeep, p.lim.Depth)
		return 1
	}
	if n.Style&yaml.TaggedStyle != 0 {
		p.errorf(posOf(n), "tags are not supported; remove %s", source.Quote(n.Tag))
	}
	if n.Anchor != "" {
		p.sizes[n] = expanding
	}
	if n.Kind == yaml.MappingNode {
		p.vetKeys(n)
	}
	const word, textNode = 16, 4 // bytes: of a text that is one node, and that make it one more
	size, most := 1+max(0, len(n.Value)-word)/textNode, p.lim.Nodes
	for i, c := range n.Content {
		if n == p.stepList {
			p.step = i + 1
		}
		part := p.vetNode(c, depth+1)
		if size += part; size > most && size-part <= most && part <= most {
			p.hazardf(posOf(c), tooManyNodes, most)
		}
		size = min(size, most+1)
	}
	if n == p.stepList {
		p.step = 0
	}
	if n.Anchor != "" {
		p.sizes[n] = size
	}
	return size
}

// vetAlias gives what an alias amounts to. The walk has passed its anchor, or
// is inside it; the library also finds anchors of earlier documents, which no
// other reader of YAML does.
func (p *parser) vetAlias(n *yaml.Node) int {
	size, seen := p.sizes[n.Alias]
	switch {
	case !seen:
		p.hazardf(posOf(n), "the anchor &%s is in an earlier document; an alias refers to its own document only", source.Clip(n.Value))
	case size == expanding:
		p.hazardf(posOf(n), "the alias *%s is inside the value that it stands for, so it never ends", source.Clip(n.Value))
	default:
		p.addAliased(n, size)
		return size
	}
	return 1
}

// addAliased adds to what aliases amount to, and refuses the one that brings it
// past the limit.
func (p *parser) addAliased(n *yaml.Node, size int) {
	const nodes = 8 // that count as one
	most := nodes * p.aliased
	before := p.added
	if p.added += size; p.added > most && before <= most {
		p.hazardf(posOf(n), "here aliases come to more than a file of this size may ask for; write out what they stand for")
	}
}

// vetKeys checks a mapping's keys: text, no merge, none twice. Up to a dozen
// keys are compared with each other, more through a map.
func (p *parser) vetKeys(m *yaml.Node) {
	const few = 12
	var seen map[string]*yaml.Node
	if len(m.Content) > 2*few {
		seen = make(map[string]*yaml.Node, len(m.Content)/2)
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		k := source.Deref(m.Content[i])
		if k.Kind != yaml.ScalarNode || source.IsNull(k) {
			p.hazardf(posOf(m.Content[i]), "a key must be text; this one is %s", source.Describe(k))
			continue
		}
		if k.Tag == "!!merge" {
			p.hazardf(posOf(m.Content[i]), "merge keys are not supported; write out what << would bring in")
			continue
		}
		first := seen[k.Value]
		if seen != nil {
			if first == nil {
				seen[k.Value] = m.Content[i]
			}
		} else {
			for j := 0; j < i && first == nil; j += 2 {
				if source.Deref(m.Content[j]).Value == k.Value {
					first = m.Content[j]
				}
			}
		}
		if first != nil {
			p.errorf(posOf(m.Content[i]), "the key %s is repeated; it is first on line %d", source.Quote(k.Value), first.Line)
		}
	}
}
