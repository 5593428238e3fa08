package hwmodel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"tritloom/ledger"
)

// Hash identifies what the chip can do: "sha256:" and 64 hexadecimal digits.
// It does not depend on the chip's name, on the order of keys or of resets, or
// on comments.
func (c *Capabilities) Hash() string {
	sorted := *c
	sorted.Neuron.Reset = slices.Sorted(slices.Values(c.Neuron.Reset))
	return canonicalHash(sorted)
}

// DiffersInTick tells whether capabilities of the given hash differ from these in the
// length of a fixed tick alone, which is so many quanta there.
func (c *Capabilities) DiffersInTick(hash string, quanta uint64) bool {
	if c.Tick.Kind != TickFixed || quanta == 0 || quanta == c.Tick.Quanta {
		return false
	}
	moved := *c
	moved.Tick.Quanta = quanta
	return moved.Hash() == hash
}

// priceIdentity is the part of a price that a reported figure can depend on.
type priceIdentity struct {
	State    State    `json:"state"`
	Includer string   `json:"includer"`
	Scope    Scope    `json:"scope"`
	Nominal  float64  `json:"nominal_j"`
	Low      float64  `json:"low_j"`
	High     float64  `json:"high_j"`
	VoltageV float64  `json:"voltage_v"`
	NodeNM   float64  `json:"node_nm"`
	Evidence Evidence `json:"evidence"`
	Law      Law      `json:"law"`
	Latency  uint64   `json:"latency_quanta"`
	Known    bool     `json:"latency_known"`

	// Left out where not stated, so that older hashes stay.

	DrawnWith  string `json:"drawn_with,omitempty"`
	MeasuredAt string `json:"measured_at,omitempty"`
}

// PriceHash identifies the prices and latencies, in the same form as
// Capabilities.Hash. The wording of sources and derivations is not part of it.
// The prices must be valid.
func (c *Chip) PriceHash() string {
	rows := map[string]priceIdentity{}
	for i := range c.Prices {
		p := &c.Prices[i]
		row := priceIdentity{
			State: p.State, Scope: p.Scope, Nominal: p.Nominal, Low: p.Low, High: p.High,
			VoltageV: p.VoltageV, NodeNM: p.NodeNM, Evidence: p.Evidence, Law: p.Law,
			Latency: p.LatencyQuanta, Known: p.LatencyKnown,
			DrawnWith: p.drawnWithName(), MeasuredAt: p.MeasuredAt.identity(),
		}
		if p.State == IncludedIn {
			row.Includer = p.Includer.String()
		}
		rows[ledger.Kind(i).String()] = row
	}
	return canonicalHash(rows)
}

// identity is the ratio to its last bit.
func (m *MeasuredAt) identity() string {
	if m == nil {
		return ""
	}
	return strconv.FormatFloat(m.Ratio, 'g', -1, 64) + " per " + m.Event.String()
}

// canonicalHash hashes the JSON of v with sorted keys, so that the order of
// struct fields in this package does not matter either.
func canonicalHash(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("hwmodel: hash of a value that has no JSON, such as NaN: " + err.Error())
	}
	var generic any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&generic); err != nil {
		panic("hwmodel: JSON that does not read back: " + err.Error())
	}
	if text, err = json.Marshal(generic); err != nil {
		panic("hwmodel: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
