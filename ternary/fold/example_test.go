package fold_test

import (
	"fmt"

	"tritloom/ternary/fold"
)

// A neuron with batch normalisation of falling slope becomes a negated row and
// an integer threshold.
func ExampleDense() {
	norm := fold.BatchNorm{Gamma: -2, Beta: 1, Mean: 0.5, Variance: 4, Eps: 1e-4}
	n, err := fold.Dense([]int8{1, 1, -1, 0}, fold.Activation{Norm: norm, Cut: 0}, fold.Binary)
	fmt.Println(n.Row, ">=", n.Theta, err)
	// Output: [-1 -1 1 0] >= -1 <nil>
}
