package sim

// slab is a slice of numbers that takes up large pages of memory where the system has
// them: a tick of a large chip touches some ten places a core, each on a page of its
// own, and looking pages up is most of what that costs.
func slab[T any](n int) []T {
	s := make([]T, n)
	askLargePages(s)
	return s
}
