package report

import (
	"encoding/json"
	"errors"
	"fmt"

	"tritloom/ledger"
	"tritloom/ternary"
)

// NeuroBench is a run in the metrics of NeuroBench's algorithm track, under the
// names its harness prints. Null means that the run cannot tell, and then a note
// says why. The definitions are those of the harness's code (neurobench/metrics:
// static/footprint.py and connection_sparsity.py, workload/activation_sparsity.py
// and synaptic_operations.py, which a page of its documents contradicts for
// connection sparsity); Notes has each, and where this figure differs.
type NeuroBench struct {
	Format  string `json:"format"` // NeuroBenchFormat
	Track   string `json:"track"`
	Network string `json:"network"` // hash
	Layout  string `json:"layout"`  // hash
	Data    string `json:"data"`
	Chip    string `json:"chip"`
	Samples int    `json:"samples"`

	Footprint              int64              `json:"Footprint"` // bytes
	ConnectionSparsity     float64            `json:"ConnectionSparsity"`
	ClassificationAccuracy float64            `json:"ClassificationAccuracy"`
	ActivationSparsity     *float64           `json:"ActivationSparsity"`
	SynapticOperations     SynapticOperations `json:"SynapticOperations"`

	ChipFootprint int64          `json:"chip_footprint_bytes"` // stored on the used cores
	Notes         Object[string] `json:"notes"`                // by metric
}

// SynapticOperations are counts of one inference, all its steps together.
type SynapticOperations struct {
	EffectiveMACs float64  `json:"Effective_MACs"`
	EffectiveACs  *float64 `json:"Effective_ACs"`
	Dense         float64  `json:"Dense"`
}

// NeuroBenchFormat names the form of the JSON of a NeuroBench.
const NeuroBenchFormat = "tritloom-neurobench/1"

