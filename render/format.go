package render

import "fmt"

// formats is the formats of one view by name, the default first. Each is a
// function that writes the view.
type formats[F any] []struct {
	name  string
	write F
}

func (fs formats[F]) names() []string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.name
	}
	return names
}

// pick gives the format of a name. The error says which there are.
func (fs formats[F]) pick(view, name string) (F, error) {
	for _, f := range fs {
		if f.name == name {
			return f.write, nil
		}
	}
	var none F
	return none, fmt.Errorf("there is no format %q for %s; the formats are %s", name, view, list(fs.names()))
}
