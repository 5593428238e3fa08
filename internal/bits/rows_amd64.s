//go:build !purego

#include "textflag.h"

// func prefetchLine(p unsafe.Pointer)
TEXT ·prefetchLine(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	PREFETCHT0 (AX)
	RET

// func prefetch(rows *uint64, axons *uint16, n int, v *int32, p *Params)
//
// A row is one cache line. Of potentials and params, which are read from end to end,
// the first lines are enough for the processor to see the rest coming.
TEXT ·prefetch(SB), NOSPLIT, $0-40
	MOVQ rows+0(FP), SI
	MOVQ axons+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ v+24(FP), DI
	MOVQ p+32(FP), DX
	PREFETCHT0 0(DI)
	PREFETCHT0 64(DI)
	PREFETCHT0 128(DI)
	PREFETCHT0 0(DX)
	PREFETCHT0 64(DX)
	PREFETCHT0 512(DX)
	PREFETCHT0 576(DX)

row:
	MOVWLZX (R8), AX
	ADDQ $2, R8
	SHLQ $6, AX
	PREFETCHT0 (SI)(AX*1)
	DECQ CX
	JNZ row
	RET

// func prefetchNarrow(rows *uint64, axons *uint16, n int, v, leak *int16)
TEXT ·prefetchNarrow(SB), NOSPLIT, $0-40
	MOVQ rows+0(FP), SI
	MOVQ axons+8(FP), R8
	MOVQ n+16(FP), CX
	MOVQ v+24(FP), DI
	MOVQ leak+32(FP), DX

row:
	MOVWLZX (R8), AX
	ADDQ $2, R8
	SHLQ $6, AX
	PREFETCHT0 (SI)(AX*1)
	DECQ CX
	JNZ row

	PREFETCHT0 0(DI)
	PREFETCHT0 64(DI)
	PREFETCHT0 128(DI)
	PREFETCHT0 192(DI)
	PREFETCHT0 256(DI)
	PREFETCHT0 320(DI)
	PREFETCHT0 384(DI)
	PREFETCHT0 448(DI)
	PREFETCHT0 0(DX)
	PREFETCHT0 64(DX)
	PREFETCHT0 128(DX)
	PREFETCHT0 192(DX)
	PREFETCHT0 256(DX)
	PREFETCHT0 320(DX)
	PREFETCHT0 384(DX)
	PREFETCHT0 448(DX)
	RET
