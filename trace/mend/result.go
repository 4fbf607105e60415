package mend

// A Change is one slip, set right.
type Change struct {
	Line, Column int    // of the first character that is changed, from 1; lines are those of the file, ends of any kind
	Was, Now     string // the words around the change, before and after
	What         string // for a person: line 14: read "2:ok" as "2: ok"

	// Moves says that the change could put a value into another node, step or
	// field than its writer meant. A person should look at the cells on Lines.
	Moves bool
	Lines [2]int // the first and the last line whose cells the change touches, from 1

	Said bool // the reader's own message names what was meant
}

// A Lost is a run of lines that cannot be read, whatever is tried.
type Lost struct {
	First, Last int    // lines, from 1, both of the run
	Why         string // as the reader's error says it
}

// A Result is a file with its slips set right.
type Result struct {
	Data    []byte   // the file as it is read; lines keep their numbers
	Changes []Change // by line
	Lost    []Lost   // by line; in Data these lines are blank, or comments
}
