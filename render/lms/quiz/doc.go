// Package quiz writes the questions of a key as a learning management system imports
// them, one question a step: as Moodle's XML (Cloze), as GIFT, and as QTI 1.2 for Canvas.
//
// [New] makes the questions in no format yet: what is known, what happens, the cells
// that are asked, and what is right in each of them, with the reason. Each format is a
// file of its own. It knows how its system escapes text, cuts up a question and counts
// points; none of them knows Raft.
//
// A system shuffles questions, and draws some of a bank at random. So each question
// says for itself all that it rests on: the cluster, the states before the first step
// and the messages up to its own, in order. A description before them would be shown
// somewhere else, or not at all.
//
// The systems mark cell by cell. What follows from an earlier mistake, and a step that
// scores as a whole, are beyond them: for these, mark sheets with the key itself.
package quiz
