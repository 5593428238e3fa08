package trainer

import (
	"context"
	"fmt"
	"runtime"

	"tritloom/internal/bits"
	"tritloom/ternary"
)

// StepsResult is what Integrate found.
type StepsResult struct {
	Network *ternary.Network
	// Sweeps counts full sweeps over all thresholds and biases.
	Sweeps int
	// Candidates counts trials, Accepted the coordinates that were changed.
	Candidates, Accepted uint64
	// FirstLoss is the summed training loss of the first network over steps, Loss
	// that of Network, in units of LossUnit at Temperature.
	FirstLoss, Loss int64
	// Temperature divides the scores, in thousandths of a score unit: that of the
	// one-shot search times the steps, as scores add up over them.
	Temperature int
	// TrainErrors and ValidationErrors count wrong decisions of Network;
	// ValidationErrors is -1 without validation samples.
	TrainErrors, ValidationErrors int
	// LocalOptimum tells that the last sweep changed nothing: no threshold or bias
	// moved by a power of two lowers the loss.
	LocalOptimum bool
	StoppedBy    StopReason // no-change, sweeps or interrupted
}

// Integrate turns a one-shot network that Train found into one over steps. like is
// the network that was asked for: its steps, and what its hidden neurons do. Weights
// stay. Thresholds and readout biases are coordinates: each sweep visits the neurons
// and then the classes in order, tries to move each threshold or bias by ±1, ±2, ±4
// and so on within its range, and keeps the move that lowers the full-batch training
// loss most. Every trial is exact: the loss of the T-step network itself. A tie goes
// to the smaller move, and no random number is drawn, so equal inputs give equal
// networks.
//
// validation is counted at the end and decides nothing; it may be nil. A cancelled
// context ends the search at the next coordinate with the network it has.
func Integrate(ctx context.Context, oneShot, like *ternary.Network, train, validation *Samples, o Options, progress func(Progress)) (*StepsResult, error) {
	if err := CanIntegrate(like); err != nil {
		return nil, err
	}
	g, err := newIntegration(oneShot, like, train, o)
	if err != nil {
		return nil, err
	}
	r := &StepsResult{FirstLoss: g.total, Temperature: g.temperature}
	for r.StoppedBy == "" {
		changed := false
		for k := range g.coordinates() {
			if ctx.Err() != nil {
				r.StoppedBy = StoppedInterrupted
				break
			}
			if progress != nil {
				progress(Progress{Sweep: r.Sweeps, Step: k, Steps: g.coordinates(), Candidates: g.trials, Accepted: g.accepted, Loss: g.total, TrainErrors: -1, ValidationErrors: -1})
			}
			changed = g.improve(k) || changed
		}
		switch {
		case r.StoppedBy != "":
		case !changed:
			r.Sweeps, r.StoppedBy, r.LocalOptimum = r.Sweeps+1, StoppedNoChange, true
		default:
			if r.Sweeps++; o.MaxSweeps > 0 && r.Sweeps == o.MaxSweeps {
				r.StoppedBy = StoppedSweeps
			}
		}
	}
	r.Network, r.Candidates, r.Accepted, r.Loss = g.net, g.trials, g.accepted, g.total
	// A second evaluation from nothing: spikes and scores must not have drifted.
	again := g.on(train)
	if again.total != g.total {
		panic(fmt.Sprintf("trainer: the loss kept by increments is %d, found anew it is %d", g.total, again.total))
	}
	r.TrainErrors, r.ValidationErrors = again.errors(), -1
	if validation != nil {
		r.ValidationErrors = g.on(validation).errors()
	}
	return r, g.net.Validate()
}

// integration is the search under way.
type integration struct {
	net         *ternary.Network
	samples     *Samples
	loss        objective
	temperature int
	threads     int

	neurons    []summed
	scores     []int32 // sample-major, over all steps
	sampleLoss []int32
	total      int64
	biasLimit  int64

	trials, accepted uint64
}

