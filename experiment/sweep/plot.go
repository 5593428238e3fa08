package sweep

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"tritloom/report"
)

// plotForms lists what a plot's name may end in.
var plotForms = []string{".svg", ".png"}

// CheckPlot refuses names of plots that say no form.
func CheckPlot(file string) error {
	if file != "" && !slices.Contains(plotForms, strings.ToLower(filepath.Ext(file))) {
		return fmt.Errorf("plot %s; want a name that ends in .svg or .png", file)
	}
	return nil
}

// Size of a plot.
const (
	plotWidth, plotHeight = 7 * vg.Inch, 4.5 * vg.Inch
	plotDPI               = 150
)

// Colours of the plot: told apart without colour as well, by shape.
var (
	frontColor = color.RGBA{R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}
	otherColor = color.RGBA{R: 0x60, G: 0x70, B: 0x80, A: 0xff}
)

// Plot draws accuracy over energy an inference, the energy on a logarithmic axis: a
// point a row, rows of the Pareto front marked. The form follows from the ending of
// the file's name. Equal tables give equal bytes.
func (s *Sweep) Plot(t *Table, file string) ([]byte, error) {
	p, err := s.picture(t)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if strings.ToLower(filepath.Ext(file)) == ".png" {
		canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(plotDPI))}
		p.Draw(draw.New(canvas))
		_, err = canvas.WriteTo(&b)
	} else {
		canvas := vgsvg.New(plotWidth, plotHeight)
		p.Draw(draw.New(canvas))
		_, err = canvas.WriteTo(&b)
	}
	return b.Bytes(), err
}

// marks are the rows that can be drawn, by what is said of them.
type marks struct {
	front, others, bounds plotter.XYs
	left                  int // rows without accuracy or energy
}

