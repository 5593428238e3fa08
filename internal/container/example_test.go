package container_test

import (
	"encoding/json"
	"fmt"

	"tritloom/internal/container"
)

func Example() {
	f := &container.File{
		Kind:   "network",
		Header: json.RawMessage(`{"classes":2}`),
		Arrays: []container.Array{container.FromInt32("thresholds", []int{3}, []int32{4, -1, 7})},
	}
	data, err := container.Encode(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	read, err := container.Decode("net.npz", data, "network", container.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	array, err := read.Array("thresholds")
	if err != nil {
		fmt.Println(err)
		return
	}
	thresholds, err := array.Int32s()
	fmt.Println(thresholds, err, read.Hash() == f.Hash())

	_, err = container.Decode("net.npz", data, "layout", container.DefaultLimits())
	fmt.Println(err)
	_, err = read.Array("weights")
	fmt.Println(err)
	// Output:
	// [4 -1 7] <nil> true
	// net.npz: this file holds a network, want a layout; name another, tritloom inspect tells them apart
	// network file has no array "weights"; it holds [thresholds]
}
