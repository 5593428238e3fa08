package ternary_test

import (
	"fmt"

	"tritloom/encode"
	"tritloom/ternary"
)

// A network is written as text, evaluated on bits, and decides a class.
func ExampleParseText() {
	net, err := ternary.ParseText(`
		inputs 2
		classes "equal" "different"
		layer one dense from input
		+- >= 1
		-+ >= 1
		readout xor sum from one
		-- + 0
		++ + 0
	`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, bits := range []string{"00", "10", "01", "11"} {
		result := net.Eval(encode.ParseBits(bits))
		fmt.Println(bits, result.Spikes[0][0], result.Scores, net.Classes[result.Class])
	}
	// Output:
	// 00 00 [0 0] equal
	// 10 10 [-1 1] different
	// 01 01 [-1 1] different
	// 11 00 [0 0] equal
}

func ExampleDiff() {
	a, _ := ternary.ParseText("inputs 3\nreadout out sum from input\n+-0 + 0\n")
	b, _ := ternary.ParseText("inputs 3\nreadout out sum from input\n+-+ + 0\n")
	fmt.Println(ternary.Diff(a, b))
	// Output: readout "out": score 0, input 2: weight +0 against +1
}
