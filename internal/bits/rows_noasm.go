//go:build !amd64 || purego

package bits

var rowKernels = [...]*RowKernels{Pure: pureRows}
