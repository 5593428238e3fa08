package sim

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
	"tritloom/layout"
)

// update is step (d) of a core's tick.
func (k *crew) update(c int, w *work) {
	e := k.e
	core, s := &e.p.cores[c], &e.state[c]
	w.fired = false
	for b := range core.blocks {
		block, bw := &core.blocks[b], &w.blocks[b]
		bw.fired = bits.Mask{}
		columns := block.scores
		if block.special == nil && !s.blocks[b].wild && !w.extra && (block.noise == nil || bw.evaluated == block.used) {
			params := block.params
			if block.noise != nil {
				params, w.changed = k.noisy(block, &s.random), true
			}
			e.updatePlain(block, params, &s.blocks[b], bw)
			w.changed = w.changed || s.blocks[b].wild // the next tick is not like this one
		} else {
			columns = union(&block.spiking, &block.scores)
		}
		if columns != (bits.Mask{}) {
			if k.err = k.updateEach(c, b, w, &columns); k.err != nil {
				return
			}
		}
		e.billUpdates(c, b, w)
		w.fired = w.fired || bw.fired != bits.Mask{}
	}
	if e.far {
		k.lookUpAll(c, w)
	}
	if core.sleeps && !e.tagged && w.active == 0 {
		if !w.fired {
			k.fallAsleep(c, w)
		}
	} else {
		s.rest.dozes, s.rest.pause = 0, 0
		e.enterLane(c)
	}
}

// updatePlain leaves a block to a kernel.
func (e *fast) updatePlain(block *fastBlock, params *bits.Params, s *blockState, bw *blockWork) {
	mask := (*bits.Mask)(bw.mask[:4])
	for i := range mask {
		mask[i] = bw.evaluated[i] & block.spiking[i]
	}
	if bw.wide {
		s.wild = e.kernels.UpdateWide(s.v, &bw.sums, params, mask, &bw.fired)
	} else {
		s.wild = e.kernels.Update(s.v, &bw.counts, params, mask, &bw.fired)
	}
}

// noisy gives the params of a tick in which every column of a block that draws does:
// thresholds with their random parts, in the order of columns. Four draws at a time
// depend on one, not on each other.
func (k *crew) noisy(block *fastBlock, random *generator) *bits.Params {
	k.params = *block.params
	shift := 64 - k.e.p.randomBits
	x, theta := random.x, &k.params.Theta
	for i, word := range block.noisy {
		if word == ^uint64(0) {
			noise := (*[64]uint16)(block.noise[i*64:])
			for n := 0; n < 64; n += 4 {
				x1 := x*multiplier + increment
				x2 := x*multiplier2 + increment2
				x3 := x*multiplier3 + increment3
				x = x*multiplier4 + increment4
				theta[i*64+n] += int16(uint16(x1>>shift) & noise[n])
				theta[i*64+n+1] += int16(uint16(x2>>shift) & noise[n+1])
				theta[i*64+n+2] += int16(uint16(x3>>shift) & noise[n+2])
				theta[i*64+n+3] += int16(uint16(x>>shift) & noise[n+3])
			}
			continue
		}
		for ; word != 0; word &= word - 1 {
			n := i*64 + mathbits.TrailingZeros64(word)
			x = x*multiplier + increment
			theta[n] += int16(uint16(x>>shift) & block.noise[n])
		}
	}
	random.x = x
	return &k.params
}

// billUpdates counts the evaluated columns of a block.
func (e *fast) billUpdates(c, b int, w *work) {
	bw := &w.blocks[b]
	for i := range w.shares {
		columns := &w.shares[i].columns[b]
		evaluated, touched := 0, 0
		for j, x := range columns {
			evaluated += mathbits.OnesCount64(x)
			touched += mathbits.OnesCount64(x & bw.touched[j])
		}
		if e.tagged {
			e.enter(c, w.shares[i].wave, &events{touched: uint64(touched), idle: uint64(evaluated - touched)})
		} else {
			book := &e.state[c].book
			book.touched += uint64(touched)
			book.idle += uint64(evaluated - touched)
		}
	}
}

// updateEach updates columns of a block one by one, rising: what no kernel does,
// potentials near the ends of their width, and scores.
func (k *crew) updateEach(c, b int, w *work, columns *bits.Mask) error {
	e := k.e
	block, s, bw := &e.p.cores[c].blocks[b], &e.state[c].blocks[b], &w.blocks[b]
	bw.widen(e, block.params.Scale)
	for i := range bw.evaluated {
		for x := bw.evaluated[i] & columns[i]; x != 0; x &= x - 1 {
			n := i*64 + mathbits.TrailingZeros64(x)
			at := layout.Link{Core: int32(c), Column: int32(block.first + n)}
			if block.scores[i]>>(n%64)&1 == 1 {
				if err := k.score(at, block, s, bw, w); err != nil {
					return err
				}
				continue
			}
			before := s.v[n]
			fired, err := k.step(at, block, s, n, int64(bw.sums[n]), w)
			if err != nil {
				return err
			}
			if fired {
				bw.fired[i] |= 1 << (n % 64)
			}
			w.changed = w.changed || s.v[n] != before
		}
	}
	s.wild = block.outside(s.v)
	return nil
}

