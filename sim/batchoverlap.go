package sim

import "fmt"

// overlaps refuses schedules in which waves overlap and meet: a wave would no longer
// be a function of its own input. With an initiation interval of i, the slots of a
// core that are a multiple of i apart are one for different waves. They may share no
// axon, and no axon of one may have a synapse with a column that is due in the other.
func (b *planner) overlaps() error {
	for c, slots := range b.slots {
		for i := range slots {
			for j := range slots {
				apart := uint64(max(slots[i].tick-slots[j].tick, slots[j].tick-slots[i].tick))
				if i == j || apart%b.schedule.step != 0 {
					continue
				}
				if err := b.meet(c, &slots[i], &slots[j]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// meet looks for what spikes of one slot do in another.
func (b *planner) meet(c int, from, to *slotSources) error {
	for axon := range from.sources {
		if len(from.sources[axon]) == 0 {
			continue
		}
		if len(to.sources[axon]) > 0 || b.rowOps(c, axon, to.columns) > 0 {
			return fmt.Errorf("sim: core %d axon %d is written for tick %d of a wave and means something at tick %d too, where another wave is with a new one every %d ticks; batches need waves that do not meet",
				c, axon, from.tick, to.tick, b.schedule.step)
		}
	}
	return nil
}