// summed is a hidden neuron: its sum on every sample, the same at every step, and
// how often it fires there.
type summed struct {
	low, high int32 // what the sum can be
	sums      []int32
	fires     []int32
	weights   []int32 // on each class
}

func newIntegration(oneShot, like *ternary.Network, samples *Samples, o Options) (*integration, error) {
	net := clone(oneShot)
	net.Steps, net.Layers[0].Neuron = like.Steps, like.Layers[0].Neuron
	l, r := &net.Layers[0], &net.Readout
	for j := range l.Theta { // every threshold that the search may choose must be within int32
		low, high := ternary.Reach(l.Row(j, net.Width(l.From)))
		first, _ := thetaRange(l.Neuron, low, high, net.Steps)
		l.Theta[j] = int32(first)
	}
	limit := int64(biasLimit(net)) * int64(net.Steps)
	for c := range r.Bias {
		r.Bias[c] *= int32(net.Steps)
		limit = max(limit, int64(r.Bias[c]), -int64(r.Bias[c]))
	}
	if err := net.Validate(); err != nil {
		return nil, err
	}
	for j := range l.Theta {
		l.Theta[j] = firstTheta(l.Neuron, oneShot.Layers[0].Theta[j])
	}
	o.TemperatureMilli *= net.Steps
	loss, err := newObjective(o, int64(net.Steps)*int64(net.Width(r.From)*span(net))+2*limit)
	if err != nil {
		return nil, fmt.Errorf("over %d steps: %w", net.Steps, err)
	}
	g := &integration{net: net, samples: samples, loss: loss, temperature: o.TemperatureMilli, threads: runtime.GOMAXPROCS(0), biasLimit: limit}
	g.evaluate()
	return g, nil
}

// evaluate finds sums, spikes, scores and losses of the network as it stands.
func (g *integration) evaluate() {
	l, r := &g.net.Layers[0], &g.net.Readout
	n, classes := g.samples.Len(), r.Outputs
	var inputs [][]uint64
	for range l.From { // CanIntegrate: the input, perhaps more than once
		inputs = append(inputs, g.samples.columns...)
	}
	g.scores, g.sampleLoss = make([]int32, n*classes), make([]int32, n)
	g.neurons = make([]summed, l.Outputs)
	for j := range g.neurons {
		row := l.Row(j, len(inputs))
		low, high := ternary.Reach(row)
		g.neurons[j] = summed{low, high, weightedSums(inputs, row, n), make([]int32, n), make([]int32, classes)}
		table := g.table(j, l.Theta[j])
		for i := range n {
			g.neurons[j].fires[i] = table[g.neurons[j].sums[i]-low]
		}
	}
	for c := range classes {
		row := r.Row(c, g.net.Width(r.From))
		constant := g.addInputs(c, row)
		for i := range n {
			g.scores[i*classes+c] += r.Bias[c] + constant[i]*int32(g.net.Steps)
		}
	}
	for j := range g.neurons {
		for i, fires := range g.neurons[j].fires {
			g.add(g.scoresOf(i), g.neurons[j].weights, fires)
		}
	}
	for i := range n {
		g.sampleLoss[i] = g.loss.loss(g.scoresOf(i), g.samples.Label(i))
		g.total += int64(g.sampleLoss[i])
	}
}

// addInputs notes the weights of a class on neurons, and gives what inputs that it
// hears itself add at every step.
func (g *integration) addInputs(c int, row []int8) []int32 {
	constant := make([]int32, bits.Padded(g.samples.Len()))
	for _, source := range g.net.Readout.From {
		width := g.net.SourceWidth(source)
		for i, w := range row[:width] {
			if source == ternary.Input {
				bits.Add(g.samples.columns[i], constant, int32(w))
			} else {
				g.neurons[i].weights[c] += int32(w)
			}
		}
		row = row[width:]
	}
	return constant
}

