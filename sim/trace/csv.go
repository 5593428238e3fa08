package trace

import (
	"encoding/csv"
	"fmt"
	"strings"

	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// spikes is spikes.csv.
type spikes struct {
	out   *text
	names [][]string // [core][column]: the cells of layer and index, with their commas
}

func beginSpikes(out *text, o *Options) (Writer, error) {
	s := &spikes{out: out}
	for c := range o.Layout.Cores {
		columns := o.Layout.Cores[c].Columns
		names := make([]string, len(columns))
		for n := range columns {
			names[n] = ",,\n"
			if layer, ok := labelled(o.Layout, columns[n].Label); ok {
				names[n] = fmt.Sprintf(",%s,%d\n", cell(layer), columns[n].Label.Neuron)
			}
		}
		s.names = append(s.names, names)
	}
	out.put("tick,core,neuron,layer,index\n")
	return s, nil
}

// cell quotes a text that a table would misread.
func cell(words string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write([]string{words})
	w.Flush() // a strings.Builder never fails
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *spikes) Tick(step *sim.Step, _ sim.State) error {
	for _, f := range step.Spikes {
		s.out.number(step.Tick)
		s.out.cells(int64(f.Core), int64(f.Column))
		s.out.put(s.names[f.Core][f.Column])
	}
	return s.out.Flush()
}

func (s *spikes) End() error { return s.out.Flush() }

// potentials is potentials.csv: what the columns carry out of each tick.
type potentials struct {
	out      *text
	columns  []layout.Link
	currents []bool // by columns
}

func beginPotentials(out *text, o *Options) (Writer, error) {
	p := &potentials{out: out, columns: o.Potentials}
	for _, at := range p.columns {
		p.currents = append(p.currents, o.Layout.Column(at).Dynamics.Current)
	}
	// The titles say that a column which keeps nothing has no row.
	out.put("tick,core,neuron,kept_potential,kept_current\n")
	return p, nil
}

func (p *potentials) Tick(step *sim.Step, chip sim.State) error {
	for i, at := range p.columns {
		p.out.number(step.Tick)
		p.out.cells(int64(at.Core), int64(at.Column), chip.Potential(int(at.Core), int(at.Column)))
		p.out.put(",")
		if p.currents[i] {
			p.out.integer(chip.Current(int(at.Core), int(at.Column)))
		}
		p.out.put("\n")
	}
	return p.out.Flush()
}

func (p *potentials) End() error { return p.out.Flush() }

// messages is messages.csv: what columns send to columns, in the order of a tick.
// What the host writes and reads is no message.
type messages struct {
	out *text
	l   *layout.Layout
}

func beginMessages(out *text, o *Options) (Writer, error) {
	out.put("tick,kind,from_core,from_neuron,to_core,to_axon_or_neuron,delay,hops,value\n")
	return &messages{out, o.Layout}, nil
}

func (m *messages) Tick(step *sim.Step, _ sim.State) error {
	for _, v := range step.PartialSums {
		to := m.l.Column(layout.Link{Core: v.Core, Column: v.Column}).Psum
		m.row(step.Tick, "psum", v.Core, v.Column, layout.Dest{Core: to.Core, Axon: to.Column}, v.Value)
	}
	for _, f := range step.Spikes {
		for _, d := range m.l.Column(layout.Link{Core: f.Core, Column: f.Column}).Dests {
			m.row(step.Tick, "spike", f.Core, f.Column, d, 1)
		}
	}
	return m.out.Flush()
}

// row writes a message. Its hops are the links of its own way: packets of one spike
// share links on the mesh, where the ledger counts them once.
func (m *messages) row(tick uint64, kind string, core, column int32, to layout.Dest, value int64) {
	from, at := &m.l.Cores[core], &m.l.Cores[to.Core]
	x, y := m.l.Capabilities.Mesh.Links(from.X, from.Y, at.X, at.Y)
	m.out.number(tick)
	m.out.put(",", kind)
	m.out.cells(int64(core), int64(column), int64(to.Core), int64(to.Axon), int64(to.Delay), int64(x)+int64(y), value)
	m.out.put("\n")
}

func (m *messages) End() error { return m.out.Flush() }

// series is series.csv. Without a timing model the cells of times are empty: nobody
// knows them.
type series struct {
	out   *text
	l     *layout.Layout
	timed bool
}

func beginSeries(out *text, o *Options) (Writer, error) {
	out.put("tick,spikes,messages,", strings.Join(ledger.KindNames(), ","), ",quanta,overrun\n")
	return &series{out, o.Layout, o.Timed}, nil
}

func (s *series) Tick(step *sim.Step, _ sim.State) error {
	messages := len(step.PartialSums)
	for _, f := range step.Spikes {
		messages += len(s.l.Column(layout.Link{Core: f.Core, Column: f.Column}).Dests)
	}
	s.out.number(step.Tick)
	s.out.cells(int64(len(step.Spikes)), int64(messages))
	var sum ledger.Counts
	for c := range step.Counts {
		sum.Add(&step.Counts[c])
	}
	overrun := uint64(0)
	if step.Overrun {
		overrun = 1
	}
	for k, n := range sum {
		s.cell(n, ledger.Kinds[k].Class == ledger.Activity || s.timed)
	}
	s.cell(step.Quanta, s.timed)
	s.cell(overrun, s.timed)
	s.out.put("\n")
	return s.out.Flush()
}

func (s *series) cell(n uint64, known bool) {
	s.out.put(",")
	if known {
		s.out.number(n)
	}
}

func (s *series) End() error { return s.out.Flush() }
