package trace_test

import (
	"fmt"
	"os"

	"tritloom/layout"
	"tritloom/sim"
	"tritloom/sim/trace"
)

// A neuron that fires at its second input, traced tick by tick.
func ExampleRecorder() {
	l, err := layout.ParseText(`chip one ternary axons 1 neurons 1
inputs 1
layer count 1
readout none 0
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
row 0 +
column 0 spike >= 2 reset zero level 0 is count/0
input 0 to 0:0
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	var recorder trace.Recorder
	for _, name := range []string{"potentials", "spikes"} {
		form, _ := trace.ByName(name)
		w, err := form.New(os.Stdout, trace.Options{Layout: l})
		if err != nil {
			fmt.Println(err)
			return
		}
		recorder.Add(w)
	}
	o := sim.DefaultOptions()
	o.Observe = recorder.Observe
	chip, err := sim.NewStepper(l, o)
	for range 2 {
		if err == nil {
			err = chip.Inject(0, 0, 0)
		}
		if err == nil {
			_, err = chip.Tick()
		}
	}
	fmt.Println(recorder.Ticks(), "ticks", recorder.End(), err)
	// Output:
	// tick,core,neuron,kept_potential,kept_current
	// 0,0,0,1,
	// tick,core,neuron,layer,index
	// 1,0,0,0,
	// 1,0,0,count,0
	// 2 ticks <nil> <nil>
}
