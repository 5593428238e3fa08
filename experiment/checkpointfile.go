package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"tritloom/internal/container"
	"tritloom/ternary"
	"tritloom/trainer"
)

// checkpointKind is the container kind of a checkpoint file.
const checkpointKind = "checkpoint"

// stored is what a checkpoint file holds.
type stored struct {
	search    searchIdentity
	at        *trainer.Checkpoint
	stoppedBy trainer.StopReason // "" for a search under way
}

// checkpointHeader is the JSON of a checkpoint file. Beside it are the arrays
//
//	network    uint8 [bytes]: the network as it stands, as a network file
//	best       uint8 [bytes]: the network that patience remembers, if any
//	per_sweep  int64 [full sweeps][8]: in the order of sweepRow
type checkpointHeader struct {
	Search     searchIdentity     `json:"search"`
	StoppedBy  trainer.StopReason `json:"stopped_by"`
	Step       int                `json:"step"`
	Candidates uint64             `json:"candidates"`
	Accepted   uint64             `json:"accepted"`
	Best       *bestHeader        `json:"best"`
}

type bestHeader struct {
	Errors      int    `json:"errors"`
	Loss        int64  `json:"loss"`
	Accepted    uint64 `json:"accepted"`
	SweepsSince int    `json:"sweeps_since"`
}

// file puts the search into a container.
func (s *stored) file(tool string) (*container.File, error) {
	at := s.at
	h := checkpointHeader{s.search, s.stoppedBy, at.Step, at.Candidates, at.Accepted, nil}
	f := &container.File{Kind: checkpointKind, Tool: tool}
	if b := at.Best; b != nil {
		h.Best = &bestHeader{b.Errors, b.Loss, b.Accepted, b.SweepsSince}
		if err := addNetwork(f, "best", b.Network); err != nil {
			return nil, err
		}
	}
	if err := addNetwork(f, "network", at.Network); err != nil {
		return nil, err
	}
	var rows []int64
	for _, stats := range at.PerSweep {
		rows = append(rows, sweepRow(stats)...)
	}
	f.Arrays = append(f.Arrays, container.FromInt64("per_sweep", []int{len(at.PerSweep), sweepNumbers}, rows))
	var err error
	f.Header, err = json.Marshal(h)
	return f, err
}

func addNetwork(f *container.File, name string, n *ternary.Network) error {
	data, err := n.Encode("")
	if err == nil {
		f.Arrays = append(f.Arrays, container.FromUint8(name, []int{len(data)}, data))
	}
	return err
}

const sweepNumbers = 8

// sweepRow is the numbers of one sweep; counts stay far below 2^63.
func sweepRow(s trainer.SweepStats) []int64 {
	return []int64{int64(s.Candidates), int64(s.Accepted), s.Loss, s.Penalty, s.Nonzero, int64(s.TrainErrors), int64(s.ValidationErrors), s.ValidationLoss}
}

func sweepOf(row []int64) (trainer.SweepStats, error) {
	for _, errors := range row[5:7] {
		if errors != int64(int32(errors)) {
			return trainer.SweepStats{}, fmt.Errorf("array \"per_sweep\" counts %d errors; want at most %d", errors, math.MaxInt32)
		}
	}
	return trainer.SweepStats{
		Candidates: uint64(row[0]), Accepted: uint64(row[1]), Loss: row[2], Penalty: row[3], Nonzero: row[4],
		TrainErrors: int(row[5]), ValidationErrors: int(row[6]), ValidationLoss: row[7],
	}, nil
}

// readCheckpoint reads a checkpoint file. Sizes are held against the bytes that
// are there before memory is taken; whether the search in it is possible is
// the trainer's to say.
func readCheckpoint(path string) (*stored, error) {
	f, err := container.ReadFile(path, checkpointKind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromFile(path, f)
}

// decodeCheckpoint reads a checkpoint from the bytes of its file; errors start
// with name.
func decodeCheckpoint(name string, data []byte) (*stored, error) {
	f, err := container.Decode(name, data, checkpointKind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromFile(name, f)
}

func fromFile(name string, f *container.File) (*stored, error) {
	var h checkpointHeader
	d := json.NewDecoder(bytes.NewReader(f.Header))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("%s: checkpoint header: %w; the file is damaged or from a newer version", name, err)
	}
	at := &trainer.Checkpoint{Step: h.Step, Candidates: h.Candidates, Accepted: h.Accepted}
	var err error
	if at.Network, err = networkIn(name, f, "network"); err != nil {
		return nil, err
	}
	if b := h.Best; b != nil {
		at.Best = &trainer.Best{Errors: b.Errors, Loss: b.Loss, Accepted: b.Accepted, SweepsSince: b.SweepsSince}
		if at.Best.Network, err = networkIn(name, f, "best"); err != nil {
			return nil, err
		}
	}
	if at.PerSweep, err = sweepsIn(f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &stored{h.Search, at, h.StoppedBy}, nil
}

func networkIn(path string, f *container.File, name string) (*ternary.Network, error) {
	a, err := f.Array(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data, err := a.Uint8s()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ternary.Decode(fmt.Sprintf("%s: array %q", path, name), data)
}

func sweepsIn(f *container.File) ([]trainer.SweepStats, error) {
	a, err := f.Array("per_sweep")
	if err != nil {
		return nil, err
	}
	numbers, err := a.Int64s()
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 2 || a.Shape[1] != sweepNumbers {
		return nil, fmt.Errorf("array \"per_sweep\" has shape %v; want (sweeps, %d)", a.Shape, sweepNumbers)
	}
	var sweeps []trainer.SweepStats
	for ; len(numbers) > 0; numbers = numbers[sweepNumbers:] {
		stats, err := sweepOf(numbers[:sweepNumbers])
		if err != nil {
			return nil, err
		}
		sweeps = append(sweeps, stats)
	}
	return sweeps, nil
}
