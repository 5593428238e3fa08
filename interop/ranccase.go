package interop

import (
	"fmt"

	"tritloom/layout/replay"
)

// record makes the case of what was recorded. Packets that arrive after the last
// recorded tick change nothing and are left out.
func (b *rancBuild) record(record *rancRecord, after int) (*replay.Case, error) {
	if after < 0 {
		after = b.shortestWay()
	}
	if after > rancMaxTicks {
		return nil, fmt.Errorf("%s: outputs after %d ticks; want at most %d", rancNumOutputs, after, rancMaxTicks)
	}
	c := &replay.Case{Layout: b.l, FirstTick: after, Ticks: after + len(record.perTick), Bitmap: record.bitmap, Outputs: b.outputs}
	late := 0
	for _, p := range b.packets {
		if int(p.tick) >= c.Ticks {
			late++
			continue
		}
		c.Stimuli = append(c.Stimuli, replay.Spike{Tick: p.tick, Core: b.logical[int(p.x)+b.width*int(p.y)], Axon: p.axon})
	}
	if late > 0 {
		b.notes = append(b.notes, fmt.Sprintf("%d packets arrive after the last recorded tick and are left out", late))
	}
	for tick, indexes := range record.perTick {
		for _, index := range indexes {
			c.Expected = append(c.Expected, replay.Event{Tick: int32(after + tick), Index: index})
		}
	}
	c.Sort()
	return c, c.Validate()
}

// shortestWay is the fewest ticks from a packet of tick 0 to a spike on the bus.
func (b *rancBuild) shortestWay() int {
	speaks := map[int32]bool{}
	for _, o := range b.outputs {
		speaks[o.Core] = true
	}
	due := map[int][]int32{} // cores that are reached, by tick
	for _, p := range b.packets {
		due[0] = append(due[0], b.logical[int(p.x)+b.width*int(p.y)])
	}
	reached := map[int32]bool{}
	for tick, waiting := 0, len(due[0]); waiting > 0; tick++ {
		for _, core := range due[tick] {
			waiting--
			if reached[core] {
				continue
			}
			reached[core] = true
			if speaks[core] {
				return tick
			}
			for n := range b.l.Cores[core].Columns {
				for _, d := range b.l.Cores[core].Columns[n].Dests {
					if !reached[d.Core] {
						due[tick+int(d.Delay)] = append(due[tick+int(d.Delay)], d.Core)
						waiting++
					}
				}
			}
		}
		delete(due, tick)
	}
	return 0
}
