package ternary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// writeHead writes everything before the layers, leaving out what has its
// usual value.
func (n *Network) writeHead(s *strings.Builder) {
	fmt.Fprintf(s, "inputs %d\n", n.Inputs)
	if n.Steps != 1 {
		fmt.Fprintf(s, "steps %d\n", n.Steps)
	}
	if !slices.Equal(n.Alphabet, Ternary) {
		fmt.Fprintf(s, "alphabet %s\n", integers(n.Alphabet))
	}
	if len(n.Classes) > 0 {
		s.WriteString("classes")
		for _, c := range n.Classes {
			fmt.Fprintf(s, " %q", c)
		}
		s.WriteByte('\n')
	}
	if n.Encoder.Scheme != "" {
		data, err := json.Marshal(&n.Encoder)
		if err != nil {
			panic("ternary: " + err.Error()) // texts and integers always encode
		}
		fmt.Fprintf(s, "encoder %s\n", data)
	}
	if n.Origin != nil {
		var line bytes.Buffer
		if json.Compact(&line, n.Origin) == nil {
			fmt.Fprintf(s, "origin %s\n", line.Bytes())
		}
	}
}

func (n *Network) writeLayer(s *strings.Builder, l *Layer) {
	fmt.Fprintf(s, "layer %s %s from", quoteName(l.Name), l.Op)
	if len(l.From) > 0 {
		s.WriteString(" " + n.sources(l.From))
	}
	if w := l.Map; l.Op.windowed() {
		fmt.Fprintf(s, " map %dx%dx%d to %d kernel %dx%d stride %dx%d pad %dx%d groups %d",
			w.Channels, w.Height, w.Width, w.OutChannels, w.KernelH, w.KernelW, w.StrideH, w.StrideW, w.PadH, w.PadW, w.Groups)
	}
	if m := l.Neuron; m.Model != Step {
		fmt.Fprintf(s, " %s reset %s", m.Model, m.Reset)
		if m.Model == LIF {
			fmt.Fprintf(s, " leak %d", m.Leak)
		}
	}
	s.WriteByte('\n')
	if !l.Op.Weighted() {
		return
	}
	rows, width := l.weightShape(n)
	perRow := l.Outputs / rows // 1, or the places of a channel's map
	for r := range rows {
		fmt.Fprintf(s, "%s >= %s\n", n.row(l.Weights[r*width:(r+1)*width]), thresholds(l.Theta[r*perRow:(r+1)*perRow]))
	}
}

func (n *Network) writeReadout(s *strings.Builder) {
	r := &n.Readout
	fmt.Fprintf(s, "readout %s %s from", quoteName(r.Name), r.Mode)
	if len(r.From) > 0 {
		s.WriteString(" " + n.sources(r.From))
	}
	if r.Mode != Sum {
		fmt.Fprintf(s, " scores %d\n", r.Outputs)
		return
	}
	s.WriteByte('\n')
	for c := range r.Outputs {
		fmt.Fprintf(s, "%s + %d\n", n.row(r.Row(c, n.Width(r.From))), r.Bias[c])
	}
}

// row writes weights in the form of the network's alphabet.
func (n *Network) row(weights []int8) string {
	if len(weights) == 0 {
		return "."
	}
	if !planar(n.Alphabet) {
		return integers(weights)
	}
	text := make([]byte, len(weights))
	for i, w := range weights {
		text[i] = "-0+"[w+1]
	}
	return string(text)
}

// thresholds writes one number for thresholds that are all the same.
func thresholds(theta []int32) string {
	if len(slices.Compact(slices.Clone(theta))) == 1 {
		theta = theta[:1]
	}
	return integers(theta)
}

func integers[T int8 | int32](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.Itoa(int(v))
	}
	return strings.Join(texts, " ")
}
