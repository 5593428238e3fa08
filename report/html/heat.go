package html

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tritloom/hwmodel"
	"tritloom/report"
)

// chipSection is the chip as seen from above.
type chipSection struct {
	Maps    []chipMap
	Cores   []coreRow
	Used    string
	Total   string
	Samples string
	All     bool // Cores lists all of them
	Locator *locator
}

// window is the part of the mesh that is drawn.
type window struct {
	x, y, width, height int
}

// locator shows where on the whole mesh the window is; one unit a core.
type locator struct {
	Width, Height          int
	X, Y, WindowW, WindowH int
	Text                   string
}

// coreRow is one core of the table beside the maps.
type coreRow struct {
	Core, Place, Joules, Interval, Share string
	Axons, Neurons, Synapses             string
}

// chipMap is one figure of every core, at the core's place on the mesh. Lengths
// are in units of the drawing.
type chipMap struct {
	ID, Title, Description string
	Width, Height          int // of the whole drawing
	Left, Top              int // where the mesh begins
	MeshWidth, MeshHeight  int
	Pitch, Cell            int
	Levels                 []level
	Columns, Rows          []axisLabel
	Tips                   []tip
	Least, Most            string // at the ends of the scale
}

// level is all cores of one shade.
type level struct {
	Class string
	Path  string
}

// axisLabel numbers a column or row of cores.
type axisLabel struct {
	At   int
	Text string
}

// tip is what a pointer at a core says.
type tip struct {
	X, Y int
	Text string
}

const (
	shades      = 8   // of a map
	meshLength  = 352 // of the longer side, about
	widestPitch = 44
	labelRoom   = 22  // for the numbers of columns and rows
	mostTips    = 512 // beyond it they would be most of the file
	coresListed = 12
)

func newChipSection(r *report.Report, mesh hwmodel.Mesh) *chipSection {
	s := &chipSection{Used: report.Count(r.Chip.CoresUsed), Total: report.Count(r.Chip.CoresChip), Samples: report.Count(r.Samples)}
	win := windowOf(r.Cores, mesh)
	place := fmt.Sprintf("%d by %d cores", mesh.Width, mesh.Height)
	if win.width < mesh.Width || win.height < mesh.Height {
		place = fmt.Sprintf("Columns %d to %d and rows %d to %d of %d by %d cores, beyond which none is used", win.x, win.x+win.width-1, win.y, win.y+win.height-1, mesh.Width, mesh.Height)
		s.Locator = &locator{mesh.Width, mesh.Height, win.x, win.y, win.width, win.height, "Where the maps below lie on the whole mesh: columns and rows " + fmt.Sprintf("%d, %d to %d, %d", win.x, win.y, win.x+win.width-1, win.y+win.height-1)}
	}
	most, sum := 0.0, 0.0
	for _, c := range r.Cores {
		most, sum = max(most, c.Joules.Nominal), sum+c.Joules.Nominal
	}
	energy := drawMap(r.Cores, win, func(c report.CoreShare) (float64, string) {
		if most == 0 {
			return 0, report.SI(0, "J")
		}
		return c.Joules.Nominal / most, report.SI(c.Joules.Nominal, "J")
	})
	energy.ID, energy.Title = "map-energy", "Energy of each core"
	energy.Least, energy.Most = "0 J", report.SI(most, "J")
	energy.Description = fmt.Sprintf("%s; %s used. The strongest shade is %s in the whole run; empty places are unused cores.", place, s.Used, report.SI(most, "J"))
	s.Maps = append(s.Maps, energy)
	if !slices.ContainsFunc(r.Cores, func(c report.CoreShare) bool { return c.Utilisation == nil }) {
		full := drawMap(r.Cores, win, func(c report.CoreShare) (float64, string) {
			share := fullness(c.Utilisation)
			return share, fmt.Sprintf("axons %s, neurons %s", report.Percent(c.Utilisation.Axons.Share()), report.Percent(c.Utilisation.Neurons.Share()))
		})
		full.ID, full.Title, full.Least, full.Most = "map-utilisation", "How full each core is", "0 %", "100 %"
		full.Description = fmt.Sprintf("%s; %s used. The shade is the used share of axons or of neurons, whichever is larger and so runs out first.", place, s.Used)
		s.Maps = append(s.Maps, full)
	}
	s.Cores, s.All = coreRows(r.Cores, sum), len(r.Cores) <= coresListed
	return s
}

// leastWindow is how many cores a window is wide and high, at least.
const leastWindow = 8

