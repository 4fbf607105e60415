// Package intake finds what was handed in: files, folders, and the zip archives
// that Canvas, Moodle and Gradescope give out. It knows whose a file is, by the
// name that the LMS gave it, by Gradescope's metadata or by a roster of the class;
// which files are sheets, by how they begin; and which must not be opened, and why.
//
// It knows nothing of traces, keys or marks, and reads no sheet: [Collect] lists
// the files, and whoever marks them opens them one by one. What was handed in is
// hostile until shown otherwise, so everything listed has a bound, no link is
// followed, and nothing is unpacked to disk. Only names that an LMS or an instructor
// gave decide whose a file is: those directly in the class.
package intake
