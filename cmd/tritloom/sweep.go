package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"

	"tritloom/experiment/sweep"
	"tritloom/internal/container"
	"tritloom/report"
)

type sweepCmd struct {
	Sweep  string `arg:"" help:"Sweep file: grid: {core.axons: [64, 256], hidden: [8, 16]}, or latin: {points: 50, ranges: {core.axons: [32, 256]}}, or both, over keys of a chip, networks, seeds, voltages, data." placeholder:"S.yaml"`
	Jobs   int    `short:"j" default:"0" help:"Points at once; 0: one a processor. Never changes the table." placeholder:"N"`
	Shard  string `xor:"part" help:"Do every N-th point from the I-th, I in 0..N-1, into FILE.shard-I-of-N.csv, for job arrays." placeholder:"I/N"`
	Merge  bool   `xor:"part" help:"Join the tables of all shards beside the output to the whole table, and run nothing."`
	Output string `short:"o" help:"Table to write. While it is filled, finished points stand in FILE.journal, from which the same command goes on. Default: S.csv." placeholder:"FILE.csv"`
	Plot   string `help:"Plot of accuracy over energy with the Pareto front marked: FILE.svg or FILE.png." placeholder:"FILE"`
}

// sweepInfo is what --json says of a sweep.
type sweepInfo struct {
	Sweep       string                           `json:"sweep"`
	Output      string                           `json:"output"`
	Plot        string                           `json:"plot,omitempty"`
	Shard       string                           `json:"shard,omitempty"`
	Points      int                              `json:"points"`  // of the table
	Resumed     int                              `json:"resumed"` // points that were there already
	Errors      int                              `json:"errors"`  // points that could not be
	LowerBounds int                              `json:"lower_bounds"`
	Objectives  []string                         `json:"pareto_objectives"`
	Front       []report.Object[json.RawMessage] `json:"pareto"` // rows of the front
}

// Run fills a table; points that cannot be are rows of it, with their error; exit 1 if
// all are.
func (c *sweepCmd) Run(s *session) error {
	if err := within("--jobs", c.Jobs, 0, maxThreads); err != nil {
		return err
	}
	if c.Plot != "" && c.Shard != "" {
		return fmt.Errorf("--plot with --shard: a shard knows only its own points; plot with --merge")
	}
	if err := sweep.CheckPlot(c.Plot); err != nil {
		return fmt.Errorf("--%w", err)
	}
	shard := sweep.Whole
	if c.Shard != "" {
		var err error
		if shard, err = sweep.ParseShard(c.Shard); err != nil {
			return fmt.Errorf("--%w", err)
		}
	}
	open, err := s.open("")
	if err != nil {
		return err
	}
	loaded, err := sweep.Load(c.Sweep, open)
	if err != nil {
		return err
	}
	output := c.Output
	if output == "" {
		output = loaded.Output()
	}
	if err := checkOutputs([]string{sweep.ShardFile(output, shard), c.Plot}, loaded.Files()); err != nil {
		return err
	}
	t, err := c.table(s, loaded, shard, output)
	if err != nil {
		return err
	}
	info := c.info(loaded, t)
	if err := s.print(info, c.text(loaded, t, info)); err != nil {
		return err
	}
	if info.Points > 0 && info.Errors == info.Points {
		return errFailed // the table is written and holds no result
	}
	return c.plot(s, loaded, t)
}

// plot draws the table, where asked for.
func (c *sweepCmd) plot(s *session, loaded *sweep.Sweep, t *sweep.Table) error {
	if c.Plot == "" {
		return nil
	}
	picture, err := loaded.Plot(t, c.Plot)
	if err != nil {
		return err
	}
	if err := container.WriteAtomic(c.Plot, picture); err != nil {
		return err
	}
	if !s.cli.JSON {
		fmt.Fprintf(s.out, "wrote %s   (accuracy over energy)\n", c.Plot)
	}
	return nil
}

