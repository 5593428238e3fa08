package noc

import "slices"

// plain is the contract of the package comment done literally: every quantum,
// every router, every port. It is the oracle of the tests and shares no
// stepping with Network.
type plain struct {
	cfg       Config
	scripts   []Script
	cores     []plainCore
	routers   [Planes][]plainRouter
	delivered map[Token]uint64 // sums delivered, and when
	result    Result
	traffic   Traffic
	watch     func(arrival)
}

type plainCore struct {
	step   int
	begin  uint64
	parked []plainParked // in the order of the script
	gave   [Planes]bool  // handed a packet over in this quantum
}

// plainParked is a step that waits, or its packet, since quantum own.
type plainParked struct {
	step int
	own  uint64
}

type plainRouter struct {
	in  [Ports][]*plainPacket // the FIFOs, heads first
	out [Ports]plainOutput
	// What phases 2, 3 and 4 go by: the FIFOs as they were after phase 1.
	heads    [Ports]*plainPacket
	occupied [Ports]int
	load     [Ports]uint64
}

type plainOutput struct {
	until  uint64       // busy before
	packet *plainPacket // sent, and due at until
	last   int          // input granted last
}

type plainPacket struct {
	ready      uint64
	node, step int
	token      Token
	to         []Delivery // destinations of branches not granted yet
}

func newPlain(cfg Config) *plain {
	return &plain{cfg: cfg, traffic: newTraffic(cfg.Nodes())}
}

func (p *plain) run(scripts []Script) (*Result, error) {
	if err := newChecker(p.cfg).check(scripts); err != nil {
		return nil, err
	}
	nodes := p.cfg.Nodes()
	p.scripts, p.cores = scripts, make([]plainCore, len(scripts))
	p.delivered = map[Token]uint64{}
	p.result = newResult(nodes)
	for plane := range p.routers {
		p.routers[plane] = make([]plainRouter, nodes)
		for node := range nodes {
			for port := range Ports {
				p.routers[plane][node].out[port].last = Ports - 1
			}
		}
	}
	for t := uint64(0); ; t++ {
		p.arrivals(t)
		p.see()
		p.eject(t)
		p.inject(t)
		p.grants(t)
		if p.empty() {
			done, err := p.done()
			if done || err != nil {
				p.collect()
				return &p.result, err
			}
		}
	}
}

// arrivals is phase 1.
func (p *plain) arrivals(t uint64) {
	p.every(func(plane Plane, node int, r *plainRouter) {
		for port := range Ports {
			out := &r.out[port]
			if out.packet == nil || out.until != t {
				continue
			}
			if Port(port) == Local {
				p.deliver(plane, node, out.packet, t)
			} else {
				next, entry := p.neighbour(node, Port(port))
				p.enter(plane, next, entry, out.packet)
			}
			out.packet = nil
		}
	})
}

// see notes the FIFOs as they are when everything has arrived. This is what the
// rest of the quantum goes by.
func (p *plain) see() {
	p.every(func(plane Plane, node int, r *plainRouter) {
		for port, fifo := range r.in {
			r.heads[port], r.occupied[port] = nil, len(fifo)
			if len(fifo) > 0 {
				r.heads[port] = fifo[0]
			}
			if Port(port) != Local && p.onMesh(node, Port(port)) {
				feeder, exit := p.neighbour(node, Port(port))
				if p.routers[plane][feeder].out[exit].packet != nil {
					r.occupied[port]++ // a place reserved
				}
			}
		}
	})
}

// eject is phase 2.
func (p *plain) eject(t uint64) {
	p.every(func(plane Plane, node int, r *plainRouter) {
		p.grant(plane, node, r, Local, t)
	})
}

// inject is phase 3.
func (p *plain) inject(t uint64) {
	for i := range p.scripts {
		p.cores[i].gave = [Planes]bool{}
		for plane := range Plane(Planes) {
			p.joined(i, plane, t)
		}
		for p.step(i, t) {
		}
	}
}

