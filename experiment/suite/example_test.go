package suite_test

import (
	"context"
	"fmt"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

func ExampleSuite_Run() {
	s, err := suite.Load("../../testdata/suites/embedded.yaml", dataset.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	check, err := s.Run(context.Background(), suite.Options{Only: "unit-iris"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(check.OK, check.Cases[0].Expected[0].String())
	// Output: true spike_mismatches = 0; want 0, exactly
}