// windowOf is the whole mesh, or the part around the used cores where that is
// less than half of it in both directions.
func windowOf(cores []report.CoreShare, mesh hwmodel.Mesh) window {
	low, high := [2]int{cores[0].X, cores[0].Y}, [2]int{cores[0].X, cores[0].Y}
	for _, c := range cores {
		low = [2]int{min(low[0], c.X), min(low[1], c.Y)}
		high = [2]int{max(high[0], c.X), max(high[1], c.Y)}
	}
	x, width := span(low[0], high[0], mesh.Width)
	y, height := span(low[1], high[1], mesh.Height)
	if 2*width > mesh.Width || 2*height > mesh.Height {
		return window{0, 0, mesh.Width, mesh.Height}
	}
	return window{x, y, width, height}
}

// span widens a stretch of cores to at least a window, inside the mesh.
func span(low, high, size int) (start, length int) {
	length = min(size, max(leastWindow, high-low+1))
	start = max(0, min(low-(length-(high-low+1))/2, size-length))
	return start, length
}

// fullness is the share of what runs out first.
func fullness(u *report.Utilisation) float64 { return max(u.Axons.Share(), u.Neurons.Share()) }

// drawMap shades every core by a share of one and its text.
func drawMap(cores []report.CoreShare, win window, figure func(report.CoreShare) (float64, string)) chipMap {
	pitch := max(2, min(widestPitch, meshLength/max(1, win.width, win.height)))
	m := chipMap{
		Pitch: pitch, Cell: pitch - max(1, pitch/12), Left: labelRoom, Top: labelRoom,
		MeshWidth: pitch * win.width, MeshHeight: pitch * win.height,
	}
	m.Width, m.Height = m.Left+m.MeshWidth, m.Top+m.MeshHeight
	var paths [shades]strings.Builder
	for _, c := range cores {
		share, text := figure(c)
		x, y := m.Left+(c.X-win.x)*pitch, m.Top+(c.Y-win.y)*pitch
		fmt.Fprintf(&paths[shade(share)], "M%d %dh%dv%dh-%dz", x, y, m.Cell, m.Cell, m.Cell)
		if len(cores) <= mostTips {
			m.Tips = append(m.Tips, tip{x, y, fmt.Sprintf("core %d at (%d, %d): %s", c.Core, c.X, c.Y, text)})
		}
	}
	for i := range paths {
		if paths[i].Len() > 0 {
			m.Levels = append(m.Levels, level{"shade-" + strconv.Itoa(i), paths[i].String()})
		}
	}
	m.Columns, m.Rows = axisLabels(win.x, win.width, pitch, m.Left, m.Cell), axisLabels(win.y, win.height, pitch, m.Top, m.Cell)
	return m
}

// shade is the step of the scale for a share of one.
func shade(share float64) int { return min(shades-1, max(0, int(share*shades))) }

// axisLabels numbers cores, as many as have room.
func axisLabels(first, cores, pitch, start, cell int) []axisLabel {
	every := 1
	for every*pitch < labelRoom {
		every *= 2
	}
	var list []axisLabel
	for i := 0; i < cores; i += every {
		list = append(list, axisLabel{start + i*pitch + cell/2, strconv.Itoa(first + i)})
	}
	return list
}

// coreRows lists the cores that took the most energy.
func coreRows(cores []report.CoreShare, sum float64) []coreRow {
	sorted := slices.Clone(cores)
	slices.SortStableFunc(sorted, func(a, b report.CoreShare) int { return cmp.Compare(b.Joules.Nominal, a.Joules.Nominal) })
	var rows []coreRow
	for _, c := range sorted[:min(coresListed, len(sorted))] {
		row := coreRow{
			Core: strconv.Itoa(c.Core), Place: fmt.Sprintf("%d, %d", c.X, c.Y), Joules: report.SI(c.Joules.Nominal, "J"), Interval: intervalText(c.Joules),
			Axons: "unknown", Neurons: "unknown", Synapses: "unknown",
		}
		if sum > 0 {
			row.Share = report.Percent(c.Joules.Nominal / sum)
		}
		if u := c.Utilisation; u != nil {
			row.Axons, row.Neurons, row.Synapses = usedText(u.Axons), usedText(u.Neurons), usedText(u.Synapses)
		}
		rows = append(rows, row)
	}
	return rows
}

// usedText is "163 (63.7 %)".
func usedText(u report.Used) string {
	return report.Count(u.Used) + " (" + report.Percent(u.Share()) + ")"
}