// joined ends the waiting of parked steps that send nothing, and injects the
// first of the packets that have their sums.
func (p *plain) joined(i int, plane Plane, t uint64) {
	c, script := &p.cores[i], &p.scripts[i]
	best, since := -1, uint64(0)
	for k := 0; k < len(c.parked); k++ {
		parked := c.parked[k]
		s := script.Steps[parked.step]
		at, ok := p.delivered[s.Join]
		switch {
		case !ok:
		case len(s.To) == 0:
			p.result.Nodes[script.Node].JoinWait += at - parked.own
			c.parked = slices.Delete(c.parked, k, k+1)
			k--
		case s.Plane == plane && (best < 0 || at < since): // of equals, the first step
			best, since = parked.step, at
		}
	}
	if best < 0 || !p.hand(i, best, since, t) {
		return
	}
	c.parked = slices.DeleteFunc(c.parked, func(parked plainParked) bool {
		if parked.step == best {
			p.result.Nodes[script.Node].JoinWait += since - parked.own
		}
		return parked.step == best
	})
}

// hand puts the packet of a step into the Local FIFO, if that takes it.
func (p *plain) hand(i, step int, ready, t uint64) bool {
	node, s := p.scripts[i].Node, p.scripts[i].Steps[step]
	r := &p.routers[s.Plane][node]
	if p.cores[i].gave[s.Plane] || r.occupied[Local] >= p.cfg.FIFO {
		return false
	}
	p.cores[i].gave[s.Plane] = true
	packet := &plainPacket{ready: ready, node: node, step: step, token: s.Token, to: s.To}
	p.enter(s.Plane, node, Local, packet)
	if r.occupied[Local] == 0 {
		r.heads[Local] = packet
	}
	return true
}

// step does the current step of a script if it ends by t, and says whether it
// did.
func (p *plain) step(i int, t uint64) bool {
	c, script := &p.cores[i], &p.scripts[i]
	if c.step == len(script.Steps) {
		return false
	}
	s, times := script.Steps[c.step], &p.result.Nodes[script.Node]
	own := c.begin + s.Work
	if s.Timed {
		own = s.Work
	}
	if own > t {
		return false
	}
	ended := own
	if _, ok := p.delivered[s.Join]; s.Join != 0 && !ok {
		c.parked = append(c.parked, plainParked{c.step, own})
	} else if len(s.To) > 0 {
		if !p.hand(i, c.step, own, t) {
			return false
		}
		ended = t
		times.StallInject += t - own
	}
	c.begin = ended
	c.step++
	if c.step == len(script.Steps) {
		times.Finish = ended
	}
	return true
}

// grants is phase 4.
func (p *plain) grants(t uint64) {
	p.every(func(plane Plane, node int, r *plainRouter) {
		for port := range Ports {
			p.grant(plane, node, r, Port(port), t)
		}
	})
}

// grant lets one output port choose among the heads.
func (p *plain) grant(plane Plane, node int, r *plainRouter, port Port, t uint64) {
	out := &r.out[port]
	if out.until > t {
		return
	}
	for k := 1; k <= Ports; k++ {
		from := (out.last + k) % Ports
		head := r.heads[from]
		if head == nil || !p.wants(node, head.to, port) {
			continue
		}
		if port != Local {
			next, entry := p.neighbour(node, port)
			if p.routers[plane][next].occupied[entry] >= p.cfg.FIFO {
				return
			}
		}
		branch, rest := p.split(node, head.to, port)
		sent := *head
		sent.to = branch
		head.to = rest
		if len(rest) == 0 {
			r.in[from] = r.in[from][1:]
		}
		out.last = from
		r.load[port]++
		p.send(plane, node, out, port, &sent, t)
		return
	}
}

