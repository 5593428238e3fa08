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
	// chip truenorth at 1.2 V; its voltage_model holds for 0.7..1.05 V; choose a voltage in that range, or extrapolate with --outside-domain
}