// NewNeuroBench works out the metrics. They need the network as trained and the
// layout beside the run.
func NewNeuroBench(s Subject) (*NeuroBench, error) {
	if s.Network == nil || s.Layout == nil {
		return nil, errors.New("NeuroBench metrics: network or layout is missing; want both beside the run, as footprint and sparsity are theirs; name the network and the layout")
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.Layout.Network != s.Network.Hash() {
		return nil, fmt.Errorf("NeuroBench metrics: the layout was compiled from network %s; this network is %s; name the network the layout was compiled from", short(s.Layout.Network), short(s.Network.Hash()))
	}
	size := s.Network.Size()
	if size.Weights == 0 {
		return nil, errors.New("NeuroBench metrics: the network has no weights, so connection sparsity is a share of nothing; want at least one weighted layer")
	}
	c, err := newCensus(s.Run, s.Chip, UsedCores)
	if err != nil {
		return nil, err
	}
	usage := s.Layout.Usage()
	b := &NeuroBench{
		Format: NeuroBenchFormat, Track: "algorithm", Network: s.Run.Network, Layout: s.Run.Layout, Data: s.Run.Data, Chip: s.Chip.Name, Samples: s.Run.Samples,
		Footprint:              bytesOf(size.TotalBits() + potentialBits(s)),
		ConnectionSparsity:     float64(size.Weights-size.Nonzero) / float64(size.Weights),
		ClassificationAccuracy: float64(s.Run.Correct) / float64(s.Run.Samples),
		SynapticOperations:     SynapticOperations{Dense: denseOperations(s.Network)},
		ChipFootprint:          bytesOf(int64(usage.StoredBits())),
	}
	unknown := b.addWorkload(s, c)
	b.addNotes(s, unknown)
	return b, nil
}

// JSON is the file: indented, with a newline.
func (b *NeuroBench) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

// bytesOf rounds up to whole bytes.
func bytesOf(bits int64) int64 { return (bits + 7) / 8 }

// potentialBits is the buffer of neurons that keep a potential between steps, at
// the chip's width.
func potentialBits(s Subject) int64 {
	bits := int64(0)
	for i := range s.Network.Layers {
		if l := &s.Network.Layers[i]; l.Op.Weighted() && l.Neuron.Model != ternary.Step {
			bits += int64(l.Outputs) * int64(s.Layout.Capabilities.Neuron.PotentialBits)
		}
	}
	return bits
}

// denseOperations is what one inference would take if every input were active and
// every weight there.
func denseOperations(n *ternary.Network) float64 {
	operations := int64(len(n.Readout.Weights))
	for i := range n.Layers {
		switch l := &n.Layers[i]; l.Op {
		case ternary.Dense:
			operations += int64(len(l.Weights))
		case ternary.Conv2D:
			operations += convolutionOperations(l.Map)
		}
	}
	return float64(operations * int64(n.Steps))
}

// convolutionOperations counts the places of a kernel that lie on the map: padding
// contributes nothing.
func convolutionOperations(w ternary.Window) int64 {
	rows := placesOnMap(w.Height, w.KernelH, w.StrideH, w.PadH, w.OutHeight())
	columns := placesOnMap(w.Width, w.KernelW, w.StrideW, w.PadW, w.OutWidth())
	return rows * columns * int64(w.OutChannels) * int64(w.Channels/max(1, w.Groups))
}

// placesOnMap adds up, over all positions in one direction, how much of the kernel
// lies on the map.
func placesOnMap(size, kernel, stride, pad, positions int) int64 {
	sum := int64(0)
	for p := range positions {
		start := p*stride - pad
		sum += int64(max(0, min(start+kernel, size)-max(start, 0)))
	}
	return sum
}

// addWorkload fills in what the run tells of the network, or says why it tells
// nothing.
func (b *NeuroBench) addWorkload(s Subject, c *census) (unknown string) {
	if unknown = notTheNetworks(s, c); unknown != "" {
		return unknown
	}
	operations := float64(c.samples[ledger.SynapticOp]) / float64(s.Run.Samples)
	b.SynapticOperations.EffectiveACs = &operations
	spikes, places := uint64(0), 0.0
	for _, l := range s.Run.Layers {
		spikes += l.Spikes
		places += float64(l.Neurons) * float64(s.Network.Steps) * float64(s.Run.Samples)
	}
	if places > 0 {
		sparsity := 1 - float64(spikes)/places
		b.ActivationSparsity = &sparsity
	}
	return ""
}

// notTheNetworks says why the chip's spikes and operations may not be those of the
// network, each once; nothing if they are.
func notTheNetworks(s Subject, c *census) string {
	for i := range s.Network.Layers {
		if l := &s.Network.Layers[i]; !l.Op.Weighted() {
			return fmt.Sprintf("layer %s (%s) has no weights in the network and may be neurons of its own on the chip", l.Name, l.Op)
		}
	}
	d := denseSize(s.Network)
	d.nonzero *= uint64(s.Network.Steps)
	d.met = float64(c.samples[ledger.SynapticOp]) / float64(s.Run.Samples)
	return repeats(c, s.Chip, s.Network, d)
}

// addNotes gives every metric its definition.
func (b *NeuroBench) addNotes(s Subject, unknown string) {
	trained, kept := 0, 0
	for i := range s.Network.Layers {
		trained += s.Network.Layers[i].Outputs
	}
	for _, l := range s.Run.Layers {
		kept += l.Neurons
	}
	folded := ""
	if gone := trained - kept; gone > 0 && unknown == "" {
		folded = fmt.Sprintf(" %d of %d neurons are constant or dead and were folded away before compiling; they are not counted.", gone, trained)
	}
	workload := func(definition string) string {
		if unknown != "" {
			return definition + " Unknown here: " + unknown + ". Simulate on a chip with a wave gate, score ports and no copies, such as ternary256."
		}
		return definition + " Counted by the simulator." + folded
	}
	b.Notes = Object[string]{
		{"Footprint", "Harness: bytes of all parameters and buffers in the element size of their tensors, zeros included. Here: bits of weights, thresholds and biases as this network stores them" +
			fmt.Sprintf(" (%d bits a weight), plus potentials that are kept between steps, in whole bytes. chip_footprint_bytes is what the used cores store.", s.Network.Size().WeightBits/max(1, s.Network.Size().Weights))},
		{"ConnectionSparsity", "Harness: zero weights over all weights of linear, convolutional and recurrent layers, rounded to 4 decimals; a kernel counts once. Here: the same on the network as trained, readout included, not rounded."},
		{"ClassificationAccuracy", "Harness: the share of right decisions. Here: the same, of the simulated chip."},
		{"ActivationSparsity", workload("Harness: zero activations over all activations, over all neuron layers, steps and samples; inputs and scores are none.")},
		{"SynapticOperations", workload("Harness: operations of one sample, all steps together, the mean over samples; Effective counts active inputs times nonzero weights, as ACs where all inputs of a layer are 0, 1 or -1 and as MACs otherwise; Dense counts all inputs times all weights; biases are not counted, and kernels over padding neither. Here: all inputs are bits, so MACs are 0.")},
	}
}
