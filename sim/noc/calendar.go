package noc

import "math/bits"

// never is later than any quantum of a run.
const never = ^uint64(0)

// window is how many quanta ahead a calendar files by quantum; what lies
// beyond waits in a heap. Hops and services mostly lie within.
const window = 64

// calendar says what happens when. Everything of one quantum is taken at once,
// in no particular order: the contract makes the order within a phase
// irrelevant.
type calendar struct {
	now  uint64 // nothing is due before it
	near [window][]int32
	full uint64 // bit q%window: near has something for q, now <= q < now+window
	far  []dated
}

type dated struct {
	at uint64
	id int32
}

func (c *calendar) reset() { c.now = 0 } // a run ends with nothing due

// push files id for quantum at >= now.
func (c *calendar) push(at uint64, id int32) {
	if at-c.now < window {
		c.near[at%window] = append(c.near[at%window], id)
		c.full |= 1 << (at % window)
		return
	}
	c.far = append(c.far, dated{at, id})
	for i := len(c.far) - 1; i > 0 && c.far[(i-1)/2].at > c.far[i].at; i = (i - 1) / 2 {
		c.far[(i-1)/2], c.far[i] = c.far[i], c.far[(i-1)/2]
	}
}

// next is the first quantum with something due, or never.
func (c *calendar) next() uint64 {
	first := never
	if c.full != 0 {
		first = c.now + uint64(bits.TrailingZeros64(bits.RotateLeft64(c.full, -int(c.now%window))))
	}
	if len(c.far) > 0 {
		first = min(first, c.far[0].at)
	}
	return first
}

// take moves on to quantum t, before which nothing may be due, and returns
// what is due at it. The list holds until something is pushed for t + window
// or later quanta.
func (c *calendar) take(t uint64) []int32 {
	c.now = t
	due := c.near[t%window]
	for len(c.far) > 0 && c.far[0].at == t {
		due = append(due, c.pop())
	}
	c.near[t%window] = due[:0] // with the room it has grown
	c.full &^= 1 << (t % window)
	return due
}

// pop takes the first of the heap.
func (c *calendar) pop() int32 {
	id := c.far[0].id
	last := len(c.far) - 1
	c.far[0] = c.far[last]
	c.far = c.far[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < last && c.far[child+1].at < c.far[child].at {
			child++
		}
		if child >= last || c.far[i].at <= c.far[child].at {
			return id
		}
		c.far[i], c.far[child] = c.far[child], c.far[i]
		i = child
	}
}
