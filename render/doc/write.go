package doc

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

type writer func(*bufio.Writer, *Document, Options) error

// writers are the formats by name, the default first.
var writers = []struct {
	name  string
	write writer
}{
	{"text", writeText},
	{"markdown", writeMarkdown},
	{"html", writeHTML},
}

// Formats gives the names of the formats, the default first.
func Formats() []string {
	names := make([]string, len(writers))
	for i, f := range writers {
		names[i] = f.name
	}
	return names
}

// Write writes a document in the format of that name.
func Write(w io.Writer, format string, d *Document, opt Options) error {
	for _, f := range writers {
		if f.name == format {
			out := bufio.NewWriter(w)
			if err := f.write(out, d, opt); err != nil {
				return err
			}
			return out.Flush()
		}
	}
	return fmt.Errorf("there is no format %q; the formats are %s", format, strings.Join(Formats(), ", "))
}
