package sim

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of a large page; the advice is MADV_HUGEPAGE for memory that is
// not touched yet, and MADV_COLLAPSE, since Linux 6.1, for what was in use before.
const (
	hugePage         = 2 << 20
	adviceHugePage   = 14
	adviceToCollapse = 25
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
	bytes = bytes[skip : skip+(size-skip)/hugePage*hugePage]
	for _, advice := range [...]int{adviceHugePage, adviceToCollapse} {
		_ = syscall.Madvise(bytes, advice) // advice: no error matters
	}
}
