package sim

import (
	"fmt"
	"time"

	"tritloom/internal/bits"
)

// KernelTime is the nanoseconds a core and tick that the bare kernels take by a clock,
// counting rows and updating neurons, on the spikes that wait for the coming tick: what
// an engine would take that had nothing else to do. Nothing changes. It is of this
// machine and this moment, and 0 for the reference, which has no kernels.
func (r *Runner) KernelTime(repeats int, clock func() time.Duration) (ns float64, err error) {
	e, ok := r.engine.(*fast)
	if !ok {
		return 0, nil
	}
	if repeats < 1 {
		return 0, fmt.Errorf("sim: kernels timed %d times; want 1 or more", repeats)
	}
	type part struct {
		block *fastBlock
		axons []uint16
		v     *[bits.Columns]int32
		lane  *lane // nil: the core is not in one
		short [bits.Columns]int16
		core  int
	}
	var parts []part
	for c := range e.state {
		slot, _ := e.slot(c, 0)
		axons := axonsOf(nil, slot[:e.p.axonWords])
		axons = axons[:min(len(axons), bits.MostRows/bits.GroupRows*bits.GroupRows)]
		for len(axons)%bits.GroupRows != 0 {
			axons = append(axons, uint16(e.p.axons))
		}
		for b := range e.state[c].blocks {
			v := *e.state[c].blocks[b].v
			p := part{block: &e.p.cores[c].blocks[b], axons: axons, v: &v, core: c}
			if e.inLane(c) && e.lanes.cores[c].narrow {
				p.lane, p.short = &e.lanes.cores[c], e.lanes.v[c]
			}
			parts = append(parts, p)
		}
	}
	var counts [bits.Columns]int8
	var touched, mask bits.SignRow
	var fired bits.Mask
	start := clock()
	for range repeats {
		for i := range parts {
			p := &parts[i]
			copy(mask[:4], p.block.used[:])
			copy(mask[4:], p.block.used[:])
			e.kernels.Count(&counts, &touched, p.block.rows, p.axons, &mask)
			if p.lane != nil {
				e.kernels.UpdateNarrow(&p.short, &counts, &e.lanes.leak[p.core], e.lanes.theta[p.lane.theta], int(p.lane.step), &p.lane.params, &p.block.used, &fired)
				continue
			}
			e.kernels.Update(p.v, &counts, p.block.params, &p.block.used, &fired)
		}
	}
	return float64((clock() - start).Nanoseconds()) / float64(repeats*len(e.state)), nil
}
