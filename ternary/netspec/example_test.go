package netspec_test

import (
	"fmt"

	"tritloom/ternary/netspec"
)

func ExampleParseYAML() {
	shape, err := netspec.ParseYAML("patches.yaml", []byte(`
inputs: [4, 4]
max_fan_in: 4
layers:
- name: patches
  shape: [2, 2]
  pattern: {kind: rect, size: [2, 2], stride: [2, 2]}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	net, masks, err := shape.Build(16, 2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	open := 0
	for _, place := range masks[0] {
		if place {
			open++
		}
	}
	fmt.Println(net.Layers[0].Name, "may use", open, "of", len(net.Layers[0].Weights), "weights")
	// Output: patches may use 16 of 64 weights
}
