package trainer

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"strconv"
	"testing"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/testdata"
)

// digits are the 1,797 handwritten digits: 64 values 0..16 and a label each.
func digits(t *testing.T) (pixels [][]int, labels []int32) {
	t.Helper()
	file := must(testdata.FS.Open("digits8x8.csv.gz"))(t)
	defer file.Close()
	for _, record := range must(csv.NewReader(must(gzip.NewReader(file))(t)).ReadAll())(t) {
		values := make([]int, len(record))
		for i, text := range record {
			values[i] = must(strconv.Atoi(text))(t)
		}
		pixels, labels = append(pixels, values[:64]), append(labels, int32(values[64]))
	}
	return pixels, labels
}

// thermometer encodes chosen rows with four cuts a pixel: 256 bits, what one
// core of 256 axons takes.
func thermometer(t *testing.T, pixels [][]int, labels []int32, rows []int) *Samples {
	t.Helper()
	cuts := []int{2, 6, 10, 14}
	b := NewBuilder(64*len(cuts), 10, len(rows))
	bits := encode.NewBits(64 * len(cuts))
	for _, r := range rows {
		for p, v := range pixels[r] {
			for c, cut := range cuts {
				bits.Put(p*len(cuts)+c, v >= cut)
			}
		}
		b.Add(bits, labels[r])
	}
	return must(b.Samples())(t)
}

// Real digits, both customary splits, the default options. The file keeps the
// order in which digits were collected, so its last 360 rows are harder than
// a random fifth. The bounds are promises, with room below what was seen.
func TestDefaultRecipeOnDigits(t *testing.T) {
	pixels, labels := digits(t)
	order := seed.Stream(1, seed.DatasetSplit).Perm(len(labels))
	inOrder := make([]int, len(labels))
	for i := range inOrder {
		inOrder[i] = i
	}
	const test = 360
	for _, c := range []struct {
		name  string
		rows  []int
		least float64 // share of right decisions
	}{{"last 360 rows", inOrder, 0.86}, {"random fifth", order, 0.93}} {
		cut := len(c.rows) - test
		samples := thermometer(t, pixels, labels, c.rows[:cut])
		held := thermometer(t, pixels, labels, c.rows[cut:])
		r := must(Train(context.Background(), Shape{Network: chain(256, []int{200}, 10)}, samples, nil, DefaultOptions(), nil))(t)
		right := test - wrongDecisions(r.Network, held)
		t.Logf("%s: %d of %d right, %d training errors, %d nonzero weights", c.name, right, test, r.TrainErrors, r.Nonzero)
		if float64(right) < c.least*test {
			t.Errorf("%s: %d of %d right; want %.0f %%", c.name, right, test, 100*c.least)
		}
	}
}
