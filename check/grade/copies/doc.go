// Package copies finds sheets of different students that share more wrong answers
// than chance and shared misunderstandings explain.
//
// It knows the mistakes of a marked class and where each misunderstanding leads;
// it knows no file formats and no words for what it finds. What it finds is
// evidence for a conversation, and proves nothing: it changes no mark.
//
// Where students have worksheets of their own, those who have one variant are compared
// with each other.
//
// Only mistakes are compared. Right answers saved by one form are alike in all
// honesty, and what follows from a mistake says nothing that the mistake does not
// (package grade tells the two apart). A mistake to which a misunderstanding leads
// is left out, for friends who learn together misunderstand together. What remains
// are slips, and a slip is evidence by how rare it is in this class: chance.go says
// how much.
package copies
