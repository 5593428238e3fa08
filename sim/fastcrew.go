package sim

import (
	"context"
	"encoding/binary"
	mathbits "math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"tritloom/internal/bits"
)

// crew simulates a range of cores.
type crew struct {
	e        *fast
	first, n int
	pending  []byte // [slot][core of its own]: 1 where spikes wait; a byte, as setting a bit would have each spike wait for the one before
	stride   int    // bytes of pending a slot
	listed   bits.Listed
	awake    []uint64   // a bit a core of its own that is looked at in every tick
	due      [][]uint64 // [level]: cores with columns of the level; with a wave gate
	visit    []uint64   // scratch
	inside   []uint64   // a bit a core of its own that is in its lane
	short    []uint64   // scratch: those of them to visit
	lane     [4]laneWork
	alarms   alarms
	queues   [][]wire    // [crew]: spikes for the cores of others
	works    [5]work     // of cores whose own is not kept
	params   bits.Params // of a block whose thresholds are random
	spikes   []firing
	scores   []scoreValue
	lost     uint64
	clipped  uint64
	err      error
}

func newCrew(e *fast, first, n int) crew {
	words := bits.Words(n)
	k := crew{e: e, first: first, n: n, awake: make([]uint64, words), visit: make([]uint64, words), inside: make([]uint64, words), short: make([]uint64, words)}
	blocks := 0
	for c := range n {
		blocks = max(blocks, len(e.p.cores[first+c].blocks))
	}
	for i := range k.works {
		k.works[i] = *newWork(blocks)
	}
	k.stride = words * 64
	k.pending = make([]byte, e.p.ring*k.stride)
	if !e.p.gated {
		return k
	}
	for range e.p.levels {
		k.due = append(k.due, make([]uint64, words))
	}
	for c := range n {
		for _, l := range e.p.cores[first+c].levels {
			bits.Set(k.due[l.level], c)
		}
	}
	return k
}

func (k *crew) clear() {
	clear(k.pending)
	clear(k.awake)
	clear(k.inside)
	if !k.e.p.gated {
		copy(k.awake, bits.Ones(k.n))
	}
	k.alarms = k.alarms[:0]
	for i := range k.queues {
		k.queues[i] = k.queues[i][:0]
	}
	k.spikes, k.scores, k.lost, k.clipped, k.err = k.spikes[:0], k.scores[:0], 0, 0, nil
}

// visits finds the cores to look at in the coming tick.
func (k *crew) visits(duties []duty) []uint64 {
	k.wakeDue()
	copy(k.visit, k.awake)
	waiting := k.waiting(int(k.e.today) & (k.e.p.ring - 1))
	for w := range k.visit {
		k.visit[w] |= gather((*[64]byte)(waiting[w*64:]))
	}
	for level := range k.due {
		if duties[level].wave != noWave {
			for w, x := range k.due[level] {
				k.visit[w] |= x
			}
		}
	}
	return k.visit
}

// waiting is the cores of a slot that spikes wait for.
func (k *crew) waiting(slot int) []byte { return k.pending[slot*k.stride:][:k.stride] }

// gather makes a word of 64 bytes that are 0 or 1: the factor moves the bytes of eight
// to the bits of the highest.
func gather(flags *[64]byte) uint64 {
	var word uint64
	for i := range 8 {
		eight := binary.LittleEndian.Uint64(flags[i*8:])
		word |= eight * 0x0102040810204080 >> 56 << (i * 8)
	}
	return word
}

// workOf is where a core's part of a tick is put down: its own place, or the crew's
// for the turn-th core of a tick.
func (k *crew) workOf(c, turn int) *work {
	if w := k.e.state[c].work; w != nil {
		return w
	}
	return &k.works[turn%len(k.works)]
}

// turns is a tick of cores that pass no partial sums: each does everything in its
// turn. Four cores are at work at a time: while one is integrated and updated, what
// the next one needs is on its way from memory, and so are the destinations of the
// spikes of the last one and the schedulers that those of the one before will be
// written to.
func (k *crew) turns(duties []duty) {
	var before, last, this, next struct {
		core int
		work *work
	}
	step := func() {
		if before.work != nil {
			k.fire(before.core, before.work)
		}
		if last.work != nil && k.e.far {
			k.aimAll(last.core, last.work)
		}
		before, last = last, this
		if this.work != nil && k.integrate(this.core, this.work) {
			k.update(this.core, this.work)
		} else {
			last.work = nil
		}
		this = next
		next.work = nil
	}
	visit := k.visits(duties)
	if k.e.lanes != nil {
		k.laneTurns(k.takeLanes(visit))
	}
	turn := 0
	for i, x := range visit {
		for ; x != 0 && k.err == nil; x &= x - 1 {
			next.core = k.first + i*64 + mathbits.TrailingZeros64(x)
			next.work = k.workOf(next.core, turn)
			k.open(next.core, next.work, duties)
			step()
			turn++
		}
	}
	for range 3 {
		if k.err == nil {
			step()
		}
	}
}

