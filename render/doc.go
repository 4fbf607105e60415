// Package render shows what package check found and what a replay did: text and
// tables for a terminal, Markdown, JSON, and the report formats of test runners
// and code hosts. Each format is a file of its own; [Check], [Show] and
// [Explain] pick one by name.
//
// Text that comes from a trace (titles, values, names) or from a file's name is
// untrusted. It passes through [Clean] where it becomes display text, once, and
// through each format's own escaping after that.
package render
