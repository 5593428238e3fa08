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
	steps        uint64                // ticks a wave stays at a level
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
		steps:        uint64(p.steps),
	}
	if !s.single {
		s.step = uint64(l.Schedule.InitiationInterval)
	}
	if at, found := p.stateful(); found && s.step < s.perInference {
		return nil, fmt.Errorf("sim: core %d column %d resets by %s and keeps its potential, so overlapping waves would mix in it; simulate scenario %q",
			at.Core, at.Column, l.Column(at).Reset, ledger.SingleStream)
	}
	if !p.gated && p.steps > 1 {
		return nil, fmt.Errorf("sim: waves of %d steps on chip %q, which has no wave gate, so that idle ticks would add to the potentials; choose a chip with wave_gate: true", p.steps, l.Chip)
	}
	last := 0
	for _, e := range l.InputMap {
		last = max(last, int(e.Delay)+p.steps-1)
	}
	for _, e := range l.Schedule.Controls {
		last = max(last, int(e.Tick))
	}
	s.inputs, s.controls = make([][]layout.InputEntry, last+1), make([][]layout.Control, last+1)
	for _, e := range l.InputMap {
		for step := range p.steps { // the input is shown at every step
			s.inputs[int(e.Delay)+step] = append(s.inputs[int(e.Delay)+step], e)
		}
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
// evaluated only for it, every spike there before it ends, and no random numbers,
// which go on from wave to wave. Kept potentials are reset when a wave starts.
func (s *schedule) independent(p *program) bool {
	if !s.single || !s.gated || uint64(len(s.inputs)) > s.perInference || p.stochastic() {
		return false
	}
	for c := range p.cores {
		for n := range p.cores[c].columns {
			column := &p.cores[c].columns[n]
			for _, d := range column.Dests {
				if uint64(column.Level+d.Delay)+s.steps > s.perInference {
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

// duty is what columns of a level work for at tick t.
func (s *schedule) duty(t, level uint64, waves int) duty {
	for step := range s.steps {
		if wave, ok := s.due(t, level+step, waves); ok {
			return duty{wave, step == s.steps-1}
		}
	}
	switch {
	case s.gated:
		return duty{wave: noWave}
	case s.single:
		return duty{s.owner(t, waves), true}
	case t < level:
		return duty{noWave, true} // the first wave has not come this far
	}
	return duty{s.owner(t-level, waves), true}
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
