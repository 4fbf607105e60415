// Package lms writes grades as learning management systems and autograders take
// them: a table as CSV; the reports of Gradescope, PrairieLearn and Autolab, each
// of one student's submission; and the gradebooks of Canvas and Moodle, filled in
// place. Each is a file of its own, or a few with one prefix.
//
// The grades are those of package grade. Text from a submission is untrusted: it
// is made safe here for each format, and cut where it is long.
package lms
