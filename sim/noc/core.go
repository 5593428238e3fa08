package noc

// core is where a node is in its script.
type core struct {
	steps   []Step
	step    int
	begin   uint64 // when the step began
	ready   uint64 // when its packet was ready, once it is known
	stalled bool   // the packet found the Local FIFO full
}

// token is a sum on its way or delivered.
type token struct {
	run     uint64 // the run it belongs to
	at      uint64 // when it was delivered
	arrived bool
	awaited bool // a script has come to wait for it
}

func (c *core) load(s *Script) { *c = core{steps: s.Steps} }

// advance goes on with a script until it has a packet for the network, waits
// for a sum or finishes. It may run ahead of the clock: nobody can see a core
// compute.
func (n *Network) advance(node int32) {
	c := &n.cores[node]
	times := &n.result.Nodes[node]
	for ; c.step < len(c.steps); c.step++ {
		s := &c.steps[c.step]
		ready := c.begin + s.Work
		if s.Timed {
			ready = s.Work
		}
		if s.Await != 0 {
			sum := n.token(s.Await)
			if !sum.arrived {
				sum.awaited = true
				return
			}
			if sum.at > ready {
				times.StallAwait += sum.at - ready
				ready = sum.at
			}
		}
		ready += s.After
		if len(s.To) > 0 {
			c.ready = ready
			n.ready.push(max(ready, c.begin, n.open), node)
			return
		}
		c.begin = ready
	}
	times.Finish = c.begin
	n.result.ended(c.begin, int(node), ByScript)
	n.waiting--
}

// token is the row of a sum in this run.
func (n *Network) token(name Token) *token {
	for len(n.tokens) <= int(name) {
		n.tokens = append(n.tokens, token{})
	}
	t := &n.tokens[name]
	if t.run != n.run {
		*t = token{run: n.run}
	}
	return t
}

// inject puts the packet of a core into its Local FIFO, if it has room.
func (n *Network) inject(node int32) {
	c := &n.cores[node]
	s := &c.steps[c.step]
	id := node + int32(s.Plane)*int32(len(n.cores))
	n.touch(id)
	in := &n.routers[id].in[Local]
	if int(in.taken) == n.cfg.FIFO {
		c.stalled = true // release tries again
		return
	}
	in.taken++
	first := int32(len(n.targets))
	for _, d := range s.To {
		n.targets = append(n.targets, n.target(d))
	}
	f := n.flits.get()
	n.flits.all[f] = flit{ready: c.ready, first: first, end: int32(len(n.targets)), node: node, step: int32(c.step)}
	n.enter(id*Ports+int32(Local), f)

	n.result.Nodes[node].StallInject += n.now - c.ready
	c.begin = n.now
	c.step++
	n.advance(node)
}

// deliver ends the way of a flit at the one destination it has left.
func (n *Network) deliver(plane Plane, f int32) {
	carried := &n.flits.all[f]
	node := n.targets[carried.first].node
	n.result.Latency[plane].Add(n.now - carried.ready)
	n.result.ended(n.now, int(node), ByDelivery)
	if n.watch != nil {
		n.watch(arrival{int(carried.node), int(carried.step), int(node), carried.ready, n.now})
	}
	if plane == Sums {
		sum := n.token(n.cores[carried.node].steps[carried.step].Token)
		sum.arrived, sum.at = true, n.now
		if sum.awaited {
			n.advance(node)
		}
	}
	n.flits.put(f)
}
