package sim_test

import (
	"context"
	"fmt"

	"tritloom/encode"
	"tritloom/layout"
	"tritloom/sim"
)

// one is a chip of one neuron: it scores its only input, plus 4.
const one = `chip one ternary axons 1 neurons 1 gate on
inputs 1
readout class 1
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
row 0 +
column 0 score leak 4 level 0 is class/0
input 0 to 0:0
output 0 from 0:0
`

// bits is a source of given samples.
type bits []encode.Bits

func (b bits) Len() int                    { return len(b) }
func (b bits) Bits(i int, dst encode.Bits) { copy(dst.Words(), b[i].Words()) }

func ExampleMachine_Run() {
	l, err := layout.ParseText(one)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := sim.New(l, sim.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := m.Run(context.Background(), bits{encode.ParseBits("0"), encode.ParseBits("1")}, func(w sim.Wave) error {
		fmt.Println("sample", w.Sample, "scores", w.Scores)
		return nil
	})
	fmt.Println(run.Samples, "samples in", run.Ticks.Total, "ticks", err)
	// Output:
	// sample 0 scores [4]
	// sample 1 scores [5]
	// 2 samples in 2 ticks <nil>
}

func ExampleStepper() {
	l, err := layout.ParseText(one)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sim.NewStepper(l, sim.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	s.StartWave()
	err = s.Inject(0, 0, 0)
	step, tickErr := s.Tick()
	fmt.Println(step.Scores[0].Value, err, tickErr)
	// Output: 5 <nil> <nil>
}
