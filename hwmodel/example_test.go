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
	// hop_x 3.11 pJ [1.94, 3.58], derived
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
