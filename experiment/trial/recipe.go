package trial

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// Recipe trains a network: data, shape and how long to search. Equal recipes give
// equal networks, so a recipe may stand where a network file might.
type Recipe struct {
	Data    string `json:"data"`     // reference to training rows
	Encode  string `json:"encode"`   // encoder in text form; empty: the data's own default
	Hidden  string `json:"hidden"`   // widths such as 16 or 32,16
	Steps   int    `json:"steps"`    // of an inference; 0: one
	Seed    uint64 `json:"seed"`     // of first weights and order
	Sweeps  int    `json:"sweeps"`   // stop after so many sweeps; 0: the trainer's default
	AllRows bool   `json:"all_rows"` // train on validation rows too
}

// Bounds on a recipe.
const (
	MaxSweeps = 1000
	maxHidden = 200 // bytes of the widths
)

// noughts finds widths that start with one, which YAML and people read differently.
var noughts = regexp.MustCompile(`(^|,)\s*[-+]?0[0-9]`)

// Validate refuses what names no training.
func (r Recipe) Validate() error {
	switch {
	case r.Data == "":
		return fmt.Errorf("a recipe lacks data; name a data set, such as digits")
	case r.Hidden == "" || len(r.Hidden) > maxHidden:
		return fmt.Errorf("hidden = %.40q; want widths such as 16 or 32,16", r.Hidden)
	case noughts.MatchString(r.Hidden):
		return fmt.Errorf("hidden = %.40q; want widths without a nought in front, such as 16 or 32,16", r.Hidden)
	case r.Sweeps < 0 || r.Sweeps > MaxSweeps:
		return fmt.Errorf("sweeps = %d; want 1..%d, or leave it out", r.Sweeps, MaxSweeps)
	case r.Steps < 0 || r.Steps > experiment.MaxSteps:
		return fmt.Errorf("steps = %d; want 1..%d, or leave it out", r.Steps, experiment.MaxSteps)
	}
	if _, err := netspec.Hidden(r.Hidden, 1, 2); err != nil { // the widths themselves; the data give the ends
		return errors.New(strings.TrimPrefix(err.Error(), "--")) // which names a flag
	}
	return nil
}

// Networks trains recipes, each once. It may be used by several goroutines.
type Networks struct {
	open dataset.OpenOptions

	mu   sync.Mutex
	made map[Recipe]*making
}

// making is a recipe's training; the lock is held while it goes on.
type making struct {
	mu      sync.Mutex
	network *ternary.Network
	err     error
}

// NewNetworks says where recipes find their data.
func NewNetworks(open dataset.OpenOptions) *Networks {
	return &Networks{open: open, made: map[Recipe]*making{}}
}

// Train gives the network of a recipe. Training that was interrupted gives the
// context's error, never the network it had come to.
func (n *Networks) Train(ctx context.Context, r Recipe) (*ternary.Network, error) {
	n.mu.Lock()
	m := n.made[r]
	if m == nil {
		m = new(making)
		n.made[r] = m
	}
	n.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.network == nil && m.err == nil {
		network, err := train(ctx, r, n.open)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		m.network, m.err = network, err
	}
	return m.network, m.err
}

func train(ctx context.Context, r Recipe, open dataset.OpenOptions) (*ternary.Network, error) {
	options := trainer.DefaultOptions()
	options.Seed = r.Seed
	if r.Sweeps > 0 {
		options.MaxSweeps = r.Sweeps
	}
	n, _, err := experiment.Train(ctx, experiment.TrainJob{
		Data: experiment.Data{Ref: r.Data, Open: open}, Encode: r.Encode, Options: options, Steps: r.Steps, AllRows: r.AllRows,
		Shape: func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden(r.Hidden, inputs, classes) },
	}, nil)
	if err != nil {
		return nil, fmt.Errorf("train %s, hidden %s: %w", r.Data, r.Hidden, err)
	}
	return n, nil
}
