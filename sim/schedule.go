package sim

import (
	"fmt"

	"tritloom/layout"
	"tritloom/ledger"
)

// schedule is how the host drives waves, in ticks; the age of a wave is the
// number of ticks since its input tick.
type schedule struct {
	perInference uint64 // ticks from a wave's input to the end of its decision
	step         uint64 // ticks between the inputs of two waves
	single       bool   // one wave at a time
	gated        bool
	inputs       [][]layout.InputEntry // [age]
	controls     [][]layout.Control    // [age]
	lastAge      uint64                // no event of a wave happens after this age
	maxDelay     int                   // longest delay of any destination
}

func newSchedule(p *program, scenario ledger.Scenario) (*schedule, error) {
	l := p.image
	s := &schedule{
		perInference: uint64(l.Schedule.TicksPerInference),
		step:         uint64(l.Schedule.TicksPerInference),
		single:       scenario == ledger.SingleStream,
		gated:        p.gated,
	}
	if !s.single {
		s.step = uint64(l.Schedule.InitiationInterval)
	}
	if at, found := p.stateful(); found && s.step < s.perInference {
		return nil, fmt.Errorf("sim: core %d column %d resets by %s and keeps its potential, so overlapping waves would mix in it; simulate scenario %q",
			at.Core, at.Column, l.Column(at).Reset, ledger.SingleStream)
	}
	last := 0
	for _, e := range l.InputMap {
		last = max(last, int(e.Delay))
	}
	for _, e := range l.Schedule.Controls {
		last = max(last, int(e.Tick))
	}
	s.inputs, s.controls = make([][]layout.InputEntry, last+1), make([][]layout.Control, last+1)
	for _, e := range l.InputMap {
		s.inputs[e.Delay] = append(s.inputs[e.Delay], e)
	}
	for _, e := range l.Schedule.Controls {
		s.controls[e.Tick] = append(s.controls[e.Tick], e)
	}
	for c := range p.cores {
		for n := range p.cores[c].columns {
			for _, d := range p.cores[c].columns[n].Dests {
				s.maxDelay = max(s.maxDelay, int(d.Delay))
			}
		}
	}
	s.lastAge = max(s.perInference-1, uint64(last)) + uint64(s.maxDelay)
	if !s.gated { // a column works for a wave until its interval is over
		s.lastAge += s.step
	}
	return s, nil
}

// independent tells whether samples never meet: one wave at a time, columns
// evaluated only for it, and every spike there before it ends. Kept potentials
// are reset when a wave starts.
func (s *schedule) independent(p *program) bool {
	if !s.single || !s.gated || uint64(len(s.inputs)) > s.perInference {
		return false
	}
	for c := range p.cores {
		for n := range p.cores[c].columns {
			column := &p.cores[c].columns[n]
			for _, d := range column.Dests {
				if uint64(column.Level+d.Delay) >= s.perInference {
					return false
				}
			}
		}
	}
	return true
}

// ticks is how long a stream of waves takes.
func (s *schedule) ticks(waves int) uint64 {
	if waves == 0 {
		return 0
	}
	return uint64(waves-1)*s.step + s.perInference
}

// due is the wave whose age at tick t is the given one.
func (s *schedule) due(t, age uint64, waves int) (int32, bool) {
	if t < age || (t-age)%s.step != 0 || (t-age)/s.step >= uint64(waves) {
		return noWave, false
	}
	return int32((t - age) / s.step), true
}

// owner is the wave that tick t belongs to.
func (s *schedule) owner(t uint64, waves int) int32 {
	if t/s.step >= uint64(waves) {
		return noWave
	}
	return int32(t / s.step)
}

// worksFor is the wave that columns of a level work for at tick t, or noWave.
func (s *schedule) worksFor(t, level uint64, waves int) int32 {
	if wave, ok := s.due(t, level, waves); ok || s.gated {
		return wave
	}
	if s.single {
		return s.owner(t, waves)
	}
	if t < level {
		return noWave // the first wave has not come this far
	}
	return s.owner(t-level, waves)
}

// summary is how a run of so many waves spent its time.
func (s *schedule) summary(waves int) ledger.Ticks {
	ticks := ledger.Ticks{Total: s.ticks(waves), PerInference: s.perInference, InitiationInterval: s.step}
	if waves > 0 {
		ticks.Fill = min(s.perInference, uint64(waves)*s.step) - s.step
		ticks.Drain = s.perInference - s.step
	}
	return ticks
}
