package noc

import "fmt"

// Token names a sum within a run; 0 names none.
type Token uint32

// MaxToken is the largest token. The network keeps a row for every token up to
// the largest in use, so tokens are best given out from 1 on.
const MaxToken Token = 1 << 24

// Delivery is one destination of a packet.
type Delivery struct {
	Node    int
	Service uint64 // quanta the delivery occupies the local output port
}

// Step is something a core does: compute, then inject a packet, which may have
// to wait for a sum. Each part may be left out.
type Step struct {
	// Work is how long the core computes, in quanta.
	Work uint64
	// Timed steps count Work from the beginning of the run instead of from the
	// end of the last step. They have a packet and no Join.
	Timed bool
	// Join is the sum that the packet cannot leave without, sent to this node
	// in this run. Until it is there the packet is parked beside the core, which
	// goes on. No two steps join one sum.
	Join Token

	// To is where the step's packet goes: distinct nodes in ascending order.
	// Without destinations the step injects nothing.
	To []Delivery
	// Plane carries the packet.
	Plane Plane
	// Token names the sum, on the plane of sums. No two packets share one.
	Token Token
}

// Script is what the core of one node does in a run.
type Script struct {
	Node  int
	Steps []Step
}

// checker refuses scripts that cannot be run. Its tables are kept between runs:
// a row belongs to the run it is stamped with.
type checker struct {
	cfg   Config
	run   uint64
	nodes []uint64  // [node] run of its script
	sums  []sumSent // [token]
}

type sumSent struct {
	run    uint64
	to     int
	joined uint64 // run in which a step joins it
}

func newChecker(cfg Config) *checker {
	return &checker{cfg: cfg, nodes: make([]uint64, cfg.Nodes())}
}

// check looks at every step: first alone, then at the sums that steps join,
// which may be sent by any script.
func (c *checker) check(scripts []Script) error {
	c.run++
	joins := false
	for i := range scripts {
		s := &scripts[i]
		if s.Node < 0 || s.Node >= len(c.nodes) {
			return fmt.Errorf("noc: script %d is for node %d; want 0..%d", i, s.Node, len(c.nodes)-1)
		}
		if c.nodes[s.Node] == c.run {
			return fmt.Errorf("noc: script %d is a second one for node %d; join their steps", i, s.Node)
		}
		c.nodes[s.Node] = c.run
		for j := range s.Steps {
			if err := c.step(&s.Steps[j]); err != nil {
				return fmt.Errorf("noc: node %d step %d: %w", s.Node, j, err)
			}
			joins = joins || s.Steps[j].Join != 0
		}
	}
	if !joins {
		return nil
	}
	for i := range scripts {
		for j := range scripts[i].Steps {
			if err := c.join(scripts[i].Node, scripts[i].Steps[j].Join); err != nil {
				return fmt.Errorf("noc: node %d step %d: %w", scripts[i].Node, j, err)
			}
		}
	}
	return nil
}

func (c *checker) step(s *Step) error {
	switch {
	case s.Work > maxQuanta:
		return fmt.Errorf("works %d quanta; want at most %d", s.Work, uint64(maxQuanta))
	case s.Timed && (s.Join != 0 || len(s.To) == 0):
		return fmt.Errorf("is timed; want a packet, and one that joins no sum")
	case s.Plane >= Planes:
		return fmt.Errorf("uses plane %d; want %d (spikes) or %d (sums)", s.Plane, Spikes, Sums)
	}
	for i, d := range s.To {
		if d.Node < 0 || d.Node >= len(c.nodes) {
			return fmt.Errorf("sends to node %d; want 0..%d", d.Node, len(c.nodes)-1)
		}
		if i > 0 && d.Node <= s.To[i-1].Node {
			return fmt.Errorf("sends to node %d after node %d; want distinct nodes in ascending order", d.Node, s.To[i-1].Node)
		}
		if d.Service > maxQuanta {
			return fmt.Errorf("is served %d quanta at node %d; want at most %d", d.Service, d.Node, uint64(maxQuanta))
		}
	}
	if s.Plane == Sums && len(s.To) > 0 {
		return c.sum(s)
	}
	if s.Token != 0 {
		return fmt.Errorf("has token %d but sends no sum; want token 0, or a destination on the plane of sums", s.Token)
	}
	return nil
}

func (c *checker) sum(s *Step) error {
	switch {
	case c.cfg.SumHop == 0:
		return fmt.Errorf("sends sum %d on a chip without sums; set noc.Config.SumHop", s.Token)
	case len(s.To) != 1:
		return fmt.Errorf("sends sum %d to %d nodes; want one", s.Token, len(s.To))
	case s.Token == 0 || s.Token > MaxToken:
		return fmt.Errorf("sends a sum with token %d; want 1..%d", s.Token, MaxToken)
	}
	for len(c.sums) <= int(s.Token) {
		c.sums = append(c.sums, sumSent{})
	}
	if c.sums[s.Token].run == c.run {
		return fmt.Errorf("sends sum %d, which another step sends too; give each sum a token of its own", s.Token)
	}
	c.sums[s.Token] = sumSent{run: c.run, to: s.To[0].Node}
	return nil
}

func (c *checker) join(node int, token Token) error {
	switch {
	case token == 0:
		return nil
	case int(token) >= len(c.sums) || c.sums[token].run != c.run:
		return fmt.Errorf("joins sum %d, which no step sends", token)
	case c.sums[token].to != node:
		return fmt.Errorf("joins sum %d, which goes to node %d", token, c.sums[token].to)
	case c.sums[token].joined == c.run:
		return fmt.Errorf("joins sum %d, which another step joins too; send each its own", token)
	}
	c.sums[token].joined = c.run
	return nil
}

// errStuck is the error of a run in which sums wait for each other for ever;
// node and step are the first that wait, in the order of the scripts.
func errStuck(node, step int, token Token) error {
	return fmt.Errorf("noc: node %d step %d: joins sum %d, which never comes, since the sums it is made of join each other in a circle; break the circle", node, step, token)
}
