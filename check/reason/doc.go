// Package reason makes the sentences: of a decision with its figures, of a fact
// that a replay came upon, of why a field is what it is. It is the only place of
// package check and those below it that does; what is said about one and the same
// thing is said in the same words by check, grade, feedback, explain and compare.
package reason
