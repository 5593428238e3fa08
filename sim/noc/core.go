package noc

// core is where a node is in its script, and what is parked beside it.
type core struct {
	steps  []Step
	step   int
	begin  uint64         // when the step began
	own    uint64         // when its packet is ready but for its sum
	tries  uint64         // when the packet comes to phase 3 for the first time
	tried  uint64         // 1 + the quantum in which the node injected last
	full   uint8          // planes on which a packet found the Local FIFO full
	joined [Planes]parked // packets that were parked, now ready
}

// token is a sum on its way or delivered.
type token struct {
	run     uint64 // the run it belongs to
	arrived bool
	parked  bool   // a step of the node it goes to waits for it
	step    int32  // that step
	own     uint64 // when the step was ready but for the sum
}

func (c *core) load(s *Script) {
	c.steps, c.step, c.begin, c.tried, c.full = s.Steps, 0, 0, 0, 0
}

// advance goes on with a script to the next packet or to the end. It may run
// ahead of the clock: nobody can see a core compute.
func (n *Network) advance(node int32) {
	c := &n.cores[node]
	for ; c.step < len(c.steps); c.step++ {
		s := &c.steps[c.step]
		c.own = c.begin + s.Work
		if s.Timed {
			c.own = s.Work
		}
		if len(s.To) > 0 {
			if c.tries = max(c.own, c.begin); c.tries >= n.open {
				n.ready.push(c.tries, node)
			} // else inject goes on with it
			return
		}
		if s.Join != 0 {
			n.park(c, s)
		}
		c.begin = c.own
	}
	c.tries = never
	n.result.Nodes[node].Finish = c.begin
	n.result.ended(c.begin, int(node), ByScript)
}

// park leaves the step of a core to wait for its sum, if it is not there yet,
// and says whether it did.
func (n *Network) park(c *core, s *Step) bool {
	sum := n.token(s.Join)
	if sum.arrived {
		return false
	}
	sum.parked, sum.step, sum.own = true, int32(c.step), c.own
	n.parked++
	return true
}

// unpark is what a sum does that is delivered to a node where a step waits for it.
func (n *Network) unpark(node int32, sum *token) {
	n.parked--
	if n.now > sum.own { // a step without packet may be parked ahead of the clock
		n.result.Nodes[node].JoinWait += n.now - sum.own
	}
	c := &n.cores[node]
	if s := &c.steps[sum.step]; len(s.To) > 0 {
		c.joined[s.Plane].add(waiting{ready: n.now, step: sum.step})
		n.ready.push(n.open, node)
	}
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

// inject is phase 3 at one node: packets that were parked go first, then those
// of the core, in the order of its script.
func (n *Network) inject(node int32) {
	c := &n.cores[node]
	if c.tried == n.now+1 {
		return // filed twice
	}
	c.tried = n.now + 1
	gave, again := uint8(0), false // planes that have taken a packet; a packet waits for the next quantum
	for plane := range Plane(Planes) {
		if q := &c.joined[plane]; !q.empty() && n.enterLocal(node, plane, q.first()) {
			q.drop()
			gave |= 1 << plane
			again = again || !q.empty()
		}
	}
	for c.tries <= n.now {
		s := &c.steps[c.step]
		if s.Join == 0 || !n.park(c, s) {
			if gave&(1<<s.Plane) != 0 {
				again = true
				break
			}
			if !n.enterLocal(node, s.Plane, waiting{ready: c.own, step: int32(c.step)}) {
				break
			}
			gave |= 1 << s.Plane
			n.result.Nodes[node].StallInject += n.now - c.own
		}
		c.begin = n.now
		c.step++
		n.advance(node)
	}
	if again {
		n.ready.push(n.now+1, node)
	}
}

// enterLocal puts a packet of a core into the Local FIFO, if that has room.
func (n *Network) enterLocal(node int32, plane Plane, w waiting) bool {
	c := &n.cores[node]
	id := node + int32(plane)*int32(len(n.cores))
	n.touch(id)
	in := &n.routers[id].in[Local]
	if int(in.taken) == n.cfg.FIFO {
		c.full |= 1 << plane // release tries again
		return false
	}
	in.taken++
	first := int32(len(n.targets))
	for _, d := range c.steps[w.step].To {
		n.targets = append(n.targets, n.target(d))
	}
	f := n.flits.get()
	n.flits.all[f] = flit{ready: w.ready, first: first, end: int32(len(n.targets)), node: node, step: w.step}
	n.enter(id*Ports+int32(Local), f)
	return true
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
		sum.arrived = true
		if sum.parked {
			n.unpark(node, sum)
		}
	}
	n.flits.put(f)
}
