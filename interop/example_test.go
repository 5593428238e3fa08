package interop_test

import (
	"context"
	"fmt"

	"tritloom/internal/container"
	"tritloom/interop"
	"tritloom/ternary/netspec"
)

// A layer of one neuron over values -1 and +1 fires where (s - 1)/2 >= 0, that
// is where the two inputs differ from their weights in nothing.
func ExampleImportNPZ() {
	shape, _ := netspec.ParseYAML("net.yaml", []byte("inputs: [2]\nclasses: 2\nlayers: [{name: both, shape: [1]}]\n"))
	one := func(name string, v float32) container.Array {
		return container.FromFloat32(name, []int{1}, []float32{v})
	}
	im, err := interop.ImportNPZ("net.npz", []container.Array{
		container.FromInt8("input.levels", []int{2}, []int8{-1, 1}),
		container.FromInt8("both.weight", []int{1, 2}, []int8{1, -1}),
		one("both.bn.gamma", 1), one("both.bn.beta", 0), one("both.bn.mean", 1), one("both.bn.var", 4), one("both.bn.eps", 0),
		container.FromInt8("readout.weight", []int{2, 1}, []int8{0, 1}),
		container.FromInt8("inputs", []int{2, 2}, []int8{1, -1, 1, 1}),
		container.FromInt8("classes", []int{2}, []int8{1, 0}),
	}, shape, interop.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	replay, err := im.Replay(context.Background())
	fmt.Println("threshold over bits:", im.Network.Layers[0].Theta[0])
	fmt.Println(replay.Differing, "of", replay.Compared(), "differ", err)
	// Output:
	// threshold over bits: 1
	// 0 of 2 differ <nil>
}
