package hwmodel_test

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

func ExampleLoad() {
	chip, err := hwmodel.Load("ternary256")
	if err != nil {
		fmt.Println(err)
		return
	}
	c := chip.Capabilities
	fmt.Printf("%d cores of %d axons x %d neurons\n", c.Mesh.Cores(), c.Core.Axons, c.Core.Neurons)
	hop := chip.Prices[ledger.HopX]
	fmt.Printf("hop_x %.2f pJ [%.2f, %.2f], %s\n", hop.Nominal/hwmodel.Picojoule, hop.Low/hwmodel.Picojoule, hop.High/hwmodel.Picojoule, hop.Evidence)
	// Output:
	// 64 cores of 256 axons x 256 neurons
	// hop_x 3.11 pJ [1.94, 3.58], estimated
}

func ExampleParse() {
	text := []byte("extends: unit\ncapabilities:\n  core: {axons: 0}\n")
	_, err := hwmodel.Parse("mine.yaml", text, func(name string) ([]byte, error) {
		return nil, fmt.Errorf("no chip %q", name)
	})
	fmt.Println(err)
	// Output:
	// mine.yaml:1:1: extends: no chip "unit"
}

func ExampleChip_AtVoltage() {
	chip, err := hwmodel.Load("truenorth")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, volts := range []float64{0.75, 1.05, 1.2} {
		at, err := chip.AtVoltage(volts)
		if err != nil {
			fmt.Println(err)
			continue
		}
		static, hop := at.Prices[ledger.CoreTick], at.Prices[ledger.HopX]
		fmt.Printf("%g V: a core and tick %.1f nJ, a hop %.2f pJ\n", volts, static.Nominal/hwmodel.Picojoule/1000, hop.Nominal/hwmodel.Picojoule)
	}
	// Output:
	// 0.75 V: a core and tick 12.8 nJ, a hop 2.15 pJ
	// 1.05 V: a core and tick 37.6 nJ, a hop 4.22 pJ
	// chip truenorth at 1.2 V; its voltage_model holds for 0.7..1.05 V; choose a voltage in that range, or extrapolate with --outside-domain (in files outside_domain: true)
}

func ExampleChip_At() {
	chip, err := hwmodel.Load("truenorth")
	if err != nil {
		fmt.Println(err)
		return
	}
	const us = 1_000_000 // picoseconds
	for _, q := range []hwmodel.Conditions{
		{TickPS: 200 * us},
		{TickPS: 20 * us},
		{TickPS: 20 * us, OutsideDomain: true},
		{NodeNM: 14, NodeTable: "stillmaker-baas-2017"},
	} {
		at, err := chip.At(q)
		if err != nil {
			fmt.Println(err)
			continue
		}
		static, hop := at.Prices[ledger.CoreTick], at.Prices[ledger.HopX]
		fmt.Printf("%s: a core and tick %.1f [%.1f, %.1f] nJ, %s; a hop %.2f pJ, %s\n", q, static.Nominal*1e9, static.Low*1e9, static.High*1e9, static.Evidence,
			hop.Nominal/hwmodel.Picojoule, hop.Evidence)
	}
	// Output:
	// ticks of 200 us: a core and tick 7.3 [2.9, 8.6] nJ, derived; a hop 2.45 pJ, derived
	// chip truenorth at ticks of 20 us; its tick_model holds for 200..1000 us; choose a tick in that range, or extrapolate with --outside-domain (in files outside_domain: true)
	// ticks of 20 us, outside the domain allowed: a core and tick 5.4 [0.3, 6.6] nJ, estimated; a hop 2.45 pJ, derived
	// projected to 14 nm by stillmaker-baas-2017: a core and tick 15.7 [14.7, 17.9] nJ, derived; a hop 0.66 pJ, estimated
}

func ExampleDiff() {
	published, err := hwmodel.Load("loihi1-davies2018")
	if err != nil {
		fmt.Println(err)
		return
	}
	calibrated, err := hwmodel.Load("loihi1-sanafe")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range hwmodel.Diff(published, calibrated) {
		if d.Event == "neuron_touched" && d.Ratio != nil {
			fmt.Printf("%s: %s, %s, * %.3f\n", d.Path, d.A, d.B, *d.Ratio)
		}
	}
	// Output:
	// prices.neuron_touched.nominal: 81 pJ, 72.8 pJ, * 0.899
	// prices.neuron_touched.low: 60.8 pJ, 64.1 pJ, * 1.054
	// prices.neuron_touched.high: 101.3 pJ, 81.5 pJ, * 0.805
	// prices.neuron_touched.latency_quanta: 84 quanta, 97 quanta, * 1.155
}
