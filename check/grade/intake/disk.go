package intake

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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

// statInFolder looks at what a symbolic link leads to, within the link's folder.
func statInFolder(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Stat(filepath.Base(name))
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
		return "it is a symbolic link, which is followed only where an argument names it, and not out of its folder"
	case m&fs.ModeNamedPipe != 0:
		return "it is a named pipe, which is not opened"
	case m&fs.ModeSocket != 0:
		return "it is a socket, which is not opened"
	case m&fs.ModeDevice != 0:
		return "it is a device, which is not opened"
	}
	return "it is not a regular file"
}
