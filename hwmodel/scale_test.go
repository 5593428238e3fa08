package hwmodel_test

import (
	"math"
	"strings"
	"testing"

	"tritloom/hwmodel"
)

// By hand, in the table's unit: 45 nm at 0.9 V 1.103·0.81 - 0.362·0.9 + 0.277 = 0.84463;
// 20 nm at 0.8 V 0.373·0.64 - 0.158·0.8 + 0.041 = 0.15332, 32 nm at 0.8 V 0.45724; 28 nm
// is a third of the way from 32 to 20: 0.35593.
func TestScaleEnergyByHand(t *testing.T) {
	for _, c := range []struct {
		toNM, toV, want float64
	}{
		{45, 0.9, 1},
		{20, 0.8, 0.15332 / 0.84463},
		{28, 0.8, (0.45724 - (0.45724-0.15332)/3) / 0.84463},
	} {
		got, err := hwmodel.ScaleEnergy("stillmaker-baas-2017", 45, 0.9, c.toNM, c.toV)
		if err != nil || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("to %g nm, %g V: %.15g, %v; want %.15g", c.toNM, c.toV, got, err, c.want)
		}
	}
}

func TestScaleEnergyRefuses(t *testing.T) {
	const table = "stillmaker-baas-2017"
	for _, c := range []struct {
		table                    string
		fromNM, fromV, toNM, toV float64
		want                     string
	}{
		{"moore", 45, 0.9, 28, 0.8, `unknown scaling table "moore"`},
		{table, 130, 1.8, 28, 0.8, "knows no 130 nm; it holds for 7..45 nm"},
		{table, 45, 0.9, 5, 0.8, "knows no 5 nm"},
		{table, 45, 0.9, 0, 0.8, "knows no 0 nm"},
		{table, 45, 0.9, math.NaN(), 0.8, "knows no NaN nm"},
		{table, 45, 0.9, 32, 0.4, "knows no 0.4 V at 32 nm"}, // 2·0.956·0.4 < 0.782
		{table, 45, 0.1, 32, 0.8, "knows no 0.1 V at 45 nm"},
	} {
		got, err := hwmodel.ScaleEnergy(c.table, c.fromNM, c.fromV, c.toNM, c.toV)
		if err == nil || got != 0 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %g, %v", c, got, err)
		}
	}
}
