package sweep_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tritloom/dataset"
	"tritloom/experiment/sweep"
)

func ExampleSweep_Run() {
	folder, err := os.MkdirTemp("", "sweep")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "s.yaml")
	text := "chip: ternary256\ndata: iris\ntrain: {hidden: 8, sweeps: 1}\ngrid: {core.neurons: [256, 128, 0]}\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		fmt.Println(err)
		return
	}
	s, err := sweep.Load(file, dataset.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := s.Run(context.Background(), sweep.Options{Jobs: 2, Shard: sweep.Whole, Output: filepath.Join(folder, "s.csv")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range table.Rows {
		fmt.Printf("%s columns, stored bits %q, error %.45q\n", table.Cell(row, "core.neurons"), table.Cell(row, "stored_bits"), table.Cell(row, "error"))
	}
	// Output:
	// 256 columns, stored bits "168960", error ""
	// 128 columns, stored bits "84480", error ""
	// 0 columns, stored bits "", error "capabilities.core.neurons = 0; want 1..65536;"
}
