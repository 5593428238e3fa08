package sim

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// score adds to a score column and hands its sum out on the last tick of a wave.
func (e *reference) score(at layout.Link, duty duty) error {
	column, state := e.p.column(at), &e.neurons[at.Core][at.Column]
	v, err := e.fit(at, state.potential+e.sums[at.Core][at.Column])
	if err != nil || !duty.last {
		state.potential = v
		return err
	}
	state.potential = 0
	if v, err = e.fit(at, v+int64(column.Leak)); err != nil {
		return err
	}
	e.counts.charge(int(at.Core), duty.wave, ledger.OutputScore, 1)
	e.result.scores = append(e.result.scores, scoreValue{at.Core, at.Column, v})
	return nil
}

// step is the equation of a spiking column: see layout.Dynamics. The potential must
// fit its width after the synapses, after the leak and after the reset; a chip that
// saturates makes it fit.
func (e *reference) step(at layout.Link) (fired bool, err error) {
	column, state := e.p.column(at), &e.neurons[at.Core][at.Column]
	d, sum := &column.Dynamics, e.sums[at.Core][at.Column]
	if d.Current {
		if state.current, err = e.fit(at, e.p.decay(state.current, d.CurrentDecay)+sum); err != nil {
			return false, err
		}
		sum = state.current
	}
	if state.rest > 0 {
		state.rest--
		return false, nil
	}
	v, err := e.fit(at, e.p.decay(state.potential, d.PotentialDecay)+sum)
	if err != nil {
		return false, err
	}
	if v, err = e.fit(at, e.leak(at, v)); err != nil {
		return false, err
	}
	alpha, beta := int64(column.Theta), int64(d.Beta)
	if d.RandomThreshold != 0 {
		η := int64(e.random[at.Core].draw(e.p.randomBits) & d.RandomThreshold)
		alpha += η
		if d.Floor == layout.Bounce {
			beta += η
		}
	}
	if fired = v >= alpha; fired {
		v = afterSpike(column.Column, v, alpha)
		state.rest = d.Refractory
	} else if d.Floor != layout.NoFloor && v < -beta {
		v = afterFall(column.Column, v, beta)
	}
	if column.Reset == layout.Clear {
		v = 0
	}
	state.potential, err = e.fit(at, v)
	return fired, err
}

// leak adds the leak to a potential.
func (e *reference) leak(at layout.Link, v int64) int64 {
	column := e.p.column(at)
	leak := int64(column.Leak)
	if column.Dynamics.RandomLeak {
		leak = chance(column.Leak, e.random[at.Core].draw(e.p.randomBits))
	}
	if !column.Dynamics.LeakReversal {
		return v + leak
	}
	switch {
	case v == 0:
		return 0
	case v > 0:
		return max(0, v+leak) // a sign is never changed: the potential stops at 0
	}
	return min(0, v-leak)
}

// afterSpike is the potential that a spike leaves: the upper row of the reset table.
func afterSpike(column *layout.Column, v, alpha int64) int64 {
	switch column.Reset {
	case layout.ToZero:
		return int64(column.Dynamics.ResetTo)
	case layout.Subtract:
		return v - alpha
	}
	return v
}

// afterFall is the potential below the negative threshold: the lower row.
func afterFall(column *layout.Column, v, beta int64) int64 {
	switch {
	case column.Dynamics.Floor == layout.Hold:
		return -beta
	case column.Reset == layout.ToZero:
		return -int64(column.Dynamics.ResetTo)
	case column.Reset == layout.Subtract:
		return v + beta
	}
	return v
}

func undrained(tick uint64, core, column int, v int64) error {
	return fmt.Errorf("sim: tick %d: core %d column %d starts a wave with potential %d; its burst must have drained; give the schedule more output ticks", tick, core, column, v)
}

// fit is a potential or current within its width: a chip that saturates stops at the
// ends, on others leaving the width is an error.
func (e *reference) fit(at layout.Link, v int64) (int64, error) {
	if e.p.saturates {
		return min(max(v, e.p.low), e.p.high), nil
	}
	return v, e.checkWidth(at, "potential", v, e.p.image.Capabilities.Neuron.PotentialBits)
}

// checkWidth refuses to go on with a number the chip could not hold.
func (e *reference) checkWidth(at layout.Link, what string, v int64, bits int) error {
	if low, high := hwmodel.SignedRange(bits); v < low || v > high {
		return tooWide(e.tickToDo, at, what, v, bits)
	}
	return nil
}

func tooWide(tick uint64, at layout.Link, what string, v int64, bits int) error {
	low, high := hwmodel.SignedRange(bits)
	return fmt.Errorf("sim: tick %d: core %d column %d: %s %d leaves its %d bits (%d..%d); check the layout, or use a chip with wider sums",
		tick, at.Core, at.Column, what, v, bits, low, high)
}
