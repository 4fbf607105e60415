// Package diagram draws traces: the life lines of the nodes with the messages
// between them, and the nodes' logs as rows of cells, as the paper's Figures 6,
// 7 and 8 have them.
//
// What is drawn is data first, made once of a report: [Lifelines] of what
// happened, [Logs] of a moment. Each format is one writer of that data, and
// knows nothing of replays: an SVG picture, or a sequence diagram in Mermaid's
// language. Equal input gives equal bytes.
package diagram
