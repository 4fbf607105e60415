//go:build !unix

package goal

import "time"

var start = time.Now()

// Processor is the time since the start: the system is not asked how much of it this
// process has taken.
func Processor() time.Duration { return time.Since(start) }
