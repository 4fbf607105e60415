package trace

// Limits bounds what a file may ask for. Past one is an error at its place.
type Limits struct {
	Bytes int64 // of a file
	Nodes int   // YAML nodes of a document, aliases expanded
	Alias int   // those of them that aliases make up
	Depth int   // levels of nesting
	Steps int   // of a trace
	Value int   // bytes of an entry's value
}

// DefaultLimits are those of the format.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Nodes: 8_000_000, Alias: 1_000_000, Depth: 64, Steps: 200_000, Value: 1024}
}
