package cmd

import (
	"context"
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
	if signals := interrupts(); len(signals) > 0 { // none would mean all
		signal.Notify(held, signals...)
	}
	return held
}

// interrupts are the signals that would end the program.
func interrupts() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
}

// untilInterrupted gives a context that ends when such a signal comes, for a command
// that has started others.
func untilInterrupted() (context.Context, context.CancelFunc) {
	signals := interrupts()
	if len(signals) == 0 {
		return context.WithCancel(context.Background())
	}
	return signal.NotifyContext(context.Background(), signals...)
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
