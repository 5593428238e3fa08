package html

import (
	"math"
	"strconv"

	"tritloom/report"
)

// percentOf is a place on a chart, in percent of its width.
func percentOf(value, whole float64) string {
	if !(whole > 0) || math.IsInf(whole, 0) || math.IsNaN(value) {
		return "0"
	}
	return strconv.FormatFloat(100*min(max(value/whole, 0), 1), 'f', 2, 64)
}

// intervalText is "[8.10 nJ, 20.4 nJ]" without its brackets' figure before it.
func intervalText(i report.Interval) string {
	return "[" + report.SI(i.Low, "J") + ", " + report.SI(i.High, "J") + "]"
}

// bar is one row of a linear chart that starts at zero: a bar to the nominal
// figure and, where bounds are known, a whisker from low to high.
type bar struct {
	Name, Href       string
	Figure, Interval string
	Share            string
	Class            string // of the bar's body
	Width            string // percent
	Whisker          bool
	Low, High        string // percent
	Open             bool   // the whisker goes on beyond the chart
}

// bars is a chart of bars on one axis.
type bars struct {
	Rows []bar
	Open bool // some whisker goes on beyond the chart
	End  string
}

// stretch is how far an axis goes beyond its longest bar for the sake of
// whiskers. Published bounds may be tenfold; bars would shrink to nothing.
const stretch = 2.5

// joulesBar is a figure before the axis is known.
type joulesBar struct {
	name, href string
	joules     report.Interval
}

// newBars draws figures in their order.
func newBars(figures []joulesBar, total float64) bars {
	nominal, high := 0.0, 0.0
	for _, f := range figures {
		nominal, high = max(nominal, f.joules.Nominal), max(high, f.joules.High)
	}
	end := min(high, stretch*nominal)
	if end <= 0 {
		end = high
	}
	c := bars{End: report.SI(end, "J")}
	for _, f := range figures {
		j := f.joules
		b := bar{
			Name: f.name, Href: f.href, Figure: report.SI(j.Nominal, "J"), Class: "body",
			Width: percentOf(j.Nominal, end), Open: j.High > end,
		}
		if j.Width() > 0 {
			b.Whisker, b.Interval = true, intervalText(j)
			b.Low, b.High = percentOf(j.Low, end), percentOf(j.High, end)
		}
		if total > 0 {
			b.Share = report.Percent(j.Nominal / total)
		}
		c.Open = c.Open || b.Open
		c.Rows = append(c.Rows, b)
	}
	return c
}

// logAxis is a logarithmic axis of whole decades.
type logAxis struct {
	from, to int // powers of ten
}

// newLogAxis spans all bounds of the figures.
func newLogAxis(figures ...report.Interval) logAxis {
	low, high := math.Inf(1), 0.0
	for _, f := range figures {
		for _, v := range []float64{f.Low, f.Nominal, f.High} {
			if v > 0 && !math.IsInf(v, 0) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if high == 0 {
		return logAxis{-12, -11}
	}
	a := logAxis{int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))}
	if a.to == a.from {
		a.to++
	}
	return a
}

// at is a place on the axis in percent.
func (a logAxis) at(value float64) string {
	if value <= 0 {
		return "0"
	}
	return percentOf(math.Log10(value)-float64(a.from), float64(a.to-a.from))
}

// tick is a decade of an axis.
type tick struct {
	At, Label string
	Anchor    string // of the text: start, middle or end
}

// ticks labels the decades; of many, some.
func (a logAxis) ticks() []tick {
	const most = 3 // as many as a narrow column has room for
	every := (a.to - a.from + most - 1) / most
	var list []tick
	for power := a.from; power <= a.to; power++ {
		t := tick{At: percentOf(float64(power-a.from), float64(a.to-a.from)), Anchor: "middle"}
		if (power-a.from)%every == 0 {
			t.Label = decade(power)
		}
		switch power {
		case a.from:
			t.Anchor = "start"
		case a.to:
			t.Anchor = "end"
		}
		list = append(list, t)
	}
	return list
}

// decade writes a power of ten of joules: "100 pJ".
func decade(power int) string {
	prefixes := map[int]string{-18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M"}
	base := int(math.Floor(float64(power)/3)) * 3
	prefix, known := prefixes[base]
	if !known {
		return "1e" + strconv.Itoa(power) + " J"
	}
	return strconv.Itoa(int(math.Pow10(power-base))) + " " + prefix + "J"
}

// strip is an interval and its nominal figure on a logarithmic axis.
type strip struct {
	Low, High, At string // percent
	Open          bool   // no upper bound
	None          bool   // nothing to show
}

func (a logAxis) strip(i report.Interval, open bool) strip {
	s := strip{Low: a.at(i.Low), High: a.at(i.High), At: a.at(i.Nominal), Open: open, None: i.Nominal <= 0}
	if open {
		s.High = "100"
	}
	return s
}

// part is one piece of a bar that is a whole.
type part struct {
	Name, Figure, Share string
	Class               string
	From, Width         string // percent
}

// amount is a piece before its share is known.
type amount struct {
	name, figure, class string
	value               float64
}

// newParts puts pieces side by side; they add up to the whole.
func newParts(amounts []amount) []part {
	whole := 0.0
	for _, a := range amounts {
		whole += a.value
	}
	var list []part
	sum := 0.0
	for _, a := range amounts {
		p := part{Name: a.name, Figure: a.figure, Class: a.class, From: percentOf(sum, whole), Width: percentOf(a.value, whole)}
		if whole > 0 {
			p.Share = report.Percent(a.value / whole)
		}
		sum += a.value
		list = append(list, p)
	}
	return list
}
