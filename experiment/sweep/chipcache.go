package sweep

import (
	"fmt"
	"sync"

	"tritloom/hwmodel"
)

// chipCache keeps the chips of points: those of a grid differ in few of their keys, and
// reading chip files takes longer than simulating a small network.
type chipCache struct {
	mu    sync.Mutex
	chips map[string]madeChip
}

type madeChip struct {
	chip *hwmodel.Chip
	err  error
}

// maxChips bounds the cache, as a Latin hypercube has a chip a point.
const maxChips = 1000

// get gives the chip of a setting, which nobody may change.
func (c *chipCache) get(at *setting, make func(*setting) (*hwmodel.Chip, error)) (*hwmodel.Chip, error) {
	key := fmt.Sprintf("%q %q %v %v", at.chip, at.sizes, at.prices, at.conditions)
	c.mu.Lock()
	made, ok := c.chips[key]
	c.mu.Unlock()
	if ok {
		return made.chip, made.err
	}
	made.chip, made.err = make(at) // two may make the same; both are right
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.chips == nil || len(c.chips) >= maxChips {
		c.chips = map[string]madeChip{}
	}
	c.chips[key] = made
	return made.chip, made.err
}
