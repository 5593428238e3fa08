//go:build !purego

package bits

import "golang.org/x/sys/cpu"

// detect lists the assembly paths of this processor, the fastest last.
func detect() []Path {
	var paths []Path
	if cpu.X86.HasAVX2 {
		paths = append(paths, AVX2)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VPOPCNTDQ && cpu.X86.HasAVX512VBMI2 {
		paths = append(paths, AVX512)
	}
	return paths
}
