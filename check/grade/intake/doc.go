// Package intake finds what was handed in: files, folders, and the zip archives
// that Canvas and Moodle give out. It knows whose a file is by the name that the
// LMS gave it, which files must not be opened, and why.
//
// It knows nothing of traces, keys or marks, and reads no sheet: [Collect] lists
// the files, and whoever marks them opens them one by one. What was handed in is
// hostile until shown otherwise, so everything listed has a bound, no link is
// followed, and nothing is unpacked to disk.
package intake
