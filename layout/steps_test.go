package layout_test

import (
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// stepsImage is the image by hand with a neuron that keeps its potential over three
// steps. Its sums are -1..2, so its potential is -3..1 before and up to 2 in a step.
func stepsImage() *layout.Layout {
	l := handImage()
	l.Capabilities.Neuron.Reset = []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract, hwmodel.ResetKeep}
	l.Cores[1].Columns[1].Reset = layout.ToZero
	l.Schedule = layout.Schedule{Steps: 3, TicksPerInference: 4, InitiationInterval: 4}
	return l
}

func TestStepsImageIsSound(t *testing.T) {
	l := stepsImage()
	if err := l.Check(); err != nil {
		t.Error(err)
	}
	l.Cores[1].Columns[1].Reset = layout.Clear // nothing is kept: waves overlap
	l.Schedule.InitiationInterval = 3
	if err := l.Check(); err != nil {
		t.Error(err)
	}
}

// Every rule about steps, broken once.
func TestCheckRefusesSteps(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*layout.Layout)
		want   string
	}{
		{"a potential kept in one step", func(l *layout.Layout) {
			l.Schedule = layout.Schedule{TicksPerInference: 2, InitiationInterval: 2}
		}, "h 0 resets by zero and keeps its potential, and a wave has one step"},
		{"a reset that keeps", func(l *layout.Layout) { l.Cores[1].Columns[1].Reset = layout.Keep }, "h 0 resets by keep; the neurons of a compiled image"},
		{"leak of a neuron that clears", func(l *layout.Layout) {
			l.Cores[1].Columns[1].Reset, l.Cores[1].Columns[1].Leak = layout.Clear, 1
		}, "h 0 resets by clear with leak 1; a neuron that clears has none"},
		{"overlapping waves", func(l *layout.Layout) { l.Schedule.InitiationInterval = 3 }, "needs 4 every 4"},
		{"other steps than ticks", func(l *layout.Layout) { l.Schedule.Steps = 2 }, "schedule of 4 ticks every 4; this image needs 3 every 3"},
		{"one step said", func(l *layout.Layout) { l.Schedule.Steps = 1 }, "a wave stays 1 ticks"},
		{"no wave gate", func(l *layout.Layout) { l.Capabilities.Host.WaveGate = false }, "without a wave gate"},
		{"control spikes", func(l *layout.Layout) {
			l.Schedule.Controls = []layout.Control{{Core: 0, Axon: 2}}
			l.Cores[0].Axons[2].Label = layout.Label{Layer: layout.ControlLabel}
			l.Cores[0].Planes[0].Put(2, 0, true)
		}, "with 1 control spikes, which come once a wave"},
		{"hidden dynamics", func(l *layout.Layout) {
			l.Capabilities.Neuron.ResetPotential, l.Cores[1].Columns[1].Dynamics.ResetTo = true, 1
		}, "h 0 has dynamics beyond threshold, leak and reset"},
		{"narrow potential", func(l *layout.Layout) { l.Capabilities.Neuron.PotentialBits = 2 }, "the potential of h 0 at core 1 column 1 can reach -3..2; the chip holds -2..1"},
		{"narrow score", func(l *layout.Layout) {
			l.Capabilities.Neuron.PotentialBits, l.Cores[1].Columns[2].Leak = 3, 1 // 3 steps of 0..1 and 1
		}, "the potential of class 0 at core 1 column 2 can reach 0..4; the chip holds -4..3"},
	} {
		l := stepsImage()
		c.change(l)
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line that says %q", c.name, err, c.want)
		}
	}
}
