package hwmodel

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

// chipText is the text of an embedded chip.
func chipText(t testing.TB, name string) string {
	t.Helper()
	text, err := chips.ReadFile("chips/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edited is the text of the unit chip with one passage replaced.
func edited(t testing.TB, old, new string) string {
	t.Helper()
	text := chipText(t, "unit")
	if strings.Count(text, old) != 1 {
		t.Fatalf("unit.yaml holds %q %d times; want once", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, new, 1)
}

// row is the one-line price of a kind in the unit chip.
func row(kind string) string {
	return "\n  " + kind + ": {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: definition, law: any-geometry, latency_quanta: 1, latency_source: definition}\n"
}

// embedded are the chips that come with the package.
const embedded = "isaac128, loihi1-davies2018, loihi1-sanafe, neurram256, odin, ternary256, truenorth, unit"

func TestNames(t *testing.T) {
	if diff := cmp.Diff(strings.Split(embedded, ", "), Names()); diff != "" {
		t.Error(diff)
	}
}

// TestUnit holds the unit chip to its definition: 1 pJ and 1 quantum an event,
// except that time itself takes no time.
func TestUnit(t *testing.T) {
	chip, err := Load("unit")
	if err != nil {
		t.Fatal(err)
	}
	for k, p := range chip.Prices {
		kind := ledger.Kind(k)
		if p.State != Priced || p.Nominal != 1e-12 || p.Low != 1e-12 || p.High != 1e-12 || p.Law != AnyGeometry || p.Evidence != Assumed {
			t.Errorf("%s: %+v; want 1 pJ exactly, any geometry, assumed", kind, p)
		}
		want := uint64(1)
		if ledger.Kinds[k].Class == ledger.Time {
			want = 0
		}
		if got := chip.Latencies()[k]; got != want {
			t.Errorf("%s takes %d quanta; want %d", kind, got, want)
		}
	}
	want := Capabilities{
		Core: Core{Axons: 256, Neurons: 256, SynapseMode: TernarySynapse, SynapseBits: 2, AxonTypes: 1,
			WeightBits: 2, ReadOrder: AxonMajor, NeuronBits: 182},
		Neuron: Neuron{PotentialBits: 24, ThresholdBits: 24, LeakBits: 24, Reset: []string{"clear", "zero", "subtract"}},
		Spikes: Spikes{DelayMaxTicks: 15, AxonMerge: MergeOr},
		Psum:   Psum{Bits: 24},
		Host:   Host{ScorePorts: true, WaveGate: true},
		Tick:   Tick{Kind: TickBarrier, QuantumPS: 1000},
		Mesh:   Mesh{Width: 16, Height: 16, TileWidth: 2, TileHeight: 2, Routing: "xy", BufferPackets: 4},
	}
	if diff := cmp.Diff(want, chip.Capabilities); diff != "" {
		t.Error(diff)
	}
}

// TestRefusals edits the unit chip and holds every error to its exact words.
func TestRefusals(t *testing.T) {
	const energy = "{energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: definition, law: any-geometry, latency_quanta: 1, latency_source: definition}"
	hopX := func(price string) string { return "\n  hop_x: " + price + "\n" }
	cases := []struct{ name, old, new, want string }{
		{"no axons", "axons: 256", "axons: 0",
			"c.yaml:10:5: capabilities.core.axons = 0; want 1..65536; see the embedded chips for usual values"},
		{"huge axons", "axons: 256", "axons: 18446744073709551616",
			`c.yaml:10:5: capabilities.core.axons holds "18446744073709551616"; want a whole number; write one, such as 12`},
		{"negative quanta", "quanta: 0,", "quanta: -1,",
			"c.yaml:30:25: capabilities.tick.quanta = -1; want 0 or more; write 0 if there is none"},
		{"text for a number", "axons: 256", "axons: many",
			`c.yaml:10:5: capabilities.core.axons holds "many"; want a whole number; write one, such as 12`},
		{"list for a number", "axons: 256", "axons: [256]",
			"c.yaml:10:5: capabilities.core.axons holds a list; want a whole number; write one, such as 12"},
		{"nothing for a number", "axons: 256", "axons:",
			"c.yaml:10:5: capabilities.core.axons holds nothing; want a whole number; write one, such as 12"},
		{"number for a title", "title: yardstick on", "title: 7 #",
			`c.yaml:4:1: title holds "7"; want text; put it in quotes`},
		{"number for a flag", "wave_gate: true", "wave_gate: 1",
			`c.yaml:29:29: capabilities.host.wave_gate holds "1"; want true or false; write one of the two`},
		{"misspelt key", "axon_types: 1", "axon_type: 1",
			`c.yaml:14:5: unknown field "axon_type"; known here are axons, neurons, synapse_mode, synapse_bits, axon_types, weight_bits, read_order, neuron_bits, conductance_sd_1024, adc_bits; did you mean "axon_types"?`},
		{"key of nothing here", "axon_types: 1", "colour: 1",
			`c.yaml:14:5: unknown field "colour"; known here are axons, neurons, synapse_mode, synapse_bits, axon_types, weight_bits, read_order, neuron_bits, conductance_sd_1024, adc_bits; leave it out`},
		{"key left out", "    axon_types: 1\n", "",
			"c.yaml:9:3: core lacks axon_types, entries of a neuron's weight table; 1 unless typed-binary; want every capability; state it, or extend a chip that does"},
		{"key twice", "axon_types: 1", "axons: 1",
			`c.yaml:14:5: "axons" stands twice; want each key once; keep one`},
		{"unknown word", "axon_merge: or", "axon_merge: xor",
			`c.yaml:27:50: capabilities.spikes.axon_merge = "xor"; want "or" or "add"; write one of them`},
		{"unknown reset", "[clear, zero, subtract]", "[clear, none]",
			`c.yaml:25:5: capabilities.neuron.reset holds "none"; want "clear", "zero", "subtract" or "keep"; write one of them`},
		{"no reset", "[clear, zero, subtract]", "[]",
			`c.yaml:25:5: capabilities.neuron.reset is empty; want at least one of "clear", "zero", "subtract" or "keep"; write those the chip has`},
		{"reset twice", "[clear, zero, subtract]", "[zero, zero]",
			`c.yaml:25:5: capabilities.neuron.reset holds "zero" twice; want each once; take one out`},
		{"ternary in one bit", "synapse_bits: 2", "synapse_bits: 1",
			"c.yaml:13:5: capabilities.core.synapse_bits = 1; want 2, as a ternary crosspoint stores 2 bits; write 2, or choose another synapse_mode"},
		{"score without sums", "psum: {bits: 24}", "psum: {bits: 0}",
			"c.yaml:29:10: capabilities.host.score_ports = true without partial sums; want psum.bits of at least 1; give the chip partial sums, or say score_ports: false"},
		{"fixed tick of no length", "kind: barrier", "kind: fixed",
			"c.yaml:30:23: capabilities.tick.quanta = 0; want 1 or more, as a fixed tick lasts at least 1 quantum; write its length, or say kind: barrier"},
		{"tile wider than mesh", "tile_width: 2", "tile_width: 17",
			"c.yaml:31:33: capabilities.mesh.tile_width = 17; want 1..16, the mesh's width; write less, or widen the mesh"},

		{"tile higher than mesh", "tile_height: 2", "tile_height: 17",
			"c.yaml:31:48: capabilities.mesh.tile_height = 17; want 1..16, the mesh's height; write less, or heighten the mesh"},
		{"wide ternary weight", "weight_bits: 2", "weight_bits: 8",
			"c.yaml:15:5: capabilities.core.weight_bits = 8; want 2, as a ternary weight is 2 bits wide; write 2, or choose another synapse_mode"},
		{"typed-binary in two bits", "synapse_mode: ternary", "synapse_mode: typed-binary",
			"c.yaml:13:5: capabilities.core.synapse_bits = 2; want 1, as a typed-binary crosspoint stores 1 bit; write 1, or choose another synapse_mode"},
		{"barrier tick with a length", "quanta: 0,", "quanta: 5,",
			"c.yaml:30:25: capabilities.tick.quanta = 5; want 0, as a barrier tick has no length of its own; write 0, or say kind: fixed"},
		{"key twice, once in quotes", "axon_types: 1", "\"axons\": 1",
			`c.yaml:14:5: "axons" stands twice; want each key once; keep one`},
		{"list in a list", "[clear, zero, subtract]", "[[clear], zero]",
			"c.yaml:25:13: capabilities.neuron.reset[0] holds a list; want text; put it in quotes"},
		{"text for a list", "[clear, zero, subtract]", "clear",
			`c.yaml:25:5: capabilities.neuron.reset holds "clear"; want a list; write [a, b], or a dash a line`},
		{"open bracket", "[clear, zero, subtract]", "[clear, zero",
			"c.yaml:26:5: ',' or ']' must be specified; want YAML; see any embedded chip for the form"},

		{"event left out", row("hop_x"), "\n",
			"c.yaml:32:1: prices lacks hop_x; want every event; give a value, declare zero as a fact, say included_in: X, or mark it unknown"},
		{"unknown event", "\n  hop_x:", "\n  hop_z:",
			`c.yaml:44:3: unknown event "hop_z"; known are the 28 of any embedded chip; did you mean "hop_x" or "hop_y"?`},
		{"unknown price key", row("hop_x"), hopX("{energy: 1}"),
			`c.yaml:44:11: unknown field "energy"; known here are energy_pj, zero, included_in, unknown, covers, drawn_with, measured_at, scope, voltage_v, node_nm, evidence, source, derivation, law, absolute, latency_quanta, latency_source; did you mean "energy_pj"?`},
		{"bare number", row("hop_x"), hopX("1"),
			`c.yaml:44:3: prices.hop_x holds "1"; want entries; write each as key: value`},
		{"no source", row("hop_x"), hopX(strings.Replace(energy, "source: definition, ", "", 1)),
			`c.yaml:44:3: price hop_x has no source; want one for every value; name the paper and table, or write "assumed: why"`},
		{"blank source", row("hop_x"), hopX(strings.Replace(energy, "source: definition, ", `source: "  ", `, 1)),
			`c.yaml:44:89: price hop_x has no source; want one for every value; name the paper and table, or write "assumed: why"`},
		{"low above nominal", row("hop_x"), hopX(strings.Replace(energy, "low: 1", "low: 2", 1)),
			"c.yaml:44:35: price hop_x has low = 2 above nominal = 1 pJ; want low <= nominal <= high; put the three in order"},
		{"nominal above high", row("hop_x"), hopX(strings.Replace(energy, "nominal: 1", "nominal: 3", 1)),
			"c.yaml:44:43: price hop_x has high = 1 below nominal = 3 pJ; want low <= nominal <= high; put the three in order"},
		{"negative energy", row("hop_x"), hopX(strings.Replace(energy, "low: 1", "low: -1", 1)),
			"c.yaml:44:35: price hop_x has low = -1 pJ; want 0..1e+12; write what the source says, in pJ"},
		{"not a number", row("hop_x"), hopX(strings.Replace(energy, "low: 1", "low: .nan", 1)),
			`c.yaml:44:35: prices.hop_x.energy_pj.low holds ".nan"; want a finite number; write one, such as 0.5`},
		{"infinite", row("hop_x"), hopX(strings.Replace(energy, "high: 1", "high: .inf", 1)),
			`c.yaml:44:43: prices.hop_x.energy_pj.high holds ".inf"; want a finite number; write one, such as 0.5`},
		{"infinite by overflow", row("hop_x"), hopX(strings.Replace(energy, "high: 1", "high: 1e999", 1)),
			`c.yaml:44:43: prices.hop_x.energy_pj.high holds "1e999"; want a finite number; write one, such as 0.5`},
		{"zero without a word", row("hop_x"), hopX(strings.Replace(energy, "nominal: 1, low: 1, high: 1", "nominal: 0, low: 0, high: 0", 1)),
			`c.yaml:44:11: price hop_x is 0; want more; declare it as a fact with zero: "why", or mark it unknown`},
		{"no interval", row("hop_x"), hopX(strings.Replace(energy, ", low: 1", "", 1)),
			"c.yaml:44:11: price hop_x has no low; want nominal, low and high, all three in pJ; write it"},
		{"no scope", row("hop_x"), hopX(strings.Replace(energy, "scope: marginal, ", "", 1)),
			`c.yaml:44:3: price hop_x has scope ""; want "marginal", "all-in" or "static"; write one of them`},
		{"unknown law", row("hop_x"), hopX(strings.Replace(energy, "any-geometry", "per-moon", 1)),
			`c.yaml:44:109: price hop_x has law "per-moon"; want "any-geometry", "per-bit-of-row", "per-neuron-state", "per-core-pitch", "per-tick-length" or "per-bit-and-tick", or none for an absolute price; write one of them`},
		{"assumed as measured", row("hop_x"), hopX(strings.Replace(strings.Replace(energy, "definition", `"assumed: none is known"`, 1), "evidence: assumed", "evidence: measured", 1)),
			`c.yaml:44:70: price hop_x has evidence "measured" and an assumed source; want evidence: assumed; write that, or name the source`},
		{"power a tick without a tick", row("hop_x"), hopX(strings.Replace(energy, "any-geometry", "per-tick-length", 1)),
			`c.yaml:44:109: price hop_x has law "per-tick-length"; a barrier tick has no length; want another law; price core_waiting instead, or leave the law out`},
		{"latency without source", row("hop_x"), hopX(strings.Replace(energy, ", latency_source: definition", "", 1)),
			`c.yaml:44:128: price hop_x has a latency and no latency_source; want one for every latency; name the paper and table, or write "assumed: why"`},
		{"unknown evidence", row("hop_x"), hopX(strings.Replace(energy, "evidence: assumed", "evidence: hearsay", 1)),
			`c.yaml:44:70: price hop_x has evidence "hearsay"; want "measured", "simulated", "derived", "estimated" or "assumed"; write one of them`},
		{"node out of range", row("hop_x"), hopX(strings.Replace(energy, "law:", "node_nm: 0.028, law:", 1)),
			"c.yaml:44:109: price hop_x has node_nm = 0.028; want 1..10000, or leave it out"},
		{"source beside a reason", row("hop_x"), hopX("{zero: it is, source: a paper}"),
			"c.yaml:44:24: price hop_x has a source beside its reason; want one text; write it into zero"},
		{"voltage out of range", row("hop_x"), hopX(strings.Replace(energy, "law:", "voltage_v: 800, law:", 1)),
			"c.yaml:44:109: price hop_x has voltage_v = 800; want 0.05..20, or leave it out"},
		{"two states", row("hop_x"), hopX(`{zero: it is, unknown: it is not}`),
			"c.yaml:44:3: price hop_x states zero and unknown; want one of energy_pj, zero, included_in, unknown; keep the one that is known"},
		{"no state", row("hop_x"), hopX(`{latency_quanta: 1, latency_source: definition}`),
			"c.yaml:44:3: price hop_x states none; want one of energy_pj, zero, included_in, unknown; state the one that is known"},
		{"unknown without reason", row("hop_x"), hopX(`{unknown: ""}`),
			"c.yaml:44:11: price hop_x is unknown without a reason; want one; write why"},
		{"law and a reason for none", row("hop_x"), hopX(strings.Replace(energy, "law:", "absolute: none is known, law:", 1)),
			`c.yaml:44:109: price hop_x has law "any-geometry" and a reason to have none; want one of the two; keep it`},
		{"reason of a zero", row("hop_x"), hopX(`{zero: it is, absolute: none is known}`),
			"c.yaml:44:24: price hop_x has absolute and no value for it to describe; want one with the other; leave it out, or give energy_pj"},
		{"scope of a zero", row("hop_x"), hopX(`{zero: it is, scope: marginal}`),
			"c.yaml:44:24: price hop_x has scope and no value for it to describe; want one with the other; leave it out, or give energy_pj"},
		{"included in nothing", row("hop_x"), hopX("{included_in: hop}"),
			`c.yaml:44:11: price hop_x is included in unknown event "hop"; known are the 28 of any embedded chip; did you mean "hop_x" or "hop_y"?`},
		{"included in itself", row("hop_x"), hopX("{included_in: hop_x}"),
			"c.yaml:44:11: price hop_x is included in itself; want another event, which has a value; name it"},
		{"included in a zero", row("hop_x") + row("hop_y")[1:], hopX("{included_in: hop_y}") + "  hop_y: {zero: it is}\n",
			"c.yaml:44:11: price hop_x is included in hop_y, which is zero; want an event that has a value; name one"},
		{"included in a chain", row("hop_x") + row("hop_y")[1:], hopX("{included_in: hop_y}") + "  hop_y: {included_in: psum_hop}\n",
			"c.yaml:44:11: price hop_x is included in hop_y, which is included in psum_hop; want an event that has a value; name the one at the end"},
		{"all-in beside marginal", row("synaptic_op"), strings.Replace(row("synaptic_op"), "marginal", "all-in", 1),
			"c.yaml:33:3: price axon_write has a value beside synaptic_op, whose all-in price covers it already; want one of the two; say included_in: synaptic_op, or give synaptic_op a marginal price"},

		{"anchor", "axons: 256", "axons: &a 256",
			"c.yaml:10:12: chip files do not use an anchor; write the value out where it is used"},
		{"alias", "axons: 256", "axons: *a",
			"c.yaml:10:12: chip files do not use an alias; write the value out"},
		{"tag", "axons: 256", "axons: !!int 256",
			"c.yaml:10:12: chip files do not use a tag; write the value without it"},
		{"letter that does not print", "title: yardstick", "title: \"\\e[31m\" # yardstick",
			`c.yaml:4:1: title holds a letter that does not print, "\x1b[31m"; want letters that do; leave it out`},
		{"two documents", "title:", "title: one\n---\ntitle:",
			"c.yaml:1:1: 2 YAML documents; want 1; write one, without lines of ---"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(edited(t, c.old, c.new)), resolveChip)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestHostileText holds the bounds on text that no person would write.
func TestHostileText(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"empty", "", "c.yaml:1:1: 0 YAML documents; want 1; write one, without lines of ---"},
		{"only a comment", "# nothing\n", "c.yaml:1:1: 0 YAML documents; want 1; write one, without lines of ---"},
		{"a word", "unit\n", `c.yaml:1:1: the file holds "unit"; want entries; write each as key: value`},
		{"too long", strings.Repeat("#", strictyaml.MaxFileBytes+1), "c.yaml:1:1: 131073 bytes; allowed in a chip file are 131072; shorten it"},
		{"deep brackets", strings.Repeat("[", 100_000), "c.yaml:1:17: brackets nested too deep; allowed are 16; write fewer"},
		{"deep brackets after closing ones", strings.Repeat("]", 100) + strings.Repeat("[", 100), "c.yaml:1:117: brackets nested too deep; allowed are 16; write fewer"},
		{"many entries", strings.Repeat("- x\n", 20_000), "c.yaml:10001:1: more than 10000 entries; leave some out"},
		{"deep lists", strings.Repeat("- ", 50_000), "c.yaml:1:129: a list or mapping starts beyond column 128; indent less"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(c.text), resolveChip)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestLoadFile reads chips from files that build on each other by relative
// paths and on embedded ones by name.
func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("wide.yaml", "extends: unit\nnotes: [wide]\ncapabilities: {mesh: {width: 32}}\n")
	path := write("sub/tall.yml", "extends: ../wide.yaml\ntitle: tall and wide\nnotes: [tall]\ncapabilities: {mesh: {height: 64}}\n")
	chip, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{chip.Name, chip.Title, chip.Extends, chip.Hypothetical, chip.Notes[1:], chip.Capabilities.Mesh.Width, chip.Capabilities.Mesh.Height}
	want := []any{"tall", "tall and wide", []string{"wide", "unit"}, true, []string{"wide", "tall"}, 32, 64}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	bad := write("bad.yaml", "extends: wide.yaml\nprices: {hop_x: {unknown: \"\"}}\n")
	if _, err := Load(bad); err == nil || err.Error() != bad+":2:18: price hop_x is unknown without a reason; want one; write why" {
		t.Errorf("got %v", err)
	}
	// The offending entry is inherited: the error points at what inherits it.
	bare := write("bare.yaml", "title: bare\nextends: unit\nprices:\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, law: any-geometry}\n")
	if _, err := Load(bare); err == nil || err.Error() != bare+`:4:3: price hop_x has no source; want one for every value; name the paper and table, or write "assumed: why"` {
		t.Errorf("a price stated anew inherits no source: %v", err)
	}
	narrow := write("narrow.yaml", "extends: wide.yaml\ncapabilities: {mesh: {width: 1}}\n")
	if _, err := Load(narrow); err == nil || err.Error() != narrow+":1:1: capabilities.mesh.tile_width = 2; want 1..1, the mesh's width; write less, or widen the mesh (stated in unit.yaml:31:33)" {
		t.Errorf("got %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, want := range map[string]string{
		"truenort":        `unknown chip "truenort"; known are ` + embedded + `; or name a file that ends in .yaml`,
		"":                `unknown chip ""; known are ` + embedded + `; or name a file that ends in .yaml`,
		"no/such.yaml":    "chip file no/such.yaml: no such file or directory; embedded chips are " + embedded,
		"testdata/":       "chip file testdata/: not readable: name a file of YAML text",
		"../hwmodel/unit": "chip file ../hwmodel/unit: no such file or directory; embedded chips are " + embedded,
	} {
		if _, err := Load(name); err == nil || err.Error() != want {
			t.Errorf("Load(%q)\ngot  %v\nwant %s", name, err, want)
		}
	}
}

func TestExtendsRefuses(t *testing.T) {
	files := map[string]string{
		"a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n", "self.yaml": "extends: self.yaml\n",
		"lost.yaml": "title: x\nextends: nowhere\n", "number.yaml": "extends: 7\n",
	}
	for i := range 10 {
		files[fmt.Sprintf("d%d.yaml", i)] = fmt.Sprintf("extends: d%d.yaml\n", i+1)
	}
	resolve := func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("no chip %q", name)
	}
	for name, want := range map[string]string{
		"a.yaml":      `b.yaml:1:1: extends "a.yaml" closes a circle: a.yaml -> b.yaml -> a.yaml; want a chip that does not build on this one; extend another`,
		"self.yaml":   `self.yaml:1:1: extends "self.yaml" closes a circle: self.yaml -> self.yaml; want a chip that does not build on this one; extend another`,
		"d0.yaml":     `d7.yaml:1:1: extends "d8.yaml": more than 8 files build on each other; want no more; write the entries into fewer files`,
		"lost.yaml":   `lost.yaml:2:1: extends: no chip "nowhere"`,
		"number.yaml": `number.yaml:1:1: extends holds "7"; want text; put it in quotes`,
	} {
		if _, err := Parse(name, []byte(files[name]), resolve); err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %v\nwant %s", name, err, want)
		}
	}
}