func (t *Table) marks() marks {
	var m marks
	for i := range t.Rows {
		energy, err1 := strconv.ParseFloat(t.Cell(i, energyColumn), 64)
		accuracy, err2 := strconv.ParseFloat(t.Cell(i, accuracyColumn), 64)
		at := plotter.XY{X: math.Log10(energy), Y: 100 * accuracy} // the library's own log scale misplaces the label
		switch {
		case err1 != nil || err2 != nil || energy <= 0:
			m.left++
		case t.Cell(i, boundColumn) == "true":
			m.bounds = append(m.bounds, at)
		case t.Cell(i, paretoColumn) == onFront:
			m.front = append(m.front, at)
		default:
			m.others = append(m.others, at)
		}
	}
	slices.SortFunc(m.front, func(a, b plotter.XY) int {
		switch {
		case a.X != b.X && a.X < b.X, a.X == b.X && a.Y < b.Y:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	return m
}

func (s *Sweep) picture(t *Table) (*plot.Plot, error) {
	m := t.marks()
	all := slices.Concat(m.front, m.others, m.bounds)
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no point with accuracy and energy to plot; leave the plot out, and see the column error", t.File)
	}
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s: %d of %d points", filepath.Base(s.File), len(all), len(t.Rows))
	p.X.Label.Text = "nominal energy an inference (" + t.coverage() + ")"
	p.Y.Label.Text = "accuracy, %"
	p.Title.Padding, p.X.Padding, p.Y.Padding = vg.Points(6), vg.Points(4), vg.Points(4)
	p.Add(plotter.NewGrid())
	if err := addFrontLine(p, m.front, s.plain()); err != nil {
		return nil, err
	}
	for _, kind := range []struct {
		name  string
		xy    plotter.XYs
		shape draw.GlyphDrawer
		color color.Color
	}{
		{"dominated, or not compared", m.others, draw.RingGlyph{}, otherColor},
		{"energy is a lower bound", m.bounds, draw.TriangleGlyph{}, otherColor},
		{"Pareto front: " + strings.Join(s.Objectives, ", "), m.front, draw.CircleGlyph{}, frontColor},
	} {
		if len(kind.xy) == 0 {
			continue
		}
		scatter, err := plotter.NewScatter(kind.xy)
		if err != nil {
			return nil, err
		}
		scatter.GlyphStyle = draw.GlyphStyle{Color: kind.color, Radius: vg.Points(3), Shape: kind.shape}
		p.Add(scatter)
		p.Legend.Add(fmt.Sprintf("%s (%d)", kind.name, len(kind.xy)), scatter)
	}
	s.scale(p, all)
	return p, nil
}

// plain tells whether the front is over the axes of the plot, so that a line may join
// its points.
func (s *Sweep) plain() bool {
	if len(s.Objectives) != 2 {
		return false
	}
	return slices.Contains(s.Objectives, "energy_per_inference_j") && (slices.Contains(s.Objectives, "error_rate") || slices.Contains(s.Objectives, "accuracy"))
}

// addFrontLine joins the front by steps: between two of its points nothing better than
// the cheaper one is known.
func addFrontLine(p *plot.Plot, front plotter.XYs, plain bool) error {
	if !plain || len(front) < 2 {
		return nil
	}
	line, err := plotter.NewLine(front)
	if err != nil {
		return err
	}
	line.StepStyle, line.Color = plotter.PostStep, frontColor
	p.Add(line)
	return nil
}

// scale puts margins around the points, room for the legend above them, and marks on
// both axes.
func (s *Sweep) scale(p *plot.Plot, all plotter.XYs) {
	low, high, bottom, top := all[0].X, all[0].X, all[0].Y, all[0].Y
	for _, at := range all {
		low, high, bottom, top = min(low, at.X), max(high, at.X), min(bottom, at.Y), max(top, at.Y)
	}
	margin := 0.05*(high-low) + 0.01
	p.X.Min, p.X.Max = low-margin, high+margin
	p.X.Tick.Marker = logTicks{}
	height := max(top-bottom, 1)
	p.Y.Min, p.Y.Max = bottom-0.06*height, top+0.35*height
	p.Y.Tick.Marker = accuracyTicks{}
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(2)
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(6), -vg.Points(4)
	p.Legend.TextStyle.Font.Size = vg.Points(9)
}

// logTicks marks round energies: as many steps of a decade as there is room for.
type logTicks struct{}

// mostTicks have room beside each other.
const mostTicks = 8

// Ticks lists the marks between the logarithms of two energies, with their prefix.
func (logTicks) Ticks(low, high float64) []plot.Tick {
	var list []plot.Tick
	for _, steps := range [][]float64{{1}, {1, 2, 5}, decade(1), decade(0.5), decade(0.2), decade(0.1), decade(0.05), decade(0.01)} {
		if next := marksBetween(math.Pow(10, low), math.Pow(10, high), steps); len(next) <= mostTicks && len(next) > len(list) {
			list = next
		}
	}
	return list
}

// decade is 1, 1 + step, and so on, below 10.
func decade(step float64) []float64 {
	var list []float64
	for i := 0; 1+step*float64(i) < 10-step/2; i++ {
		list = append(list, 1+step*float64(i))
	}
	return list
}

func marksBetween(low, high float64, steps []float64) []plot.Tick {
	var list []plot.Tick
	for exponent := math.Floor(math.Log10(low)); exponent <= math.Log10(high); exponent++ {
		for _, step := range steps {
			if at := step * math.Pow(10, exponent); at >= low && at <= high {
				list = append(list, plot.Tick{Value: math.Log10(at), Label: roundSI(at)})
			}
		}
	}
	return list
}

// roundSI leaves out zeros behind the point: marks are round.
func roundSI(joules float64) string {
	number, unit, _ := strings.Cut(report.SI(joules, "J"), " ")
	if strings.Contains(number, ".") {
		number = strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + unit
}

// accuracyTicks are round percentages, none above 100.
type accuracyTicks struct{}

// Ticks lists the marks between two accuracies in percent.
func (accuracyTicks) Ticks(low, high float64) []plot.Tick {
	for _, step := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10} {
		var list []plot.Tick
		for i := math.Ceil(low / step); i*step <= min(high, 100); i++ {
			list = append(list, plot.Tick{Value: i * step, Label: strconv.FormatFloat(i*step, 'g', 4, 64)})
		}
		if len(list) <= mostTicks {
			return list
		}
	}
	return plot.DefaultTicks{}.Ticks(low, high)
}

// coverage is what the energies of a table cover, where all rows agree.
func (t *Table) coverage() string {
	var words []string
	for _, column := range []string{"chip", "scenario", "scope", "boundary"} {
		word := ""
		for i := range t.Rows {
			switch cell := t.Cell(i, column); {
			case cell == "" || cell == word:
			case word == "":
				word = cell
			default:
				word = "several " + column + "s"
			}
		}
		if column == "chip" {
			word += t.hypothetical()
		}
		if column == "boundary" && !strings.HasPrefix(word, "several") {
			word = "boundary " + word
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// hypothetical says whether there is no such silicon as the chips of a table, of which
// rows with an error say nothing.
func (t *Table) hypothetical() string {
	switch yes, no := len(t.rowsWhere(hypotheticalColumn, "true")), len(t.rowsWhere(hypotheticalColumn, "false")); {
	case yes == 0:
		return ""
	case no > 0:
		return ", some hypothetical"
	}
	return ", hypothetical"
}
