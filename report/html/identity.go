package html

import (
	"fmt"

	"tritloom/report"
)

// speed is what the timing model says.
func speed(r *report.Report) []term {
	list := []term{{Name: "Ticks an inference", Text: report.Count(r.Ticks.PerInference)}, {Name: "Ticks between inferences", Text: report.Count(r.Ticks.InitiationInterval)}}
	if r.Latency == nil {
		return append(list, term{Name: "Latency, throughput, power", Text: "unknown: the run has no timing model"})
	}
	l := r.Latency
	list = append(list, term{Name: "Latency", Text: fmt.Sprintf("mean %s, half below %s, 95 %% below %s, longest %s",
		report.SI(l.Mean, "s"), report.SI(l.P50, "s"), report.SI(l.P95, "s"), report.SI(l.Max, "s"))})
	if r.ThroughputHz != nil {
		list = append(list, term{Name: "Throughput", Text: report.Mean(*r.ThroughputHz) + " inferences a second"},
			term{Name: "Mean power", Text: report.SI(*r.MeanPowerW, "W")}, term{Name: "Energy × delay", Text: report.SI(*r.EDP, "J·s")})
	}
	list = append(list, term{Name: "Timing model", Text: r.Timing + ", quantum " + report.SI(*r.QuantumS, "s")})
	if r.TickOverruns != nil {
		list = append(list, term{Name: "Tick overruns", Text: report.Count(*r.TickOverruns)})
	}
	return list
}

// identity is everything that names the run, so that it can be made again.
func identity(r *report.Report, o Options) []term {
	t := r.Ticks
	list := []term{
		{Name: "Network", Text: r.Network, Code: true},
		{Name: "Layout", Text: r.Layout, Code: true},
		{Name: "Chip capabilities", Text: r.Chip.Capabilities, Code: true},
		{Name: "Chip prices", Text: r.Chip.Prices, Code: true},
		{Name: "Data", Text: r.Data, Code: true},
		{Name: "Samples", Text: report.Count(r.Samples)},
		{Name: "Ticks of the run", Text: fmt.Sprintf("%s, of them fill %s, drain %s, idle %s", report.Count(t.Total), report.Count(t.Fill), report.Count(t.Drain), report.Count(t.Idle))},
		{Name: "Engine", Text: r.Engine + " (engines never change a result)"},
		{Name: "Against the network", Text: comparison(r)},
		{Name: "Report", Text: r.Format, Code: true},
	}
	if o.Tool != "" {
		list = append(list, term{Name: "Written by", Text: o.Tool})
	}
	return list
}

// comparison says whether the simulated spikes were compared with the network's.
func comparison(r *report.Report) string {
	if r.SpikeMismatches == nil || r.DecisionMismatches == nil {
		return "not recorded in the run; tritloom simulate --against compares every neuron"
	}
	return report.Count(*r.SpikeMismatches) + " mismatching spikes, " + report.Count(*r.DecisionMismatches) + " mismatching decisions"
}
