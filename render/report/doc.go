// Package report writes what raftsheet found in the formats that programs read:
// JSON, and of a check the formats of test runners and code hosts (JUnit, TAP,
// SARIF, the annotations of a GitHub workflow). Each format is a file of its
// own. The names in the JSON are stable.
//
// The words are those of package render. Text from a trace or a file's name is
// untrusted: it passes through package doc on its way out, and through each
// format's own escaping after that.
package report