// table is how often neuron j would fire with a threshold, by its sum less the
// lowest.
func (g *integration) table(j int, theta int32) []int32 {
	u, l := &g.neurons[j], &g.net.Layers[0]
	table := make([]int32, u.high-u.low+1)
	for k := range table {
		table[k] = firings(l.Neuron, u.low+int32(k), theta, g.net.Steps)
	}
	return table
}

// add adds so many spikes to a row of scores.
func (g *integration) add(scores, weights []int32, spikes int32) {
	for c, w := range weights {
		scores[c] += w * spikes
	}
}

func (g *integration) scoresOf(sample int) []int32 {
	classes := g.net.Readout.Outputs
	return g.scores[sample*classes : (sample+1)*classes]
}

// coordinates counts the thresholds and biases.
func (g *integration) coordinates() int { return len(g.neurons) + g.net.Readout.Outputs }

// improve gives coordinate k the value with the lowest loss, and tells whether that
// is another one.
func (g *integration) improve(k int) bool {
	value, low, high := g.coordinate(k)
	var candidates []int32
	for step := int64(1); step <= high-low; step *= 2 {
		for _, v := range []int64{int64(*value) - step, int64(*value) + step} {
			if v >= low && v <= high {
				candidates = append(candidates, int32(v))
			}
		}
	}
	gains := make([]int64, len(candidates))
	parallel(g.threads, len(candidates), 1+minParallel/(g.samples.Len()*g.net.Readout.Outputs), func(_, from, to int) {
		for c := from; c < to; c++ {
			gains[c] = g.weigh(k, candidates[c], false)
		}
	})
	g.trials += uint64(len(candidates))
	best, gain := -1, int64(0)
	for c := range candidates {
		if gains[c] < gain {
			best, gain = c, gains[c]
		}
	}
	if best < 0 {
		return false
	}
	g.total += g.weigh(k, candidates[best], true)
	*value = candidates[best]
	g.accepted++
	return true
}

// coordinate is the place and the range of a threshold, or of a bias.
func (g *integration) coordinate(k int) (value *int32, low, high int64) {
	if k >= len(g.neurons) {
		return &g.net.Readout.Bias[k-len(g.neurons)], -g.biasLimit, g.biasLimit
	}
	l := &g.net.Layers[0]
	low, high = thetaRange(l.Neuron, g.neurons[k].low, g.neurons[k].high, g.net.Steps)
	return &l.Theta[k], low, high
}

// weigh is the change of the loss if coordinate k took a value; keep also changes
// spikes, scores and losses to it.
func (g *integration) weigh(k int, value int32, keep bool) (gain int64) {
	scratch := make([]int32, g.net.Readout.Outputs)
	try := func(i int, change func(scores []int32)) {
		scores := scratch
		if keep {
			scores = g.scoresOf(i)
		} else {
			copy(scores, g.scoresOf(i))
		}
		change(scores)
		loss := g.loss.loss(scores, g.samples.Label(i))
		gain += int64(loss - g.sampleLoss[i])
		if keep {
			g.sampleLoss[i] = loss
		}
	}
	if c := k - len(g.neurons); c >= 0 {
		more := value - g.net.Readout.Bias[c]
		for i := range g.samples.Len() {
			try(i, func(scores []int32) { scores[c] += more })
		}
		return gain
	}
	u, table := &g.neurons[k], g.table(k, value)
	for i := range g.samples.Len() {
		now := table[u.sums[i]-u.low]
		if now == u.fires[i] {
			continue
		}
		try(i, func(scores []int32) { g.add(scores, u.weights, now-u.fires[i]) })
		if keep {
			u.fires[i] = now
		}
	}
	return gain
}

// on is the network as it stands on other samples.
func (g *integration) on(samples *Samples) *integration {
	other := &integration{net: g.net, samples: samples, loss: g.loss}
	other.evaluate()
	return other
}

// errors counts the samples decided wrongly.
func (g *integration) errors() (wrong int) {
	for i := range g.samples.Len() {
		if ternary.Argmax(g.scoresOf(i)) != g.samples.Label(i) {
			wrong++
		}
	}
	return wrong
}
