//go:build !amd64 || purego

package bits

// PrefetchLine asks the memory for a cache line, where there is a way to.
func PrefetchLine[T any](*T) {}

var rowKernels = [...]*RowKernels{Pure: pureRows}