// score adds to a score column and hands its sum out on the last tick of a wave.
func (k *crew) score(at layout.Link, block *fastBlock, s *blockState, bw *blockWork, w *work) error {
	e, n := k.e, int(at.Column)-block.first
	v, err := e.fit(at, int64(s.v[n])+int64(bw.sums[n]))
	if err != nil {
		return err
	}
	if !has(&bw.last, int32(n)) {
		s.v[n] = int32(v)
		return nil
	}
	s.v[n] = 0
	if v, err = e.fit(at, v+int64(block.leaks[n])); err != nil {
		return err
	}
	e.billTo(int(at.Core), w.waveOf(at.Column), &events{scores: 1})
	if e.looked {
		k.scores = append(k.scores, scoreValue{at.Core, at.Column, v})
	}
	return nil
}

// fit is a potential or current within its width, or an error on chips that do not
// saturate.
func (e *fast) fit(at layout.Link, v int64) (int64, error) {
	switch {
	case v >= e.p.low && v <= e.p.high:
		return v, nil
	case e.p.saturates:
		return min(max(v, e.p.low), e.p.high), nil
	}
	return v, tooWide(e.today, at, "potential", v, e.p.potentialBits)
}

// step is one tick of one neuron: the equation of layout.Dynamics.
func (k *crew) step(at layout.Link, block *fastBlock, s *blockState, n int, sum int64, w *work) (fired bool, err error) {
	e := k.e
	if block.special == nil { // plain, but not now
		return k.stepPlain(at, block, s, n, sum, w)
	}
	column := &block.special[n]
	d, random := &column.Dynamics, &e.state[at.Core].random
	if d.Current {
		u, err := e.fit(at, e.p.decay(int64(s.current[n]), d.CurrentDecay)+sum)
		if err != nil {
			return false, err
		}
		w.changed = w.changed || s.current[n] != int32(u)
		s.current[n], sum = int32(u), u
	}
	if s.rest != nil && s.rest[n] > 0 {
		s.rest[n]--
		w.changed = true
		return false, nil
	}
	v, err := e.fit(at, e.p.decay(int64(s.v[n]), d.PotentialDecay)+sum)
	if err != nil {
		return false, err
	}
	leak := int64(column.Leak)
	if d.RandomLeak {
		leak, w.changed = chance(column.Leak, random.draw(e.p.randomBits)), true
	}
	if v, err = e.fit(at, leaked(v, leak, d.LeakReversal)); err != nil {
		return false, err
	}
	up, down := int64(column.Theta), -int64(d.Beta)
	if d.RandomThreshold != 0 {
		η := int64(random.draw(e.p.randomBits) & d.RandomThreshold)
		up += η
		if d.Floor == layout.Bounce {
			down -= η
		}
		w.changed = true
	}
	switch {
	case v >= up:
		fired = true
		if s.rest != nil {
			s.rest[n] = d.Refractory
		}
		v = resetRow(column.Reset, v, up, int64(d.ResetTo))
	case d.Floor == layout.Hold && v < down:
		v = down
	case d.Floor == layout.Bounce && v < down:
		v = resetRow(column.Reset, v, down, -int64(d.ResetTo))
	}
	if column.Reset == layout.Clear {
		v = 0
	}
	v, err = e.fit(at, v)
	s.v[n] = int32(v)
	return fired, err
}

// stepPlain is step for what a kernel does while potentials are far from their ends.
func (k *crew) stepPlain(at layout.Link, block *fastBlock, s *blockState, n int, sum int64, w *work) (fired bool, err error) {
	e, η := k.e, int64(0)
	v, err := e.fit(at, int64(s.v[n])+sum)
	if err != nil {
		return false, err
	}
	if v, err = e.fit(at, v+int64(block.params.Leak[n])); err != nil {
		return false, err
	}
	if block.noise != nil && block.noise[n] != 0 {
		η, w.changed = int64(e.state[at.Core].random.draw(e.p.randomBits)&uint32(block.noise[n])), true
	}
	theta := int64(block.params.Theta[n]) + η
	switch fired = v >= theta; {
	case fired && block.params.Fired == 0:
		v = 0
	case fired:
		v -= theta
	case block.floor != nil:
		v = block.floor[n].hold(v, η, block.params.Fired != 0)
	}
	if block.params.Unfired == 0 {
		v = 0
	}
	v, err = e.fit(at, v)
	s.v[n] = int32(v)
	return fired, err
}

// leaked is a potential after its leak; a reversing leak follows its sign and stops
// at 0.
func leaked(v, leak int64, reversal bool) int64 {
	switch {
	case !reversal:
		return v + leak
	case v > 0:
		return max(v+leak, 0)
	case v < 0:
		return min(v-leak, 0)
	}
	return 0
}

// resetRow is the potential after a threshold was passed: the row of the reset table,
// with the threshold that was passed and the potential that reset zero goes to.
func resetRow(reset layout.Reset, v, threshold, to int64) int64 {
	switch reset {
	case layout.ToZero:
		return to
	case layout.Subtract:
		return v - threshold
	}
	return v
}
