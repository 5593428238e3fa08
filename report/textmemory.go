package report

import (
	"fmt"

	"tritloom/ternary"
)

// memoryTables are the ladder from the weights alone to all that is stored,
// the stored bits by kind, and how full the cores are.
func (r *Report) memoryTables() string {
	if r.Memory == nil {
		return ""
	}
	return r.Memory.ladderTable() + "\n" + r.Memory.kindsTable() + "\n" + r.Memory.Utilisation.table()
}

func (m *Memory) ladderTable() string {
	t := table{align: "lrr" + "rrrr"}
	head := []string{"", "bits added", "bits"}
	for _, b := range ternary.Baselines {
		head = append(head, "vs "+b.Name)
	}
	t.add(head...)
	for i, rung := range m.Ladder {
		name, added := "+ "+rung.Name, Count(rung.Added)
		if i == 0 {
			name = rung.Name
		}
		row := []string{name, added, Count(rung.Bits)}
		for _, ratio := range rung.Ratios {
			row = append(row, Times(ratio.Value))
		}
		t.add(row...)
	}
	return fmt.Sprintf("Memory: what becomes of 32x (%s weights; ratios divide the bits of as many weights in the other form)\n", Count(m.Weights)) +
		t.String() +
		"  Rungs are cumulative: each counts all bits so far. An input that no weight uses takes no axon, so bits may fall.\n" +
		m.verdict()
}

// verdict says in words what remains, and where less than one does.
func (m *Memory) verdict() string {
	last := m.Ladder[len(m.Ladder)-1]
	fp64, _ := last.Ratios.Get("fp64")
	fp32, _ := last.Ratios.Get("fp32")
	text := fmt.Sprintf("  What remains: %s vs fp64, %s vs fp32; %.1f stored bits a weight.\n", Times(fp64), Times(fp32), m.PerWeight)
	for _, ratio := range last.Ratios {
		if ratio.Value > 0 && ratio.Value < 1 {
			text += fmt.Sprintf("  The cores store %s what %s weights alone would take.\n", Times(1/ratio.Value), ratio.Name)
		}
	}
	return text
}

func (m *Memory) kindsTable() string {
	t := table{align: "lrrl"}
	for _, b := range m.Kinds {
		note := ""
		if b.Stranded {
			note = "stranded"
		}
		t.add(b.Name, Count(b.Bits), m.share(b.Bits), note)
	}
	t.add("stored on the used cores", Count(m.StoredBits), "")
	t.add("of it stranded", Count(m.StrandedBits), m.share(m.StrandedBits))
	return "Stored bits on the used cores\n" + t.String()
}

func (m *Memory) share(bits int64) string {
	if m.StoredBits == 0 {
		return ""
	}
	return Percent(float64(bits) / float64(m.StoredBits))
}

func (u Utilisation) table() string {
	t := table{align: "lrrr"}
	t.add("", "used", "available", "")
	for _, row := range []struct {
		name string
		used Used
	}{{"cores", u.Cores}, {"axons", u.Axons}, {"neurons", u.Neurons}, {"synapses", u.Synapses}} {
		t.add(row.name, Count(row.used.Used), Count(row.used.Available), Percent(row.used.Share()))
	}
	return "Utilisation: cores of the chip, the rest of the used cores\n" + t.String()
}
