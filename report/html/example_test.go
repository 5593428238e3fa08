package html_test

import (
	"bytes"
	"fmt"
	"log"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/report/html"
)

func ExampleWrite() {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	run := &ledger.Run{
		Format: ledger.RunFormat, Chip: chip.Name, Capabilities: chip.Capabilities.Hash(), Scenario: ledger.SingleStream, Samples: 1,
		Ticks: ledger.Ticks{Total: 1, PerInference: 1, InitiationInterval: 1}, Timing: ledger.Timing{Model: "none"},
		CoresUsed: 1, CoresChip: chip.Capabilities.Mesh.Cores(), Cores: make([]ledger.Counts, 1), Kinds: ledger.KindNames(),
		PerSample: []ledger.SampleSeries{{Kind: "row_read", Counts: []uint64{2}}},
	}
	run.Cores[0][ledger.RowRead] = 2
	r, err := report.New(report.Subject{Run: run, Chip: chip}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		log.Fatal(err)
	}
	var page bytes.Buffer
	if err := html.Write(&page, r, html.Options{Tool: "tritloom 0.1.0", Chip: chip}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.HasPrefix(page.Bytes(), []byte("<!doctype html>")), page.Len() < 1<<16)
	// Output: true true
}
