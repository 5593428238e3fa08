package sweep

import (
	"slices"
	"strconv"

	"tritloom/internal/strictyaml"
)

// objective is a column that is better the smaller, or the larger, it is.
type objective struct {
	name   string
	column string
	larger bool // larger is better
	energy bool // a lower bound of it can be compared with nothing
}

// objectives is the one list of what a Pareto front may be over.
var objectives = []objective{
	{"error_rate", accuracyColumn, true, false}, // the same order as by accuracy
	{"energy_per_inference_j", energyColumn, false, true},
	{"accuracy", accuracyColumn, true, false},
	{"latency_s", latencyColumn, false, false},
	{"throughput_hz", "throughput_hz", true, false},
	{"cores", "cores", false, false},
	{"stored_bits", "stored_bits", false, false},
	{"ticks_per_inference", "ticks_per_inference", false, false},
}

// objectives checks the list of the file, or takes the default.
func (s *Sweep) objectives(at strictyaml.Entries) error {
	s.Objectives = s.doc.Pareto
	if !at.Stated("pareto") {
		s.Objectives = []string{"error_rate", "energy_per_inference_j"}
	}
	var names []string
	for _, o := range objectives {
		names = append(names, o.name)
	}
	for i, name := range s.Objectives {
		path := "pareto[" + strconv.Itoa(i) + "]"
		if !slices.Contains(names, name) {
			return at.Errorf(path, "unknown objective %q; want %s", strictyaml.Clip(name), strictyaml.OneOf(names))
		}
		if slices.Contains(s.Objectives[:i], name) {
			return at.Errorf(path, "%s stands twice; keep one", name)
		}
	}
	if len(s.Objectives) == 0 {
		return at.Errorf("pareto", "no objectives; list one or more of %s, or leave pareto out", strictyaml.OneOf(names))
	}
	return nil
}

// Words of the Pareto column. A row that failed, that lacks an objective, or whose
// energy is only a lower bound while energy is one, has neither.
const (
	onFront   = "true"
	dominated = "false"
)

// front says of each row whether no other is at least as good in every objective and
// better in one.
func (s *Sweep) front(header []string, rows [][]string) []string {
	var of []objective
	for _, name := range s.Objectives {
		of = append(of, objectives[slices.IndexFunc(objectives, func(o objective) bool { return o.name == name })])
	}
	costs, order := make([][]float64, len(rows)), []int{}
	for i, row := range rows {
		if costs[i] = costsOf(of, header, row); costs[i] != nil {
			order = append(order, i)
		}
	}
	// What dominates a row comes before it in this order, so a row need only be
	// compared with the front so far.
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(costs[a], costs[b]) })
	words, front := make([]string, len(rows)), []int{}
	for _, i := range order {
		if slices.ContainsFunc(front, func(other int) bool { return dominates(costs[other], costs[i]) }) {
			words[i] = dominated
			continue
		}
		words[i] = onFront
		front = append(front, i)
	}
	return words
}

// costsOf are the objectives of a row, the smaller the better; nil: it cannot be
// compared.
func costsOf(of []objective, header, row []string) []float64 {
	costs := make([]float64, len(of))
	for i, o := range of {
		if o.energy && row[slices.Index(header, boundColumn)] != "false" {
			return nil
		}
		v, err := strconv.ParseFloat(row[slices.Index(header, o.column)], 64)
		if err != nil {
			return nil
		}
		if o.larger {
			v = -v
		}
		costs[i] = v
	}
	return costs
}

func dominates(a, b []float64) bool {
	better := false
	for i := range a {
		if a[i] > b[i] {
			return false
		}
		better = better || a[i] < b[i]
	}
	return better
}
