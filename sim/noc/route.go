package noc

import "math/bits"

// route is the output towards a destination: along x, then along y, then into
// the core.
func (r *router) route(t target) Port {
	switch {
	case t.x > r.x:
		return East
	case t.x < r.x:
		return West
	case t.y < r.y:
		return North
	case t.y > r.y:
		return South
	}
	return Local
}

// expose looks at the head of an input: it sorts the head's destinations by
// the output they want, so that each branch has a stretch of its own, and asks
// those outputs.
func (n *Network) expose(r *router, port int) {
	in := &r.in[port]
	head := &n.flits.all[in.head]
	if head.end-head.first == 1 {
		to := r.route(n.targets[head.first])
		in.branch[to], in.branch[to+1] = head.first, head.end
		in.wants = 1 << to
	} else {
		n.split(r, in, head)
	}
	for wants := in.wants; wants != 0; wants &= wants - 1 {
		r.asks[bits.TrailingZeros8(wants)] |= 1 << port
	}
	r.wanted |= in.wants
}

// split sorts many destinations, by counting.
func (n *Network) split(r *router, in *input, head *flit) {
	n.scratch = append(n.scratch[:0], n.targets[head.first:head.end]...)
	var count [Ports]int32
	for _, t := range n.scratch {
		count[r.route(t)]++
	}
	in.wants, in.branch[0] = 0, head.first
	for to, k := range count {
		in.branch[to+1] = in.branch[to] + k
		if k > 0 {
			in.wants |= 1 << to
		}
	}
	place := in.branch
	for _, t := range n.scratch {
		to := r.route(t)
		n.targets[place[to]] = t
		place[to]++
	}
}
