package validation

import "context"

// Slope is to come.
type Slope struct {
	X float64 `yaml:"x"`
}

func (*Slope) check(*Row) error                                      { return nil }
func (*Slope) ownFigures() bool                                      { return false }
func (*Slope) figures(context.Context, *Row, *bench) ([]Figure, error) { return nil, nil }

// Rollup is to come.
type Rollup struct {
	X float64 `yaml:"x"`
}

func (*Rollup) check(*Row) error                                      { return nil }
func (*Rollup) ownFigures() bool                                      { return false }
func (*Rollup) figures(context.Context, *Row, *bench) ([]Figure, error) { return nil, nil }