// table runs the points, or joins what shards ran.
func (c *sweepCmd) table(s *session, loaded *sweep.Sweep, shard sweep.Shard, output string) (*sweep.Table, error) {
	if c.Merge {
		return loaded.Merge(output, toolVersion())
	}
	jobs := c.Jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	show := s.progress()
	return loaded.Run(s.ctx, sweep.Options{Jobs: jobs, Shard: shard, Output: output, Tool: toolVersion(), Progress: func(done, total int) {
		show.Update(func() string { return fmt.Sprintf("%d of %d points, %s", done, total, show.Left(done, total)) })
	}})
}

func (c *sweepCmd) info(loaded *sweep.Sweep, t *sweep.Table) sweepInfo {
	info := sweepInfo{
		Sweep: loaded.File, Output: t.File, Plot: c.Plot, Shard: c.Shard, Points: len(t.Rows), Resumed: t.Resumed,
		Errors: len(t.Failed()), LowerBounds: len(t.LowerBounds()), Objectives: loaded.Objectives, Front: []report.Object[json.RawMessage]{},
	}
	for _, row := range t.Front() {
		o := report.Object[json.RawMessage]{}
		for i, name := range t.Header {
			o = append(o, report.Entry[json.RawMessage]{Name: name, Value: cellJSON(t.Rows[row][i])})
		}
		info.Front = append(info.Front, o)
	}
	return info
}

// cellJSON is a cell as a number, a truth value, null where it is empty, or text.
func cellJSON(cell string) json.RawMessage {
	switch {
	case cell == "":
		return json.RawMessage("null")
	case cell == "true" || cell == "false":
		return json.RawMessage(cell)
	case json.Valid([]byte(cell)):
		if _, err := strconv.ParseFloat(cell, 64); err == nil {
			return json.RawMessage(cell)
		}
	}
	text, err := json.Marshal(cell)
	if err != nil {
		panic("tritloom: " + err.Error()) // a string has JSON
	}
	return text
}

// mostShown bounds the lists on the screen; the table has all.
const mostShown = 20

func (c *sweepCmd) text(loaded *sweep.Sweep, t *sweep.Table, info sweepInfo) string {
	var b strings.Builder
	resumed := ""
	if info.Resumed > 0 {
		resumed = fmt.Sprintf(", %d of them done before", info.Resumed)
	}
	fmt.Fprintf(&b, "%s: %s%s, %s without a result\n", c.Sweep, plural(info.Points, "point"), resumed, plural(info.Errors, "point"))
	if failed := t.Failed(); len(failed) > 0 {
		fmt.Fprintf(&b, "  first: point %s: %s\n", t.Cell(failed[0], "point"), t.Cell(failed[0], "error"))
	}
	if info.LowerBounds > 0 {
		fmt.Fprintf(&b, "  %s with unpriced events: their energies are lower bounds and stand on no front\n", plural(info.LowerBounds, "point"))
	}
	if c.Shard == "" {
		b.WriteString(frontText(loaded, t))
		fmt.Fprintf(&b, "wrote %s   (a row a point)\n", t.File)
	} else {
		fmt.Fprintf(&b, "wrote %s   (%s sweep %s --merge joins all shards)\n", t.File, program(), c.Sweep)
	}
	return b.String()
}

// frontText lists the Pareto front.
func frontText(loaded *sweep.Sweep, t *sweep.Table) string {
	var b strings.Builder
	front := t.Front()
	fmt.Fprintf(&b, "  Pareto front over %s: %s\n", strings.Join(loaded.Objectives, ", "), plural(len(front), "point"))
	if len(front) == 0 {
		return b.String()
	}
	columns := []string{"point"}
	for _, a := range loaded.Axes {
		columns = append(columns, a.Name)
	}
	columns = append(columns, "accuracy", "energy_per_inference_nominal_j", "latency_mean_s", "cores")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  "+strings.Join(columns, "\t"))
	for _, row := range front[:min(len(front), mostShown)] {
		var cells []string
		for _, column := range columns {
			cells = append(cells, t.Cell(row, column))
		}
		fmt.Fprintln(w, "  "+strings.Join(cells, "\t"))
	}
	w.Flush()
	if more := len(front) - mostShown; more > 0 {
		fmt.Fprintf(&b, "  and %d more\n", more)
	}
	return b.String()
}
