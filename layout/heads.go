package layout

import "fmt"

// checkLevels demands one level a layer, neurons in their one form with somewhere
// to spike to, and a schedule of just the levels and steps there are.
func (l *Layout) checkLevels(heads [][][]Link, arrivals [][]Arrival) error {
	read := map[Link]bool{}
	for _, e := range l.OutputMap {
		read[Link{e.Core, e.Column}] = true
	}
	last, keeps := int32(0), false
	for i := range heads {
		level, first := int32(0), true
		for _, copies := range heads[i] {
			for _, at := range copies {
				head := l.Column(at)
				if first {
					level, first = head.Level, false
				}
				if head.Level != level {
					return fmt.Errorf("layout: %s is at level %d, the rest of its layer at %d", l.LabelText(head.Label), head.Level, level)
				}
				if err := l.checkHead(head, read[at]); err != nil {
					return err
				}
				last, keeps = max(last, level), keeps || head.Keeps()
			}
		}
	}
	if err := l.checkArrivals(arrivals); err != nil {
		return err
	}
	return l.checkSchedule(last, keeps)
}

// checkSchedule demands the ticks that the levels up to the last one need, each for
// every step. A wave may start as soon as the first level is done with the one before,
// but where potentials are kept the chip must be empty: the host sets them back when
// a wave starts.
func (l *Layout) checkSchedule(last int32, keeps bool) error {
	steps := l.Schedule.StepCount()
	switch {
	case steps == 1:
	case !l.Capabilities.Host.WaveGate:
		return fmt.Errorf("layout: waves of %d steps on a chip without a wave gate, where idle ticks would add to the potentials; compile for a chip with wave_gate: true", steps)
	case l.CountsSpikes():
		return fmt.Errorf("layout: waves of %d steps, and the host counts spikes, which it does for one step; compile for a chip with score ports", steps)
	case len(l.Schedule.Controls) > 0:
		return fmt.Errorf("layout: waves of %d steps with %d control spikes, which come once a wave; want none", steps, len(l.Schedule.Controls))
	}
	want, interval := int(last)+max(1, l.Schedule.OutputTicks)+steps-1, steps
	if keeps || l.Bursts() { // potentials must be back before the next wave adds to them
		interval = want
	}
	if l.Schedule.TicksPerInference != want || l.Schedule.InitiationInterval != interval {
		return fmt.Errorf("layout: schedule of %d ticks every %d; this image needs %d every %d",
			l.Schedule.TicksPerInference, l.Schedule.InitiationInterval, want, interval)
	}
	return nil
}

// Keeps tells whether the column carries a potential from one step of a wave to the
// next, by its neuron's own equation.
func (c *Column) Keeps() bool { return c.Role == Spiking && c.Reset != Clear }

// checkHead demands that a spiking head is a neuron in its one form, and that its
// spikes go somewhere: to axons, or to the host.
func (l *Layout) checkHead(head *Column, read bool) error {
	if head.Role != Spiking {
		return nil
	}
	if head.Dynamics != (Dynamics{}) {
		return fmt.Errorf("layout: %s has dynamics beyond threshold, leak and reset; the neurons of a compiled image have none", l.LabelText(head.Label))
	}
	if int(head.Label.Layer) == len(l.Layers) {
		return l.checkBurst(head, read)
	}
	if head.Keeps() {
		switch {
		case l.Schedule.StepCount() == 1:
			return fmt.Errorf("layout: %s resets by %s and keeps its potential, and a wave has one step; a one-shot neuron clears", l.LabelText(head.Label), head.Reset)
		case head.Reset == Keep:
			return fmt.Errorf("layout: %s resets by %s; the neurons of a compiled image reset by %s, %s or %s", l.LabelText(head.Label), head.Reset, Clear, ToZero, Subtract)
		}
	} else if err := l.checkStep(head); err != nil {
		return err
	}
	switch {
	case len(head.Dests) == 0 && !read:
		return fmt.Errorf("layout: %s spikes to nowhere", l.LabelText(head.Label))
	case len(head.Dests) > 0 && read:
		return fmt.Errorf("layout: %s is read by the host and has %d destinations; a column has the one or the other", l.LabelText(head.Label), len(head.Dests))
	}
	return nil
}

// checkStep demands that a neuron without a potential has its threshold where the
// chip's step neurons have it, and a leak only there.
func (l *Layout) checkStep(head *Column) error {
	if !l.ThresholdInLeak() && head.Leak != 0 {
		return fmt.Errorf("layout: %s resets by %s with leak %d; a neuron that clears has none", l.LabelText(head.Label), head.Reset, head.Leak)
	}
	if l.ThresholdInLeak() && head.Theta != 0 {
		return fmt.Errorf("layout: %s has threshold %d; a step neuron of this chip has 0 and keeps its threshold in the leak", l.LabelText(head.Label), head.Theta)
	}
	if l.Bursts() && head.Leak >= 0 {
		return fmt.Errorf("layout: %s has leak %d and would fire without input; want below 0, so that nothing joins a burst under way", l.LabelText(head.Label), head.Leak)
	}
	return nil
}

// checkBurst demands that a score column fires once for each unit of its score:
// threshold 1, taken off by every spike, and nothing else that moves it.
func (l *Layout) checkBurst(head *Column, read bool) error {
	if l.Capabilities.Host.WaveGate {
		return fmt.Errorf("layout: %s drains as a burst, and the chip's wave gate evaluates it on one tick of a wave only; compile for a chip without the gate, or with score ports", l.LabelText(head.Label))
	}
	if !read || len(head.Dests) != 0 || head.Theta != 1 || head.Leak != 0 {
		return fmt.Errorf("layout: %s is read by the host: %v, has %d destinations, threshold %d and leak %d; a burst is read, has none, 1 and 0",
			l.LabelText(head.Label), read, len(head.Dests), head.Theta, head.Leak)
	}
	return nil
}
