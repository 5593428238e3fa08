package dataset

import "fmt"

// fewestCounted is how many rows a column must count through before it is taken
// for a row number rather than for chance.
const fewestCounted = 20

// counting watches which features rise by exactly one from row to row, as the
// row numbers do that other programs write beside a table. In a file sorted by
// class they give the class away.
type counting struct {
	last []int64
	runs []int // rows since the last step that was not one
	rows []int
}

func newCounting(features int) *counting {
	return &counting{make([]int64, features), make([]int, features), make([]int, features)}
}

func (c *counting) add(feature int, n int64) {
	if c.rows[feature] == 0 || n != c.last[feature]+1 {
		c.runs[feature] = 0
	}
	c.last[feature] = n
	c.runs[feature]++
	c.rows[feature]++
}

// noteCounting names the features that count the rows.
func (t *table) noteCounting(c *counting) {
	for feature, run := range c.runs {
		if t.scales[feature].decimals() == 0 && run == c.rows[feature] && run >= fewestCounted {
			t.notes = append(t.notes, fmt.Sprintf("%s counts the rows one by one; drop it if it is a row number, which tells nothing of new samples", t.featureName(feature)))
		}
	}
}
