package cmd

import (
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// heldInterrupts are the signals that end the program, kept from doing so.
type heldInterrupts chan os.Signal

var errInterrupted = errors.New("interrupted")

// holdInterrupts keeps the signals that would end the program, so that no
// temporary file is left behind. One that the program was started to ignore, as
// nohup has it, stays ignored.
func holdInterrupts() heldInterrupts {
	held := make(heldInterrupts, 1)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
	signals = slices.DeleteFunc(signals, signal.Ignored)
	if len(signals) > 0 { // none would mean all
		signal.Notify(held, signals...)
	}
	return held
}

// err is errInterrupted if a signal has come.
func (h heldInterrupts) err() error {
	if len(h) > 0 {
		return errInterrupted
	}
	return nil
}

// release lets the signals through again. One that has come ends the command
// with its error.
func (h heldInterrupts) release() error {
	signal.Stop(h)
	return h.err()
}
