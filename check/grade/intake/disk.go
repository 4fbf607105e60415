package intake

import (
	"errors"
	"io/fs"
	"os"
)

// An onDisk is a file as it was found.
type onDisk struct {
	dir, name string // name is below dir
	info      fs.FileInfo
}

var errChanged = errors.New("another file has taken its place")

// open opens the file if it is still the one that was found. No link on the way
// leads out of its folder.
func (d *onDisk) open() (*os.File, error) {
	f, err := os.OpenInRoot(d.dir, d.name)
	if err != nil {
		return nil, cause(err)
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(info, d.info) {
		err = errChanged
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// cause is an error of the system without the path, which is shown beside it.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// irregular says why a file that is not a regular one stays closed.
func irregular(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "it is a symbolic link, which is not followed"
	case m&fs.ModeNamedPipe != 0:
		return "it is a named pipe, which is not opened"
	case m&fs.ModeSocket != 0:
		return "it is a socket, which is not opened"
	case m&fs.ModeDevice != 0:
		return "it is a device, which is not opened"
	}
	return "it is not a regular file"
}