// takeLanes moves the cores that are in their lanes from the cores to visit.
func (k *crew) takeLanes(visit []uint64) []uint64 {
	for i, inside := range k.inside {
		k.short[i] = visit[i] & inside
		visit[i] &^= inside
	}
	return k.short
}

// integrations, passSums and updates are a tick of cores that pass partial sums.
func (k *crew) integrations(duties []duty) {
	bits.Each(k.visits(duties), func(i int) {
		if k.err != nil {
			return // the lowest core's error counts
		}
		c := k.first + i
		k.open(c, k.e.state[c].work, duties)
		k.integrate(c, k.e.state[c].work)
	})
}

func (k *crew) updates([]duty) {
	for c := k.first; c < k.first+k.n && k.err == nil; c++ {
		if w := k.e.state[c].work; w.done == k.e.today && len(w.shares) > 0 {
			if k.update(c, w); k.err == nil {
				k.fire(c, w)
			}
		}
	}
}

// takeIn writes down what other crews sent to this one, in their order.
func (k *crew) takeIn([]duty) {
	if len(k.e.crews) == 1 {
		return
	}
	mine := k.first / k.e.share
	for i := range k.e.crews {
		queue := k.e.crews[i].queues[mine]
		for j, q := range queue {
			if soon := j + 8; k.e.far && soon < len(queue) {
				slot, _ := k.e.slot(int(queue[soon].core), int(queue[soon].delay))
				bits.PrefetchLine(&slot[0])
			}
			k.write(int(q.core), int(q.axon), int(q.delay), k.e.wave)
		}
		k.e.crews[i].queues[mine] = queue[:0]
	}
}

// run simulates ticks with the same duties in each, until ctx, if any, is done. It
// says how many it did; one that ends in an error is not among them.
func (e *fast) run(ticks uint64, duties []duty, ctx context.Context) (uint64, error) {
	start := e.today
	if len(e.crews) == 1 {
		k := &e.crews[0]
		for range ticks {
			if ctx != nil && ctx.Err() != nil {
				return e.today - start, ctx.Err()
			}
			for _, phase := range e.phases {
				phase(k, duties)
			}
			if k.err != nil {
				return e.today - start, k.err
			}
			e.today++
		}
		return ticks, nil
	}
	meeting := barrier{members: int32(len(e.crews))}
	over := ticks == 0 || ctx != nil && ctx.Err() != nil
	endTick := func() { // by the last crew to finish a tick
		if over = e.crewError() != nil; over {
			return
		}
		e.today++
		over = e.today-start == ticks || ctx != nil && ctx.Err() != nil
	}
	var working sync.WaitGroup
	for i := range e.crews {
		k := &e.crews[i]
		working.Go(func() {
			for !over {
				for _, phase := range e.phases[:len(e.phases)-1] {
					phase(k, duties) // a phase after an error does no harm and no good
					meeting.wait(nil)
				}
				e.phases[len(e.phases)-1](k, duties)
				meeting.wait(endTick)
			}
		})
	}
	working.Wait()
	err := e.crewError()
	if err == nil && ctx != nil && e.today-start < ticks {
		err = ctx.Err()
	}
	return e.today - start, err
}

// crewError is the error at the lowest core: crews are in the order of cores.
func (e *fast) crewError() error {
	for i := range e.crews {
		if e.crews[i].err != nil {
			return e.crews[i].err
		}
	}
	return nil
}

// barrier lets all members go on when the last one has come. They wait by looking, as
// a tick may be shorter than falling asleep takes.
type barrier struct {
	members int32
	come    atomic.Int32
	round   atomic.Uint32
}

// wait waits for all; the last one to come does last before anyone goes on.
func (b *barrier) wait(last func()) {
	round := b.round.Load()
	if b.come.Add(1) == b.members {
		if last != nil {
			last()
		}
		b.come.Store(0)
		b.round.Add(1)
		return
	}
	for looks := 0; b.round.Load() == round; looks++ {
		if looks > 200 {
			runtime.Gosched()
		}
	}
}

func signedRange(bits int) (low, high int64) { return -1 << (bits - 1), 1<<(bits-1) - 1 }
