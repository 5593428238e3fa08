package report_test

import (
	"fmt"
	"log"
	"strings"

	"tritloom/hwmodel"
	"tritloom/report"
)

// exampleRow is the run of the other examples as a row of a paper.
func exampleRow() report.PaperRow {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		log.Fatal(err)
	}
	r, err := report.New(report.Subject{Run: exampleRun(chip), Chip: chip}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		log.Fatal(err)
	}
	return report.PaperRow{Report: r, Network: "2-3-2"}
}

func ExampleLaTeX() {
	for line := range strings.Lines(report.LaTeX([]report.PaperRow{exampleRow()}, "tritloom 0.1.0")) {
		if strings.Contains(line, " & ") {
			fmt.Print(strings.TrimSpace(line), "\n")
		}
	}
	// Output:
	// Network & Data & Accuracy (\%) & Cores & Energy per inference & Latency & Energy $\times$ delay \\
	// 2-3-2 &  & 100.0 [15.8, 100.0] & 1 & 23.0\,pJ [23.0\,pJ, 23.0\,pJ] & 15.0\,ns & 3.45$\times 10^{-19}$\,J\,s \\
}

func ExampleBibTeX() {
	first, _, _ := strings.Cut(report.BibTeX([]report.PaperRow{exampleRow()}, "tritloom 0.1.0"), ",")
	fmt.Println(first)
	// Output: @misc{tritloom
}
