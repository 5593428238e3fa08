package sweep

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tritloom/experiment/trial"
)

// column is a result of a point: its name in the table and its text.
type column struct {
	name string
	cell func(r *pointResult) string
}

// pointResult is what a point gave.
type pointResult struct {
	*trial.Outcome
	prices string // hash
}

// columns is the one list of results, in the order of the table. A column with the
// name of an axis is left out, as the axis has it.
var columns = []column{
	{"chip", func(r *pointResult) string { return r.Run.Chip }},
	{hypotheticalColumn, func(r *pointResult) string { return strconv.FormatBool(r.Report.Chip.Hypothetical) }},
	{"prices_moved", func(r *pointResult) string { return strings.Join(r.Report.Chip.Moved(), " ") }}, // projected, extrapolated
	{"voltages_v", func(r *pointResult) string { return reals(r.Report.Chip.VoltagesV) }},
	{"tick_us", func(r *pointResult) string {
		if ps := r.Layout.Capabilities.Tick.PS(); ps > 0 {
			return trial.Decimal(float64(ps) / 1e6)
		}
		return "" // a tick ends when every core has finished
	}},
	{"network_hash", func(r *pointResult) string { return r.Run.Network }},
	{"layout_hash", func(r *pointResult) string { return r.Run.Layout }},
	{"capabilities_hash", func(r *pointResult) string { return r.Run.Capabilities }},
	{"price_hash", func(r *pointResult) string { return r.prices }},
	{"data", func(r *pointResult) string { return r.Run.Data }},
	{"cores", func(r *pointResult) string { return whole64(uint64(r.Run.CoresUsed)) }},
	{"axon_utilisation", func(r *pointResult) string { u := r.Layout.Usage(); return share(u.Axons, u.AxonsHeld) }},
	{"neuron_utilisation", func(r *pointResult) string { u := r.Layout.Usage(); return share(u.Columns, u.ColumnsHeld) }},
	{"synapse_utilisation", func(r *pointResult) string { u := r.Layout.Usage(); return share(u.Synapses, u.SynapsesHeld) }},
	{"stored_bits", func(r *pointResult) string { return whole64(uint64(r.Layout.Usage().StoredBits())) }},
	{"ticks_per_inference", func(r *pointResult) string { return whole64(r.Run.Ticks.PerInference) }},
	{"initiation_interval_ticks", func(r *pointResult) string { return whole64(r.Run.Ticks.InitiationInterval) }},
	{"ticks_total", func(r *pointResult) string { return whole64(r.Run.Ticks.Total) }},
	{"tick_overruns", func(r *pointResult) string { return optional(r.Report.TickOverruns, whole64) }},
	{"samples", func(r *pointResult) string { return whole64(uint64(r.Run.Samples)) }},
	{"correct", func(r *pointResult) string { return whole64(uint64(r.Run.Correct)) }},
	{accuracyColumn, func(r *pointResult) string { return trial.Decimal(r.Report.Accuracy.Value) }},
	{energyColumn, func(r *pointResult) string { return trial.Decimal(r.Report.Energy.Nominal) }},
	{"energy_per_inference_low_j", func(r *pointResult) string { return trial.Decimal(r.Report.Energy.Low) }},
	{"energy_per_inference_high_j", func(r *pointResult) string {
		if r.Report.Energy.LowerBound {
			return "" // there is none
		}
		return trial.Decimal(r.Report.Energy.High)
	}},
	{boundColumn, func(r *pointResult) string { return strconv.FormatBool(r.Report.Energy.LowerBound) }},
	{"unpriced", func(r *pointResult) string { return strings.Join(r.Report.Energy.Unpriced, " ") }},
	{"scope", func(r *pointResult) string { return string(r.Report.Energy.Scope) }},
	{"boundary", func(r *pointResult) string { return string(r.Report.Energy.Boundary) }},
	{"scenario", func(r *pointResult) string { return string(r.Report.Energy.Scenario) }},
	{"activity_independent_share", func(r *pointResult) string { return trial.Decimal(r.Report.Energy.ActivityIndependentShare) }},
	{latencyColumn, func(r *pointResult) string {
		if r.Report.Latency == nil {
			return ""
		}
		return trial.Decimal(r.Report.Latency.Mean)
	}},
	{"throughput_hz", func(r *pointResult) string { return optional(r.Report.ThroughputHz, trial.Decimal) }},
}

// Names of columns that are used by name.
const (
	pointColumn        = "point"
	hypotheticalColumn = "hypothetical"
	accuracyColumn     = "accuracy"
	energyColumn       = "energy_per_inference_nominal_j"
	boundColumn        = "lower_bound"
	latencyColumn      = "latency_mean_s"
	errorColumn        = "error"
	paretoColumn       = "pareto"
	sweepColumn        = "sweep" // of a shard's table only
)

func whole64(n uint64) string { return strconv.FormatUint(n, 10) }

func reals(list []float64) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = trial.Decimal(v)
	}
	return strings.Join(words, " ")
}

func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return trial.Decimal(float64(part) / float64(whole))
}

// optional leaves a cell empty where nothing is known.
func optional[T any](v *T, text func(T) string) string {
	if v == nil {
		return ""
	}
	return text(*v)
}

// results are the columns of this sweep.
func (s *Sweep) results() []column {
	var list []column
	for _, c := range columns {
		if !slices.ContainsFunc(s.Axes, func(a *Axis) bool { return a.Name == c.name }) {
			list = append(list, c)
		}
	}
	return list
}

// header names the cells of a row: the point, its axes, its results, its error.
func (s *Sweep) header() []string {
	header := []string{pointColumn}
	for _, a := range s.Axes {
		header = append(header, a.Name)
	}
	for _, c := range s.results() {
		header = append(header, c.name)
	}
	return append(header, errorColumn)
}

// row runs one point. What is wrong with the point is in the row; the error says that
// the sweep cannot go on.
func (s *Sweep) row(ctx context.Context, point int) ([]string, error) {
	row := append([]string{strconv.Itoa(point)}, s.Values(point)...)
	results := s.results()
	outcome, err := s.trial(ctx, point)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		row = append(row, make([]string, len(results))...)
		return append(row, trial.OneLine(err)), nil
	}
	for _, c := range results {
		row = append(row, c.cell(outcome))
	}
	return append(row, ""), nil
}

// trial is the run of a point.
func (s *Sweep) trial(ctx context.Context, point int) (*pointResult, error) {
	at, err := s.setting(point)
	if err != nil {
		return nil, err
	}
	chip, err := s.inputs.made.get(&at, s.inputs.chip)
	if err != nil {
		return nil, err
	}
	network := s.inputs.nets[at.net]
	if at.net == "" {
		recipe := at.recipe
		recipe.Data = trial.BesideData(s.inputs.folder, recipe.Data)
		if network, err = s.inputs.networks.Train(ctx, recipe); err != nil {
			return nil, err
		}
	}
	outcome, err := trial.Run(ctx, trial.Trial{
		Chip: chip, Network: network, CompileSeed: at.compileSeed, Part: s.inputs.parts[at.data], Sim: at.simOptions(s.doc.Engine), Energy: at.energy(),
	})
	if err != nil {
		return nil, err
	}
	return &pointResult{outcome, chip.PriceHash()}, nil
}
