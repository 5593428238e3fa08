package sim

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of a large page, and advice of MADV_HUGEPAGE.
const (
	hugePage     = 2 << 20
	adviceToHuge = 14
)

// askLargePages advises the system, which may not listen.
func askLargePages[T any](s []T) {
	size := uintptr(len(s)) * unsafe.Sizeof(*new(T))
	if size < 2*hugePage {
		return
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	skip := -start % hugePage
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), size)
	_ = syscall.Madvise(bytes[skip:skip+(size-skip)/hugePage*hugePage], adviceToHuge) // advice: no error matters
}
