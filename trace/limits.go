package trace

// Limits bounds what a file may ask for. Past one is an error at its place.
type Limits struct {
	Bytes int64 // of a file
	Nodes int   // YAML nodes of a document, aliases expanded
	Depth int   // levels of nesting
	Steps int   // of a trace
	Value int   // bytes of an entry's value

	// Aliased bounds what aliases add to a document, so that a small file cannot
	// ask for much work: steps times the cluster's nodes, beyond one for every
	// four bytes of the file. Of YAML nodes, eight count as one.
	Aliased int
}

// DefaultLimits are those of the format.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Nodes: 8_000_000, Depth: 64, Steps: 200_000, Value: 1024, Aliased: 2048}
}

// aliased is what aliases may add to a document of a file of so many bytes.
func (l Limits) aliased(bytes int) int { return l.Aliased + bytes/4 }
