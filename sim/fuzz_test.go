package sim

import (
	"testing"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// FuzzRun simulates whatever image a text describes: a valid image never
// panics, its record always agrees with itself, the number of workers never
// shows, and engines differ in nothing.
func FuzzRun(f *testing.F) {
	f.Add(oneScore)
	for i := range 6 {
		r := seed.Sub(9, seed.TestNetwork, i)
		l, _ := randomDense(r).image(r, 3, 3, i%2 == 0)
		f.Add(l.Text())
	}
	f.Add("chip all ternary axons 2 neurons 2 mesh 2x1 merge add tick fixed quanta 5\ninputs 2\nlayer h 2\nreadout r 1\nticks 3 interval 2\n" +
		"core 0 at 0,0\naxon 0 from input/0\naxon 1 from h/0\nrow 0 ++\nrow 1 -+\n" +
		"column 0 spike >= 1 reset subtract leak 1 level 1 is h/0 to 0:0@2 0:1@5 1:1@1\ncolumn 1 send level 2 to 1:1\n" +
		"core 1 at 1,0\naxon 1 from h/0\nrow 1 0-\ncolumn 1 score leak -1 level 2 is r/0\n" +
		"input 0 to 0:0@7\ninput 1 to 1:1\ncontrol 2 to 0:1\noutput 0 from 1:1\n")
	f.Add("chip whole kbit axons 2 neurons 2 synapse 5 weight 5 gate on\ninputs 2\nlayer h 1\nreadout r 1\nticks 2 interval 1\n" +
		"core 0 at 0,0\naxon 0 from input/0\naxon 1 from h/0\nrow 0 -16 0\nrow 1 0 15\n" +
		"column 0 spike >= -9 reset clear level 0 is h/0 to 0:1@1\ncolumn 1 score leak -1 level 1 is r/0\ninput 0 to 0:0\noutput 0 from 0:1\n")
	f.Add("chip pairs differential axons 2 neurons 2 adc 1 variation 9 gate on\ninputs 2\nlayer h 1\nreadout r 1\nticks 1 interval 1\n" +
		"core 0 at 0,0\naxon 0 from input/0\naxon 1 from input/1\nrow 0 +-\nrow 1 0-\n" +
		"column 0 send level 0 is r/0 to 0:1\ncolumn 1 score leak -1 level 0 is r/0\ninput 0 to 0:0\ninput 1 to 0:1\noutput 0 from 0:1\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := layout.ParseText(text)
		if err != nil || len(l.Cores)*l.Capabilities.Core.Axons*l.Capabilities.Core.Neurons > 5000 || l.Inputs > 1000 || l.Schedule.TicksPerInference > 100 {
			return // not an image, or one that only takes long
		}
		all := samples{encode.NewBits(l.Inputs), encode.NewBits(l.Inputs), encode.NewBits(l.Inputs)}
		for i := range l.Inputs {
			all[1].Set(i)
			all[2].Put(i, i%2 == 0)
		}
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			for _, timing := range []string{TimingNone, TimingAnalytic} {
				sameRuns(t, l, scenario, timing, all)
			}
		}
	})
}
