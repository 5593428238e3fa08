package report

import "tritloom/ledger"

// OpsOnly is an estimate that many papers and tools stop at: synaptic operations
// and neuron updates, each times one constant. It knows no memory, no mesh, no
// host and no power that is paid without a spike, so it is not a result of this
// model; it stands beside one to show what it leaves out.
type OpsOnly struct {
	Name   string `json:"name"`
	Source string `json:"source"` // where the constants stand, and what they are
	// Joules of one operation.
	PerSynapticOp   float64 `json:"per_synaptic_op_j"`
	PerNeuronUpdate float64 `json:"per_neuron_update_j"`
}

// OpsOnlyEstimators is the one list of them.
var OpsOnlyEstimators = []OpsOnly{
	{
		Name: "26 pJ a synaptic op", PerSynapticOp: 26e-12,
		Source: "TrueNorth's 72 mW at 0.775 V, 20 Hz and 128 synapses over its synaptic events (Merolla 2014, second-hand): all power at one operating point, static included, often cited as the price of one more event",
	},
	{
		Name: "0.9 pJ an accumulation", PerSynapticOp: 0.9e-12,
		Source: "Horowitz 2014 (ISSCC), 45 nm, addition in fp32, second-hand; the usual AC of papers that set it against a MAC of 4.6 pJ",
	},
	{
		Name: "KerasSpiking, loihi", PerSynapticOp: (23.6 + 3.5) * 1e-12, PerNeuronUpdate: 81e-12,
		Source: "keras_spiking/model_energy.py, device loihi: 23.6 pJ (Davies 2018, pre-silicon) and 3.5 pJ a synop, the latter apparently the mean of the hop prices 3 and 4 pJ, charged once a synapse; 81 pJ for every neuron in every step",
	},
	{
		Name: "snnTorch, cpu", PerSynapticOp: 8.6e-9, PerNeuronUpdate: 8.6e-9,
		Source: "snntorch/energy_estimation/device_profile_registry.py: cpu, 8.6 nJ an event, is the one device it ships (KerasSpiking's cpu, an Intel i7-4960X, a desktop processor); the tool counts synapses that no spike reaches too, so it would print more",
	},
	{
		Name: "2.5 pJ a synaptic op", PerSynapticOp: 2.5e-12,
		Source: "the figure TrueNorth is cited with in comparisons (Tang 2023, SENECA, table 3, second-hand), its peak of 400 GSOPS/W turned over: all power where the most events share it, so that away from the peak static power is left out",
	},
}

// Joules is the estimate for so many operations.
func (o OpsOnly) Joules(synapticOps, neuronUpdates float64) float64 {
	return float64(o.PerSynapticOp*synapticOps) + float64(o.PerNeuronUpdate*neuronUpdates)
}

// OpsOnlyFigure is what one estimator says of a run.
type OpsOnlyFigure struct {
	OpsOnly
	Joules float64 `json:"joules"` // per inference
	Ratio  float64 `json:"ratio"`  // over the full figure; 0 where that is 0
}

// opsOnlyFigures asks every estimator about an inference with such counts, and
// sets the answers over the full figure.
func opsOnlyFigures(samples *ledger.Counts, inferences int, full float64) []OpsOnlyFigure {
	perInference := 1 / float64(inferences)
	ops := float64(samples[ledger.SynapticOp]) * perInference
	updates := float64(samples[ledger.NeuronTouched]+samples[ledger.NeuronIdle]) * perInference
	list := make([]OpsOnlyFigure, len(OpsOnlyEstimators))
	for i, o := range OpsOnlyEstimators {
		list[i] = OpsOnlyFigure{OpsOnly: o, Joules: o.Joules(ops, updates)}
		if full > 0 {
			list[i].Ratio = list[i].Joules / full
		}
	}
	return list
}
