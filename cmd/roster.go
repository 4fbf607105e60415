package cmd

import (
	"fmt"

	"raftsheet/check/grade/intake"
)

// readRoster reads a class.
func readRoster(name string, most int64) (*intake.Roster, error) {
	data, err := readAtMost(name, most)
	if err != nil {
		return nil, fmt.Errorf("--roster %w", err)
	}
	roster, err := intake.ReadRoster(data)
	if err != nil {
		return nil, fmt.Errorf("--roster %s: %w", name, err)
	}
	return roster, nil
}