func (p *plain) send(plane Plane, node int, out *plainOutput, port Port, sent *plainPacket, t uint64) {
	busy := p.cfg.hop(plane, port)
	if port == Local {
		busy = sent.to[0].Service
	}
	if busy == 0 {
		out.until = t + 1
		p.deliver(plane, node, sent, t)
		return
	}
	out.until, out.packet = t+busy, sent
}

func (p *plain) enter(plane Plane, node int, port Port, packet *plainPacket) {
	r := &p.routers[plane][node]
	r.in[port] = append(r.in[port], packet)
	peak := &p.traffic.Peak[plane][node*Ports+int(port)]
	*peak = max(*peak, len(r.in[port]))
}

func (p *plain) deliver(plane Plane, node int, packet *plainPacket, t uint64) {
	p.result.Latency[plane].Add(t - packet.ready)
	p.result.ended(t, node, ByDelivery)
	if plane == Sums {
		p.delivered[packet.token] = t
	}
	if p.watch != nil {
		p.watch(arrival{packet.node, packet.step, node, packet.ready, t})
	}
}

func (p *plain) wants(node int, to []Delivery, port Port) bool {
	return slices.ContainsFunc(to, func(d Delivery) bool { return p.towards(node, d.Node) == port })
}

// split is the destinations that go by a port, and the others.
func (p *plain) split(node int, to []Delivery, port Port) (branch, rest []Delivery) {
	for _, d := range to {
		if p.towards(node, d.Node) == port {
			branch = append(branch, d)
		} else {
			rest = append(rest, d)
		}
	}
	return branch, rest
}

func (p *plain) towards(node, to int) Port {
	w := p.cfg.Width
	switch {
	case to%w > node%w:
		return East
	case to%w < node%w:
		return West
	case to/w < node/w:
		return North
	case to/w > node/w:
		return South
	}
	return Local
}

// neighbour is the node a link leads to, and the port it enters by.
func (p *plain) neighbour(node int, port Port) (int, Port) {
	switch port {
	case East:
		return node + 1, West
	case West:
		return node - 1, East
	case North:
		return node - p.cfg.Width, South
	}
	return node + p.cfg.Width, North
}

func (p *plain) onMesh(node int, port Port) bool {
	x, y := node%p.cfg.Width, node/p.cfg.Width
	switch port {
	case East:
		return x+1 < p.cfg.Width
	case West:
		return x > 0
	case North:
		return y > 0
	}
	return y+1 < p.cfg.Height
}

func (p *plain) every(do func(Plane, int, *plainRouter)) {
	for plane := range p.routers {
		for node := range p.routers[plane] {
			do(Plane(plane), node, &p.routers[plane][node])
		}
	}
}

// empty tells whether no packet is anywhere.
func (p *plain) empty() bool {
	empty := true
	p.every(func(_ Plane, _ int, r *plainRouter) {
		for port := range Ports {
			empty = empty && len(r.in[port]) == 0 && r.out[port].packet == nil
		}
	})
	return empty
}

// done tells whether every script has finished and nothing is parked; it is an
// error if all that is left to do is wait for sums, while no packet is anywhere.
func (p *plain) done() (bool, error) {
	var err error
	for i, script := range p.scripts {
		c := p.cores[i]
		if c.step < len(script.Steps) {
			return false, nil
		}
		for _, parked := range c.parked {
			join := script.Steps[parked.step].Join
			if _, ok := p.delivered[join]; ok {
				return false, nil
			}
			if err == nil {
				err = errStuck(script.Node, parked.step, join)
			}
		}
	}
	return err == nil, err
}

// collect ends the run's account.
func (p *plain) collect() {
	for _, script := range p.scripts {
		p.result.ended(p.result.Nodes[script.Node].Finish, script.Node, ByScript)
	}
	p.every(func(plane Plane, node int, r *plainRouter) {
		for port, packets := range r.load {
			p.traffic.Packets[plane][node*Ports+port] += packets
			if Port(port) != Local {
				p.result.Hops[plane] += packets
				p.result.carried(Link{plane, node, Port(port), packets})
			}
		}
	})
}
