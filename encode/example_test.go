package encode_test

import (
	"fmt"

	"tritloom/encode"
)

func ExampleFit() {
	spec, err := encode.ParseSpec("thermometer:3")
	if err != nil {
		fmt.Println(err)
		return
	}
	lengths := []int64{14, 15, 47, 49, 51, 60} // tenths of a centimetre
	encoder, err := encode.Fit(spec, func(int) []int64 { return lengths }, 1, []uint8{1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(&encoder)
	bits := encode.NewBits(encoder.Width())
	encoder.Encode([]int64{48}, bits)
	fmt.Println("4.8 cm is", bits)
	// Output:
	// thermometer: 1 features, 3 bits
	// feature 0: 1.5 4.8 5.0
	// 4.8 cm is 110
}
