package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// resultFields is what each command promises in its JSON. Other programs read
// these names; more may be there.
var resultFields = map[string]string{
	"train": `algorithm seed data architecture train_error validation_error test_error
		accuracy.value accuracy.correct accuracy.total accuracy.ci95 train_s cpu_s sweeps candidates accepted
		local_optimum weights memory.weight_bits memory.ratio_fp64 memory.ratio_fp32 memory.ratio_int8 hash`,
	"compile": `chip cores cores_lower_bound ticks_per_inference initiation_interval_ticks
		layers.name layers.method layers.cores utilisation.axons utilisation.neurons utilisation.synapses
		bits_per_weight lifted folded_neurons hash compile_s`,
	"simulate": priced + ` host.threads host.seconds_s host.core_ticks_per_s host.synaptic_ops_per_s host.peak_bytes`,
	"report":   priced + ` host`,
	"verify":   `equal faults faults_caught`,
	"bench": `engine timing cores rate threads ns_per_core_tick ticks_per_s synaptic_ops_per_s bytes_per_core spikes
		kernel_ns_per_core_tick reference_ns_per_core_tick`,
}

const priced = `samples accuracy.value accuracy.correct accuracy.total accuracy.ci95 spike_mismatches decision_mismatches
	ticks_total cycles_total tick_overruns events.synaptic_op events.core_tick
	energy_per_inference_j.nominal energy_per_inference_j.low energy_per_inference_j.high
	energy_per_inference_j.scope energy_per_inference_j.scenario energy_per_inference_j.boundary
	energy_per_inference_j.activity_independent_share energy_per_inference_j.by.synaptic_op
	energy_per_inference_j.by_evidence.estimated energy_per_inference_j.unpriced
	latency_s throughput_hz mean_power_w edp_js`

// inProcess runs one command line inside the test and gives its JSON.
func inProcess(t *testing.T, args ...string) map[string]any {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append([]string{"--json"}, args...), streams{&stdout, &stderr, func(string) string { return "" }})
	if code != exitOK || stderr.Len() > 0 {
		t.Fatalf("tritloom %s: exit code %d\n%s", strings.Join(args, " "), code, &stderr)
	}
	value, err := oneObject(stdout.String())
	if err != nil {
		t.Fatalf("tritloom %s: %v in\n%s", strings.Join(args, " "), err, &stdout)
	}
	return value
}

func TestResultFields(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	net, image, record := in("net.npz"), in("layout.npz"), in("run.json")
	for _, args := range [][]string{
		{"train", "--data", "digits@fifth", "--hidden", "16", "--sweeps", "1", "-o", net},
		{"compile", net, "-o", image},
		{"verify", net, image, "--faults", "5"},
		{"simulate", image, "--data", "digits@fifth:test", "--against", net, "-o", record},
		{"report", record, "--net", net, "--layout", image},
		{"bench", "--cores", "2", "--ticks", "3"},
	} {
		value := inProcess(t, args...)
		for _, missing := range missingFields(value, strings.Fields(resultFields[args[0]])) {
			t.Errorf("%s: no field %s", args[0], missing)
		}
	}
}
