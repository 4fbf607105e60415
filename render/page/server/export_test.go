package server

// Look looks at the file, as a tick has it done.
func (f *File) Look() { f.look() }
