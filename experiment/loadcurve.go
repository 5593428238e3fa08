package experiment

import (
	"bytes"
	"fmt"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"tritloom/internal/seed"
	"tritloom/sim/noc"
)

// LoadJob measures a square mesh of routers under uniform random traffic.
type LoadJob struct {
	Side    int   // routers in x and in y
	Buffers []int // packets an input port holds, a curve each
	Rates   []int // packets a router and 1,000 quanta
	Quanta  uint64
	Seed    uint64
}

// DefaultLoadJob is the 8 × 8 mesh of textbooks.
func DefaultLoadJob() LoadJob {
	return LoadJob{
		Side: 8, Buffers: []int{1, 2, 4, 16}, Quanta: 10_000, Seed: 1,
		Rates: []int{5, 50, 100, 150, 200, 250, 300, 320, 340, 360, 380, 400, 420, 440, 460, 480, 500},
	}
}

// LoadCurve is one buffer depth's part.
type LoadCurve struct {
	Buffers int         `json:"buffers"`
	Points  []LoadPoint `json:"points"`
	// Saturation is the highest throughput of any point, in packets a router and
	// quantum.
	Saturation float64 `json:"saturation"`
}

// LoadPoint is one offered load; rates are packets a router and quantum, latencies
// quanta.
type LoadPoint struct {
	Offered    float64 `json:"offered"`
	Throughput float64 `json:"throughput"`
	Mean       float64 `json:"latency_mean"`
	P50        uint64  `json:"latency_p50"`
	P99        uint64  `json:"latency_p99"`
}

// LoadCurves is what RunLoad measured.
type LoadCurves struct {
	Side     int         `json:"side"`
	ZeroLoad float64     `json:"zero_load"` // mean hops of uniform traffic, 2 (k² - 1) / 3k: the latency of a lone packet
	Bound    float64     `json:"bound"`     // 4/k packets a router and quantum: half of the traffic crosses the middle
	Curves   []LoadCurve `json:"curves"`
}

// RunLoad measures. Hops take a quantum, deliveries none.
func RunLoad(job LoadJob) (*LoadCurves, error) {
	k := float64(job.Side)
	all := &LoadCurves{Side: job.Side, ZeroLoad: 2 * (k*k - 1) / (3 * k), Bound: 4 / k}
	for _, depth := range job.Buffers {
		curve := LoadCurve{Buffers: depth}
		saturated := 0
		for i, rate := range job.Rates {
			if saturated == 2 { // source queues grow without end; more load says no more
				break
			}
			r := seed.Sub(job.Seed, seed.BenchTraffic, depth*len(job.Rates)+i)
			points, err := noc.LoadCurve(noc.Config{Width: job.Side, Height: job.Side, FIFO: depth, HopX: 1, HopY: 1}, []int{rate}, job.Quanta, r)
			if err != nil {
				return nil, err
			}
			p := &points[0]
			window := float64(p.Window)
			point := LoadPoint{Offered: float64(p.Offered) / window, Throughput: float64(p.Delivered) / window, P50: p.Latency.Percentile(50), P99: p.Latency.Percentile(99)}
			if n := p.Latency.Count(); n > 0 {
				point.Mean = float64(p.Latency.Sum()) / float64(n)
			}
			if point.Mean > mostPlotted {
				saturated++
			}
			curve.Saturation = max(curve.Saturation, point.Throughput)
			curve.Points = append(curve.Points, point)
		}
		all.Curves = append(all.Curves, curve)
	}
	return all, nil
}

// mostPlotted is where the latency axis of the plot ends, in quanta: beyond saturation
// latency says only how long the measurement was.
const mostPlotted = 60

// SVG draws mean latency over offered load. Equal curves give equal bytes.
func (c *LoadCurves) SVG() ([]byte, error) {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%d × %d mesh, uniform traffic, dimension order, one quantum a hop", c.Side, c.Side)
	p.X.Label.Text = "offered load, packets a router and quantum"
	p.Y.Label.Text = "mean latency, quanta"
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1.8*c.Bound, 0, mostPlotted // room for the legend beyond the bound
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(2)
	p.Legend.XOffs, p.Legend.YOffs, p.Legend.TextStyle.Font.Size = 3.6*vg.Inch, -vg.Points(8), vg.Points(10)
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(ticks(0, 0.1, 8)), plot.ConstantTicks(ticks(0, 10, 6))
	p.Add(plotter.NewGrid())
	for i, curve := range c.Curves {
		var xy plotter.XYs
		for i, point := range curve.Points {
			if point.Mean > mostPlotted { // up to the edge of the picture
				last := curve.Points[max(i-1, 0)]
				part := (mostPlotted - last.Mean) / (point.Mean - last.Mean)
				xy = append(xy, plotter.XY{X: last.Offered + part*(point.Offered-last.Offered), Y: mostPlotted})
				break
			}
			xy = append(xy, plotter.XY{X: point.Offered, Y: point.Mean})
		}
		line, marks, err := plotter.NewLinePoints(xy)
		if err != nil {
			return nil, err
		}
		line.Color, marks.Color, marks.Shape = plotutil.Color(i), plotutil.Color(i), plotutil.Shape(i)
		p.Add(line, marks)
		p.Legend.Add(fmt.Sprintf("buffers of %d: saturates at %.3f", curve.Buffers, curve.Saturation), line, marks)
	}
	for i, bound := range []struct {
		from, to plotter.XY
		name     string
	}{
		{plotter.XY{X: 0, Y: c.ZeroLoad}, plotter.XY{X: p.X.Max, Y: c.ZeroLoad}, fmt.Sprintf("a lone packet: %.2f", c.ZeroLoad)},
		{plotter.XY{X: c.Bound, Y: 0}, plotter.XY{X: c.Bound, Y: mostPlotted}, fmt.Sprintf("middle of the mesh full: 4/k = %.3f", c.Bound)},
	} {
		line, err := plotter.NewLine(plotter.XYs{bound.from, bound.to})
		if err != nil {
			return nil, err
		}
		line.Dashes = plotutil.Dashes(2 + i)
		p.Add(line)
		p.Legend.Add(bound.name, line)
	}
	canvas := vgsvg.New(7*vg.Inch, 4.5*vg.Inch)
	p.Draw(draw.New(canvas))
	var b bytes.Buffer
	_, err := canvas.WriteTo(&b)
	return b.Bytes(), err
}

// ticks are marks on an axis.
func ticks(from, step float64, n int) []plot.Tick {
	var list []plot.Tick
	for i := range n + 1 {
		at := from + step*float64(i)
		list = append(list, plot.Tick{Value: at, Label: strconv.FormatFloat(at, 'g', 3, 64)})
	}
	return list
}
