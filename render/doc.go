// Package render has the views of raftsheet: what a check found, a worksheet, an
// explanation, a comparison, the coverage of a key, the rules, and of a class
// its marks, its figures and each student's feedback.
//
// A view makes a [doc.Document] of its subject. It chooses what is said, in which
// order and words, and knows no format: package doc writes a document as text,
// Markdown, HTML, LaTeX or PDF, and makes every text from a trace safe there. What
// programs read (JSON, test reports, gradebooks) is in packages report and lms.
package render
