// Package recorders has, in its folders, recorders of clusters of two Raft
// libraries, which write the events that raftsheet import reads. Here are their
// tests alone: clusters to which chance happens, recorded, imported, replayed by the
// rules of their library, and compared to the last field.
package recorders
