//go:build unix

package goal

import (
	"syscall"
	"time"
)

// Processor is the time that this process has taken of all cores. The clock on the wall
// counts what others do too.
func Processor() time.Duration {
	var taken syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &taken) != nil {
		return 0 // which never is: the process is one that there is
	}
	return time.Duration(taken.Utime.Nano() + taken.Stime.Nano())
}
