package noc_test

import (
	"fmt"
	"math/rand/v2"

	"tritloom/sim/noc"
)

// Two cores of a row of three send a spike to the third at the same time.
func ExampleNetwork_Run() {
	n, err := noc.New(noc.Config{Width: 3, Height: 1, FIFO: 2, HopX: 4, HopY: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	spike := []noc.Step{{Work: 10, To: []noc.Delivery{{Node: 2, Service: 1}}}}
	r, err := n.Run([]noc.Script{{Node: 0, Steps: spike}, {Node: 1, Steps: spike}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for latency, deliveries := range r.Latency[noc.Spikes].All() {
		fmt.Println(deliveries, "after", latency, "quanta")
	}
	fmt.Println("all over at", r.End)
	// Output:
	// 1 after 5 quanta
	// 1 after 9 quanta
	// all over at 19
}

func ExampleLoadCurve() {
	cfg := noc.Config{Width: 4, Height: 4, FIFO: 4, HopX: 1, HopY: 1}
	points, err := noc.LoadCurve(cfg, []int{0, 1000}, 400, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range points {
		fmt.Println(p.Rate, "per 1000: kept up", p.Delivered == p.Offered)
	}
	// Output:
	// 0 per 1000: kept up true
	// 1000 per 1000: kept up false
}
