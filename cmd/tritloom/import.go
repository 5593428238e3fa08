package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"tritloom/encode"
	"tritloom/internal/container"
	"tritloom/interop"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
)

// importCmd has one command a format.
type importCmd struct {
	NPZ  importNPZCmd  `cmd:"" name:"npz" help:"Arrays of NumPy, PyTorch, Keras and others; recorded outputs are replayed."`
	RANC importRANCCmd `cmd:"" name:"ranc" help:"Core memories of a RANC grid, or its simulator's JSON; recorded spikes are replayed."`
}

type importNPZCmd struct {
	File       string `arg:"" help:"The npz file: NAME.weight, NAME.threshold or NAME.bias or NAME.bn.gamma, beta, mean, var, eps; readout.weight, readout.bias." placeholder:"FILE"`
	Net        string `help:"Shape: a YAML file with layers and patterns, or widths such as 784-100-10. Default: the file's own, which exports carry." placeholder:"NET"`
	Inputs     string `default:"binary" enum:"binary,bipolar" help:"What input bits stand for, without an array input.levels: binary (0, 1) or bipolar (-1, +1)."`
	Activation string `default:"binary" enum:"binary,bipolar" help:"What a layer's outputs stand for, without an array NAME.levels: binary or bipolar."`
	Eps        string `help:"What batch norms add to the variance, without an array NAME.bn.eps." placeholder:"NUMBER"`
	Encode     string `help:"Encoder of fixed cuts that makes the input bits, such as threshold:128. Default: the file's own, or none." placeholder:"SPEC"`
	Seed       uint64 `default:"1" help:"Seed of uniform patterns in the shape."`
	Output     string `short:"o" default:"net.npz" help:"Network file to write." placeholder:"FILE"`
}

// importInfo is what --json says of an import.
type importInfo struct {
	Layers           []interop.LayerReport `json:"layers"`
	Folded           int                   `json:"folded"`
	SamplesReplayed  int                   `json:"samples_replayed"`
	Compared         []interop.Count       `json:"compared"`
	DifferingOutputs int                   `json:"differing_outputs"`
	FirstDifference  *interop.Difference   `json:"first_difference"`
	Notes            []string              `json:"notes"`
	Hash             string                `json:"hash"`
}

// Run imports, replays and writes a network; exit 1 and no file if a recorded
// output differs.
func (c *importNPZCmd) Run(s *session) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	if err := checkOutputs([]string{c.Output}, []string{c.File, c.Net}); err != nil {
		return err
	}
	arrays, err := container.ReadForeign(c.File, container.DefaultLimits())
	if err != nil {
		return err
	}
	shape, err := c.shape(arrays)
	if err != nil {
		return err
	}
	im, err := interop.ImportNPZ(c.File, arrays, shape, options)
	if err != nil {
		return err
	}
	if err := c.encoder(im.Network); err != nil {
		return err
	}
	replay, err := im.Replay(s.ctx)
	if err != nil {
		return err
	}
	return c.finish(s, im, replay)
}

// finish writes the network if everything recorded was reproduced, and prints.
func (c *importNPZCmd) finish(s *session, im *interop.Imported, replay *interop.Replay) error {
	info := importInfo{
		Layers: append([]interop.LayerReport{}, im.Layers...), Folded: im.Folded(), SamplesReplayed: replay.Samples,
		Compared: append([]interop.Count{}, replay.Counts...), DifferingOutputs: replay.Differing, FirstDifference: replay.First,
		Notes: append([]string{}, im.Notes...), Hash: im.Network.Hash(),
	}
	for _, note := range im.Notes {
		s.note("note: %s", note)
	}
	text := importText(c.File, im, replay)
	if replay.Differing > 0 {
		if err := s.print(info, text); err != nil {
			return err
		}
		return errFailed
	}
	if err := im.Network.WriteFile(c.Output, toolVersion()); err != nil {
		return err
	}
	return s.print(info, text+fmt.Sprintf("wrote %s   (%s inspect %s)\n", c.Output, program(), c.Output))
}

func (c *importNPZCmd) options() (interop.Options, error) {
	o := interop.DefaultOptions()
	o.Inputs, o.Activation, o.Seed = interop.Levels(c.Inputs), interop.Levels(c.Activation), c.Seed
	if c.Eps != "" {
		eps, err := strconv.ParseFloat(c.Eps, 64)
		o.Eps = float32(eps)
		if err != nil || !(eps > 0) || o.Validate() != nil {
			return o, fmt.Errorf("--eps %q; want a small number above 0, such as 1e-5 (PyTorch's default) or 1e-3 (Keras's)", c.Eps)
		}
	}
	return o, nil
}

// shape reads --net, or the shape that the file carries.
func (c *importNPZCmd) shape(arrays []container.Array) (netspec.Spec, error) {
	if c.Net == "" {
		return interop.ShapeOf(c.File, arrays)
	}
	return readNet(c.Net)
}

// encoder joins a network of bits with an encoder that needs no data to fit.
func (c *importNPZCmd) encoder(n *ternary.Network) error {
	if c.Encode == "" {
		return nil
	}
	spec, err := encode.ParseSpec(c.Encode)
	if err != nil {
		return err
	}
	if spec.Cuts == nil {
		return fmt.Errorf("--encode %s finds its cuts in training data, which an imported network does not bring; give cuts, such as threshold:128 or thermometer=4,8,12", c.Encode)
	}
	if n.Inputs%spec.Bits != 0 {
		return fmt.Errorf("--encode %s makes %d bits a feature; the network's %d inputs are no multiple; give as many cuts as a feature has bits", c.Encode, spec.Bits, n.Inputs)
	}
	n.Encoder, err = encode.Fit(spec, nil, n.Inputs/spec.Bits, nil)
	if err != nil {
		return err
	}
	return n.Validate()
}

// importText is an import as a person reads it.
func importText(file string, im *interop.Imported, replay *interop.Replay) string {
	var b strings.Builder
	fmt.Fprintf(&b, "imported %s: %d inputs, %d classes\n", file, im.Network.Inputs, im.Network.Readout.Outputs)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  layer\tneurons\tinputs\tthresholds from\toutputs were\trows negated\tconstant neurons")
	for _, l := range im.Layers {
		fmt.Fprintf(w, "  %s\t%d\t%d\t%s\t%s\t%d\t%d\n", l.Name, l.Neurons, l.Inputs, strings.ReplaceAll(string(l.Thresholds), "_", " "), l.Activation, l.Negated, l.Constant)
	}
	w.Flush()
	if replay.Samples == 0 {
		b.WriteString("nothing was recorded, so nothing was replayed; save inputs with outputs.NAME, scores or classes\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%d differing outputs over %s, of %d compared\n", replay.Differing, plural(replay.Samples, "sample"), replay.Compared())
	if replay.First == nil {
		return b.String()
	}
	for _, c := range replay.Counts {
		fmt.Fprintf(w, "  %s\t%d of %d differ\n", c.Array, c.Differing, c.Outputs)
	}
	w.Flush()
	fmt.Fprintf(&b, "first: %s\nno network was written\n", replay.First)
	return b.String()
}
