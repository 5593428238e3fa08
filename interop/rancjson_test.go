package interop

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

// handJSON is handFolder as the simulator's JSON, with the bus inside the grid:
// output 3 speaks at tick 3, which is printed on the fifth line.
const (
	handConfig = `{"num_neurons": 2, "num_axons": 4, "num_cores_x": 3, "num_cores_y": 1, "num_weights": 4, "max_tick_offset": 16, "neuron_reset_type": 0}`
	handInput  = `{
"packets": [[{"destination_core": [0,0], "destination_axon": 0, "destination_tick": 0}, {"destination_core": [0,0], "destination_axon": 0, "destination_tick": 2}],
            [{"destination_core": [0,0], "destination_axon": 0, "destination_tick": 0}]],
"output_bus": {"coordinates": [2,0], "num_outputs": 4},
"cores": [
{"coordinates": [0,0], "axons": [0,1], "connections": [[1]], "neurons": [
 {"reset_potential": 0, "weights": [1,-1], "leak": 0, "positive_threshold": 1, "negative_threshold": 1, "destination_core_offset": [1,0], "destination_axon": 2, "destination_tick": 1, "current_potential": 0, "reset_mode": 0}]},
{"coordinates": [1,0], "axons": [0,0,1], "connections": [[0,0,1]], "neurons": [
 {"reset_potential": 7, "weights": [0,3], "leak": 0, "positive_threshold": 5, "negative_threshold": -2, "destination_core_offset": [1,0], "destination_axon": 3, "destination_tick": 0, "current_potential": 0, "reset_mode": 1}]}]}
`
	handPrinted = "\uFEFF0 0 0 0 \n0 0 0 0 \n0 0 0 0 \n0 0 0 0 \n0 0 0 1 \n0 0 0 0 \n"
)

func importHandJSON(config, input, printed string) (*RANC, error) {
	return ImportRANCJSON(RANCFile{"in.json", []byte(input)}, RANCFile{"config.json", []byte(config)}, &RANCFile{"out.txt", []byte(printed)})
}

func TestRANCJSONByHand(t *testing.T) {
	im, err := importHandJSON(handConfig, handInput, handPrinted)
	if err != nil {
		t.Fatal(err)
	}
	if r := run(t, im.Case); r.First != nil || r.Produced != 1 || r.Ticks != 5 || !im.Case.Bitmap {
		t.Errorf("%+v, %v; want 1 spike in 5 ticks as printed", r, r.First)
	}
}

func TestRANCJSONRefuses(t *testing.T) {
	for _, c := range []struct{ want, file, old, new string }{
		{"config.json: num_axons 0; want 1..4096", "c", `"num_axons": 4`, `"num_axons": 0`},
		{"config.json: num_axons 5000; want 1..4096", "c", `"num_axons": 4`, `"num_axons": 5000`},
		{"config.json: num_weights 5; want 1..4", "c", `"num_weights": 4`, `"num_weights": 5`},
		{"config.json: neuron_reset_type 2; want 0..1", "c", `"neuron_reset_type": 0`, `"neuron_reset_type": 2`},
		{"config.json:1: ", "c", `{"num_neurons"`, `"num_neurons"`},
		{"config.json: text after the JSON object", "c", `0}`, `0} {}`},
		{"in.json:4: cannot unmarshal string", "i", `"num_outputs": 4`, `"num_outputs": "4"`},
		{"in.json: no output_bus with coordinates and num_outputs", "i", `"output_bus"`, `"outputbus"`},
		{"in.json: output_bus: coordinates 3,0; want a place on the grid of 3×1", "i", `"coordinates": [2,0]`, `"coordinates": [3,0]`},
		{"in.json: cores[1]: coordinates 2,0, where the output bus is", "i", `"coordinates": [1,0]`, `"coordinates": [2,0]`},
		{"in.json: cores[1]: coordinates 0,0 are taken", "i", `"coordinates": [1,0]`, `"coordinates": [0,0]`},
		{"in.json: cores[1]: coordinates 0,4; want a place on the grid of 3×1", "i", `"coordinates": [1,0]`, `"coordinates": [0,4]`},
		{"in.json: cores[0]: axon 1 has type 4; want 0..3", "i", `"axons": [0,1]`, `"axons": [0,4]`},
		{"in.json: cores[0]: 5 axons; want at most num_axons, 4", "i", `"axons": [0,1]`, `"axons": [0,1,0,0,0]`},
		{"in.json: cores[0]: 2 rows of connections for 1 neurons", "i", `[[1]]`, `[[1],[1]]`},
		{"in.json: cores[0]: core (0,0) neuron 0: connection 2 from axon 0; want 0 or 1", "i", `[[1]]`, `[[2]]`},
		{"in.json: cores[0]: core (0,0) neuron 0: no leak; add it", "i", `"leak": 0, "positive_threshold": 1`, `"positive_threshold": 1`},
		{"in.json: cores[0]: core (0,0) neuron 0: positive_threshold 2000000000; want", "i", `"positive_threshold": 1`, `"positive_threshold": 2000000000`},
		{"in.json: cores[0]: core (0,0) neuron 0: reset_mode 2; RANC's simulator has 0 (absolute) and 1 (linear)", "i", `"reset_mode": 0`, `"reset_mode": 2`},
		{"in.json: core (0,0) neuron 0: spikes to -1,0; want a core of the grid of 3×1", "i", `"destination_core_offset": [1,0], "destination_axon": 2`, `"destination_core_offset": [-1,0], "destination_axon": 2`},
		{"in.json: core (0,0) neuron 0: spikes to axon 4; want 0..3", "i", `"destination_axon": 2`, `"destination_axon": 4`},
		{"in.json: core (1,0) neuron 0: spikes to output 4; want 0..3", "i", `"destination_axon": 3`, `"destination_axon": 4`},
		{"in.json: core (0,0) neuron 0: destination tick 16; want 0..15", "i", `"destination_tick": 1,`, `"destination_tick": 16,`},
		{"in.json: packets[1][0]: destination_tick 16; want 0..15", "i", `"destination_tick": 0}]],`, `"destination_tick": 16}]],`},
		{"in.json: packets[0][1]: a packet for 2,0, where the output bus is", "i", `[0,0], "destination_axon": 0, "destination_tick": 2`, `[2,0], "destination_axon": 0, "destination_tick": 2`},
		{"out.txt:2: 3 outputs; want 4", "p", "\n0 0 0 0 \n0 0 0 0 \n0 0 0 0", "\n0 0 0 \n0 0 0 0 \n0 0 0 0"},
		{`out.txt:5: "2"; want 0 or 1`, "p", "1", "2"},
		{"out.txt:1: an output before the first tick", "p", "\uFEFF0", "1"},
	} {
		config, input, printed := handConfig, handInput, handPrinted
		text := map[string]*string{"c": &config, "i": &input, "p": &printed}[c.file]
		if !strings.Contains(*text, c.old) {
			t.Fatalf("%s: nothing to change", c.want)
		}
		*text = strings.Replace(*text, c.old, c.new, 1)
		_, err := importHandJSON(config, input, printed)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line that starts with %q", err, c.want)
		}
	}
}

