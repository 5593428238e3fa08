package trainer

import (
	"testing"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// Loss tables are as long as the spread says, so no weights and biases the
// search may choose must exceed it, and the worst ones reach it.
func TestScoreSpreadIsTheLargestDifference(t *testing.T) {
	for _, alphabet := range [][]int8{{-1, 0, 1}, {-2, -1, 0, 1, 2}, {0, 1, 7}} {
		net := chain(9, nil, 2)
		net.Alphabet = alphabet
		limit := biasLimit(net)
		for i := range 9 {
			net.Readout.Weights[i] = alphabet[len(alphabet)-1]
			net.Readout.Weights[9+i] = alphabet[0]
		}
		net.Readout.Bias = []int32{limit, -limit}
		scores := net.Eval(encode.ParseBits("111111111")).Scores
		if got, want := scoreSpread(net), int64(scores[0]-scores[1])+int64(trialReach(net)); got != want {
			t.Errorf("alphabet %v: spread %d; the farthest scores and one trial differ by %d", alphabet, got, want)
		}
		// A search from there must find every loss it looks up.
		o := DefaultOptions()
		o.Init = InitKeep
		samples := must(NewSamples(9, 2, []encode.Bits{encode.ParseBits("111111111")}, []int32{1}))(t)
		s := must(newSearch(Shape{Network: net}, samples, o))(t)
		s.sweep(func(int, int) bool { return false })
		compareState(t, 0, s)
	}
}

// A network given with larger biases than the search would choose widens the
// tables.
func TestScoreSpreadCoversTheStart(t *testing.T) {
	net := chain(4, nil, 2)
	net.Readout.Bias = []int32{5000, -7000}
	if got := scoreSpread(net); got < 12_000 {
		t.Errorf("spread %d; the biases alone differ by 12000", got)
	}
	o := DefaultOptions()
	o.Init = InitKeep
	samples := digitLike(t, 4, 2, 30, 10)
	s := must(newSearch(Shape{Network: net}, samples, o))(t)
	compareState(t, 0, s)
}

func TestInitialWeightsFollowTheOptions(t *testing.T) {
	samples := digitLike(t, 100, 4, 200, 20)
	share := func(o Options) float64 {
		s := must(newSearch(Shape{Network: chain(100, []int{50}, 4)}, samples, o))(t)
		zeros := 0
		for _, w := range s.net.Layers[0].Weights {
			if w == 0 {
				zeros++
			}
		}
		return float64(zeros) / 5000
	}
	o := DefaultOptions()
	for _, percent := range []int{0, 50, 95, 100} {
		o.ZerosPercent = percent
		// 0.03 is four standard deviations of a share of one half of 5,000.
		if got := share(o); got < float64(percent)/100-0.03 || got > float64(percent)/100+0.03 {
			t.Errorf("%.3f zeros; want %d %%", got, percent)
		}
	}
	o.Init = InitUniform
	if got := share(o); got < 0.30 || got > 0.37 {
		t.Errorf("%.3f zeros of a uniform start; want a third", got)
	}
}

// The first thresholds are the mean sums, so that neurons neither sleep nor
// fire always, and within what the weights can reach.
func TestFirstThresholdsAreMeanSums(t *testing.T) {
	samples := digitLike(t, 30, 3, 150, 20)
	o := DefaultOptions()
	o.ZerosPercent = 50
	s := must(newSearch(Shape{Network: chain(30, []int{12, 6}, 3)}, samples, o))(t)
	for i := range s.net.Layers {
		l := &s.net.Layers[i]
		width := s.net.Width(l.From)
		for k, theta := range l.Theta {
			var sum, n int64
			for sample := range samples.Len() {
				in := samples.Bits(sample)
				if i > 0 {
					in = s.net.Eval(in).Spikes[0][i-1]
				}
				for at, w := range l.Row(k, width) {
					if in.Get(at) {
						sum += int64(w)
					}
				}
				n++
			}
			// The mean rounded up is the one integer in [mean, mean+1).
			if int64(theta)*n < sum || int64(theta)*n >= sum+n {
				t.Errorf("layer %d, neuron %d: threshold %d; mean sum %d/%d", i, k, theta, sum, n)
			}
		}
	}
}

// A neuron's threshold stays where a change can matter.
func TestThresholdsStayWithinReach(t *testing.T) {
	random := seed.Stream(5, seed.TestInput)
	samples := randomSamples(t, random, 5, 2, 60)
	o := DefaultOptions()
	o.TemperatureMilli, o.MaxSweeps = 500, 0
	shape := Shape{Network: chain(5, []int{6}, 2), Masks: [][]bool{make([]bool, 30)}}
	r := train(t, shape, samples, nil, o) // all hidden weights are masked
	for k, theta := range r.Network.Layers[0].Theta {
		low, high := ternary.Reach(r.Network.Layers[0].Row(k, 5))
		if low != 0 || high != 0 || theta < 0 || theta > 1 {
			t.Errorf("neuron %d: threshold %d with sums %d..%d; want 0 or 1", k, theta, low, high)
		}
	}
}
