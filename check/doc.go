// Package check is the front door: a file goes in, a [Report] of findings comes
// out.
//
// [CheckFile] reads a file, replays each of its traces (package replay) and holds
// what is written in it against what comes out. [Compare] does the last of these
// for a run at hand, and [Fill] writes a run's answers into the file's blanks.
// What a trace asks is listed by package item, what is found is data of package
// finding, and its sentences come from package reason.
//
// Packages above this one hold a trace against other rules (variant) and sheets
// against a key (grade).
package check