// neuron_reset_type 1 resets at the negative threshold too, as the simulator's own
// code does: exact for absolute resets, and for linear ones at 0.
func TestResetAtTheThreshold(t *testing.T) {
	config := strings.Replace(handConfig, `"neuron_reset_type": 0`, `"neuron_reset_type": 1`, 1)
	_, err := importHandJSON(config, handInput, handPrinted)
	if err == nil || !strings.Contains(err.Error(), "linear reset with negative_threshold -2 and neuron_reset_type 1") {
		t.Errorf("linear at -2: %v; want a refusal", err)
	}
	input := strings.Replace(handInput, `"negative_threshold": -2`, `"negative_threshold": 0`, 1)
	im, err := importHandJSON(config, input, handPrinted)
	if err != nil {
		t.Fatal(err)
	}
	if r := run(t, im.Case); r.First != nil {
		t.Error(r.First)
	}
	input = strings.Replace(strings.Replace(input, `"reset_mode": 1`, `"reset_mode": 0`, 1), `"negative_threshold": 0`, `"negative_threshold": -4`, 1)
	im, err = importHandJSON(config, input, handPrinted)
	if err != nil {
		t.Fatal(err)
	}
	if d := im.Layout.Cores[1].Columns[0].Dynamics; d.Beta != 3 || d.ResetTo != 7 {
		t.Errorf("absolute at -4: %+v; want below -3, to -7", d)
	}
}

func TestThousandDamagedRANCJSON(t *testing.T) {
	for name, good := range map[string]string{"config": handConfig, "input": handInput, "printed": handPrinted} {
		t.Run(name, func(t *testing.T) {
			reader := damage.Reader{
				Good: [][]byte{[]byte(good)}, Edits: []damage.Edit{damage.Text},
				// Cores of 4096 neurons by 4096 axons are what two cores may claim.
				Bound:  func(size int) uint64 { return 64<<20 + 4096*uint64(size) },
				Random: func(trial int) *rand.Rand { return seed.Sub(33, seed.TestInput, trial) },
				Read: func(file []byte) error {
					texts := map[string]string{"config": handConfig, "input": handInput, "printed": handPrinted}
					texts[name] = string(file)
					r, err := importHandJSON(texts["config"], texts["input"], texts["printed"])
					if err != nil {
						return err
					}
					if err := r.Case.Validate(); err != nil {
						t.Errorf("accepted and not valid: %v", err)
					}
					return nil
				},
			}
			if accepted, _ := reader.Thousand(t); accepted > 700 {
				t.Errorf("%d damaged files accepted; damage should be felt", accepted)
			}
		})
	}
}

func FuzzRANCJSON(f *testing.F) {
	f.Add(handConfig, handInput, handPrinted)
	f.Fuzz(func(t *testing.T, config, input, printed string) {
		var c rancJSONConfig
		if json.Unmarshal([]byte(config), &c) == nil && c.Axons*c.Neurons*max(1, c.Width*c.Height) > 1<<20 {
			return // within the limits, and slow
		}
		r, err := importHandJSON(config, input, printed)
		if err == nil {
			err = r.Case.Validate()
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
			return
		} else {
			return
		}
		if err != nil {
			t.Error(err)
		}
	})
}
