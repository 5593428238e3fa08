package report_test

import (
	"fmt"
	"log"
	"os"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// exampleRun is two inferences on one core of the unit chip, on which every
// event costs 1 pJ.
func exampleRun(chip *hwmodel.Chip) *ledger.Run {
	run := &ledger.Run{
		Format: ledger.RunFormat, Chip: chip.Name, Capabilities: chip.Capabilities.Hash(),
		Engine: "reference", Scenario: ledger.SingleStream, Samples: 2, Correct: 2,
		Ticks:     ledger.Ticks{Total: 2, PerInference: 1, InitiationInterval: 1},
		Timing:    ledger.Timing{Model: "analytic", QuantumPS: 1000, Total: 30, PerSample: []uint64{10, 20}},
		CoresUsed: 1, CoresChip: chip.Capabilities.Mesh.Cores(),
		Cores: make([]ledger.Counts, 1), Kinds: ledger.KindNames(),
		PerSample: []ledger.SampleSeries{
			{Kind: "row_read", Counts: []uint64{2, 4}},
			{Kind: "synaptic_op", Counts: []uint64{3, 7}},
			{Kind: "core_busy", Counts: []uint64{10, 20}},
		},
	}
	run.Cores[0][ledger.RowRead], run.Cores[0][ledger.SynapticOp], run.Cores[0][ledger.CoreBusy] = 6, 10, 30
	return run
}

func ExamplePriceRun() {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	energy, err := report.PriceRun(exampleRun(chip), chip, report.DefaultEnergyOptions())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.SI(energy.Nominal, "J"), "per inference")
	for _, leaf := range energy.Leaves {
		fmt.Println(leaf.Kind, leaf.PerInference, "×", report.SI(leaf.Price.Nominal, "J"))
	}
	// Output:
	// 23.0 pJ per inference
	// row_read 3 × 1.00 pJ
	// synaptic_op 5 × 1.00 pJ
	// core_busy 15 × 1.00 pJ
}

func ExampleNew() {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	r, err := report.New(report.Subject{Run: exampleRun(chip), Chip: chip}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Headline())
	fmt.Println(report.SI(r.Latency.Mean, "s"), report.SI(*r.MeanPowerW, "W"))
	// Output:
	// Energy per inference: 23.0 pJ [23.0 pJ, 23.0 pJ]; used cores, single stream, with host, hypothetical chip unit
	// 15.0 ns 1.53 mW
}

func ExampleWritePerSampleCSV() {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	o := report.EnergyOptions{Scope: report.UsedCores, Boundary: hwmodel.BoundaryCore}
	if err := report.WritePerSampleCSV(os.Stdout, exampleRun(chip), chip, o); err != nil {
		log.Fatal(err)
	}
	// Output:
	// sample,energy_nominal_j,energy_low_j,energy_high_j,latency_s,row_read,synaptic_op,core_busy
	// 0,1.5e-11,1.5e-11,1.5e-11,1e-08,2,3,10
	// 1,3.1e-11,3.1e-11,3.1e-11,2e-08,4,7,20
}

func ExampleNewAccuracy() {
	accuracy, err := report.NewAccuracy(314, 360)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(accuracy)
	// Output: 87.2 % (314 of 360; 95 % interval 83.3 % to 90.5 %)
}

func ExamplePair() {
	ternary := []bool{true, true, false, true, true, false}
	float := []bool{true, true, true, true, false, true}
	p, err := report.Pair(ternary, float)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("gap %+.3f, p = %g\n", p.Gap, p.P)
	// Output: gap -0.167, p = 1
}

func ExampleSI() {
	fmt.Println(report.SI(23.6e-12, "J"), report.SI(1.5e-6, "s"), report.SI(0, "W"))
	// Output: 23.6 pJ 1.50 µs 0 W
}

// Another price table of the same capabilities: the run is not simulated again.
func ExampleCompare() {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	dear := *chip
	dear.Prices[ledger.SynapticOp].Nominal, dear.Prices[ledger.SynapticOp].High = 3*hwmodel.Picojoule, 3*hwmodel.Picojoule
	all, err := report.Compare(report.Subject{Run: exampleRun(chip)}, []*hwmodel.Chip{chip, &dear}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range all.Reports {
		fmt.Println(report.SI(r.Energy.Nominal, "J"), report.SI(r.Energy.Low, "J"), report.SI(r.Energy.High, "J"))
	}
	// Output:
	// 23.0 pJ 23.0 pJ 23.0 pJ
	// 33.0 pJ 23.0 pJ 33.0 pJ
}

// What operation counting says of 1000 synaptic ops and 10 neuron updates.
func ExampleOpsOnly_Joules() {
	for _, o := range report.OpsOnlyEstimators[:3] {
		fmt.Println(o.Name+":", report.SI(o.Joules(1000, 10), "J"))
	}
	// Output:
	// 26 pJ a synaptic op: 26.0 nJ
	// 0.9 pJ an accumulation: 900 pJ
	// KerasSpiking, loihi: 27.9 nJ
}
