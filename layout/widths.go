package layout

import (
	"fmt"

	"tritloom/hwmodel"
)

// checkWidths proves that no partial sum and no potential can leave its width:
// it adds up the least and the greatest sum of every prefix of every chain.
func (l *Layout) checkWidths(heads [][][]Link) error {
	fed := map[Link]Link{} // the sender into each column
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if column := &l.Cores[c].Columns[n]; column.Role == Sender {
				fed[column.Psum] = Link{int32(c), int32(n)}
			}
		}
	}
	reach := l.columnReach()
	if err := l.checkConversions(reach); err != nil {
		return err
	}
	for i := range heads {
		for _, copies := range heads[i] {
			for _, head := range copies {
				if err := l.checkChain(head, fed, reach); err != nil {
					return err
				}
				low, high := reach[head.Core][head.Column][0], reach[head.Core][head.Column][1]
				if i == len(l.Layers) && l.Bursts() && (low < 0 || high > int64(l.Schedule.OutputTicks)) {
					return fmt.Errorf("layout: the burst of %s is %d..%d spikes; the host listens for 0..%d", l.LabelText(l.Column(head).Label), low, high, l.Schedule.OutputTicks)
				}
			}
		}
	}
	return nil
}

// checkConversions proves that the converters of analogue cores hold every sum.
func (l *Layout) checkConversions(reach [][][2]int64) error {
	if !hasConverters(l.Capabilities.Core) {
		return nil
	}
	low, high := hwmodel.SignedRange(l.Capabilities.Core.ADCBits)
	for c := range reach {
		for n, r := range reach[c] {
			if r[0] < low || r[1] > high {
				return fmt.Errorf("layout: the sum of %s at core %d column %d can reach %d..%d; a conversion holds %d..%d",
					l.LabelText(l.Cores[c].Columns[n].Label), c, n, r[0], r[1], low, high)
			}
		}
	}
	return nil
}

// hasConverters tells whether sums are converted at a width of their own.
func hasConverters(c hwmodel.Core) bool {
	return c.SynapseMode == hwmodel.Differential && c.ADCBits > 0
}

// checkChain follows one chain from its first sender to its head.
func (l *Layout) checkChain(head Link, fed map[Link]Link, reach [][][2]int64) error {
	var chain []Link // from the head back to the first sender
	for at, ok := head, true; ok; at, ok = fed[at] {
		chain = append(chain, at)
	}
	var low, high int64
	for k := len(chain) - 1; k >= 0; k-- {
		at := chain[k]
		low, high = low+reach[at.Core][at.Column][0], high+reach[at.Core][at.Column][1]
		bits, what := l.Capabilities.Psum.Bits, "partial sum"
		if k == 0 {
			bits, what = l.Capabilities.Neuron.PotentialBits, "potential"
			low, high = l.Column(at).PotentialReach(low, high, l.Schedule.StepCount())
		}
		if least, most := hwmodel.SignedRange(bits); low < least || high > most {
			return fmt.Errorf("layout: the %s of %s at core %d column %d can reach %d..%d; the chip holds %d..%d",
				what, l.LabelText(l.Column(at).Label), at.Core, at.Column, low, high, least, most)
		}
	}
	return nil
}

// columnReach is the least and the greatest sum of every column's own crosspoints
// on one of its ticks of a wave.
func (l *Layout) columnReach() [][][2]int64 {
	reach := make([][][2]int64, len(l.Cores))
	for c := range l.Cores {
		reach[c] = make([][2]int64, len(l.Cores[c].Columns))
		for a := range l.Cores[c].Axons {
			if l.Cores[c].Axons[a].Label == NoLabel {
				continue
			}
			for n := range l.Cores[c].Columns {
				w := int64(l.Weight(c, a, n))
				if w < 0 || l.Cores[c].Axons[a].Label.Layer == ControlLabel { // control spikes always come
					reach[c][n][0] += w
				}
				if w > 0 || l.Cores[c].Axons[a].Label.Layer == ControlLabel {
					reach[c][n][1] += w
				}
			}
		}
	}
	return reach
}
