// Package variant knows what a trace is under other rules.
//
// A [Diff] is one trace under two sets of rules, side by side. [Cover] says which
// misunderstandings traces would reveal, and a [Matrix] holds what each of them
// gives for each item of a trace: the material of a diagnosis.
//
// It knows neither sheets nor marks: package grade does.
package variant
