package trainer_test

import (
	"context"
	"fmt"

	"tritloom/encode"
	"tritloom/ternary"
	"tritloom/trainer"
)

// A network without hidden layer learns which of two bits is set.
func ExampleTrain() {
	samples := trainer.NewBuilder(2, 2, 2)
	samples.Add(encode.ParseBits("10"), 0)
	samples.Add(encode.ParseBits("01"), 1)
	train, err := samples.Samples()
	if err != nil {
		fmt.Println(err)
		return
	}
	shape := trainer.Shape{Network: &ternary.Network{
		Inputs: 2, Steps: 1, Alphabet: ternary.Ternary,
		Readout: ternary.Readout{Mode: ternary.Sum, From: []int{ternary.Input}, Outputs: 2, Weights: make([]int8, 4), Bias: make([]int32, 2)},
	}}
	result, err := trainer.Train(context.Background(), shape, train, nil, trainer.DefaultOptions(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("errors:", result.TrainErrors)
	fmt.Println("local optimum:", result.LocalOptimum)
	fmt.Println("class of 01:", result.Network.Eval(encode.ParseBits("01")).Class)
	// Output:
	// errors: 0
	// local optimum: true
	// class of 01: 1
}

// One weight of a perfect network is spoiled; Certify names it.
func ExampleCertify() {
	rows := []encode.Bits{encode.ParseBits("10"), encode.ParseBits("01")}
	samples, err := trainer.NewSamples(2, 2, rows, []int32{0, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	shape := trainer.Shape{Network: &ternary.Network{
		Inputs: 2, Steps: 1, Alphabet: ternary.Ternary,
		Readout: ternary.Readout{
			Mode: ternary.Sum, From: []int{ternary.Input}, Outputs: 2,
			Weights: []int8{1, -1, 0, 1}, // the third should be -1
			Bias:    make([]int32, 2),
		},
	}}
	options := trainer.DefaultOptions()
	options.NonzeroPenalty = 0
	found, err := trainer.Certify(context.Background(), shape, samples, options)
	fmt.Println(found, err)
	// Output:
	// layer 0, neuron 1, input 0: -1 instead of 0 changes the objective by -6676 <nil>
}

// The float yardstick learns exclusive or.
func ExampleTrainMLP() {
	features := [][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	options := trainer.DefaultMLPOptions()
	options.Epochs, options.LearningRate = 300, 0.02
	mlp, err := trainer.TrainMLP(context.Background(), features, []int32{0, 1, 1, 0}, 2, []int{8}, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mlp.Predict(features))
	// Output:
	// [0 1 1 0] <nil>
}
