package hwtest_test

import (
	"flag"
	"testing"

	"tritloom/experiment/hwtest"
)

// A chip's maintainer keeps a suite beside his tests. With a flag of his own, go test
// -my-update writes the golden file anew.
func ExampleRun() {
	flag.BoolVar(&hwtest.Update, "my-update", false, "write golden files anew")

	testMyChip := func(t *testing.T) {
		hwtest.Run(t, "testdata/mychip.yaml")
	}
	_ = testMyChip // go test finds it by its name, TestMyChip
	// Output:
}
