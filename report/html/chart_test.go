package html

import (
	"testing"

	"tritloom/report"
)

func TestBarsShareOneAxis(t *testing.T) {
	c := newBars([]joulesBar{
		{name: "a", joules: report.Interval{Nominal: 4e-9, Low: 2e-9, High: 8e-9}},
		{name: "b", joules: report.Interval{Nominal: 1e-9, Low: 1e-9, High: 90e-9}},
		{name: "c", joules: report.Interval{Nominal: 1e-9, Low: 1e-9, High: 1e-9}},
	}, 6e-9)
	// The axis ends at 2.5 × 4 nJ, not at 90 nJ.
	a, b, last := c.Rows[0], c.Rows[1], c.Rows[2]
	if c.End != "10.0 nJ" || !c.Open {
		t.Errorf("axis to %s, open %v; want 10.0 nJ and an interval that goes on", c.End, c.Open)
	}
	if a.Width != "40.00" || a.Low != "20.00" || a.High != "80.00" || a.Open || a.Share != "66.7 %" {
		t.Errorf("bar a is %+v", a)
	}
	if b.Width != "10.00" || b.High != "100.00" || !b.Open || b.Interval != "[1.00 nJ, 90.0 nJ]" {
		t.Errorf("bar b is %+v", b)
	}
	if last.Whisker || last.Interval != "" {
		t.Errorf("a price without a width has a whisker: %+v", last)
	}
}

func TestLogAxis(t *testing.T) {
	a := newLogAxis(report.Interval{Nominal: 12.5e-9, Low: 8.68e-9, High: 98.8e-9})
	if a != (logAxis{-9, -7}) {
		t.Fatalf("axis %+v; want 1 nJ to 100 nJ", a)
	}
	if at := a.at(10e-9); at != "50.00" {
		t.Errorf("10 nJ at %s %%; want the middle", at)
	}
	ticks := a.ticks()
	if len(ticks) != 3 || ticks[0].Label != "1 nJ" || ticks[1].Label != "10 nJ" || ticks[2].Label != "100 nJ" || ticks[2].Anchor != "end" {
		t.Errorf("ticks %+v", ticks)
	}
	if s := a.strip(report.Interval{Nominal: 10e-9, Low: 1e-9, High: 10e-9}, true); s.High != "100" || s.Low != "0.00" || s.At != "50.00" {
		t.Errorf("a lower bound is drawn as %+v", s)
	}
	if s := newLogAxis().strip(report.Interval{}, false); !s.None {
		t.Errorf("zero joules are drawn on a logarithmic axis: %+v", s)
	}
}

func TestPartsAddUp(t *testing.T) {
	parts := newParts([]amount{{"a", "", "", 1}, {"b", "", "", 0}, {"c", "", "", 3}})
	if parts[0].Width != "25.00" || parts[2].From != "25.00" || parts[2].Width != "75.00" || parts[2].Share != "75.0 %" {
		t.Errorf("parts %+v", parts)
	}
	if p := newParts([]amount{{"a", "", "", 0}}); p[0].Width != "0" || p[0].Share != "" {
		t.Errorf("parts of nothing: %+v", p)
	}
}

func TestWindowHoldsTheUsedCores(t *testing.T) {
	mesh := meshOf(64, 64)
	for _, c := range []struct {
		cores []report.CoreShare
		want  window
	}{
		{[]report.CoreShare{{X: 0, Y: 0}, {X: 2, Y: 1}}, window{0, 0, 8, 8}},
		{[]report.CoreShare{{X: 63, Y: 30}}, window{56, 27, 8, 8}},
		{[]report.CoreShare{{X: 10, Y: 10}, {X: 29, Y: 12}}, window{10, 8, 20, 8}},
		{[]report.CoreShare{{X: 0, Y: 0}, {X: 40, Y: 0}}, window{0, 0, 64, 64}},
	} {
		if got := windowOf(c.cores, mesh); got != c.want {
			t.Errorf("window %+v; want %+v", got, c.want)
		}
	}
	if got := windowOf([]report.CoreShare{{}}, meshOf(2, 3)); got != (window{0, 0, 2, 3}) {
		t.Errorf("window %+v of a small mesh; want all of it", got)
	}
}

func TestComponentsAddUpOverCores(t *testing.T) {
	one := func(j float64) report.Interval { return report.Interval{Nominal: j, Low: j, High: 2 * j} }
	core := func(name string) report.Node {
		return report.Node{Name: name, Parts: []report.Node{{Name: "sram", Joules: one(3)}, {Name: "router", Joules: one(1)}}}
	}
	chip := &report.Node{Name: "chip", Parts: []report.Node{
		{Name: "tile 0,0", Parts: []report.Node{core("core 0"), core("core 1")}},
		{Name: "tile 1,0", Parts: []report.Node{core("core 2")}},
		{Name: "unused cores", Joules: one(5), Parts: []report.Node{{Name: "sram", Joules: one(5)}}},
	}}
	got := componentFigures(chip)
	want := []joulesBar{{name: "sram", joules: report.Interval{Nominal: 9, Low: 9, High: 18}}, {name: "unused cores", joules: one(5)}, {name: "router", joules: report.Interval{Nominal: 3, Low: 3, High: 6}}}
	if len(got) != len(want) {
		t.Fatalf("components %+v; want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("component %+v; want %+v", got[i], want[i])
		}
	}
}
