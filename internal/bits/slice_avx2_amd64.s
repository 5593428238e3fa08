//go:build !purego

#include "textflag.h"

// A full adder: acc becomes the sum of the three, a the carry. Y10 is scratch.
#define CSA(acc, a, b) \
	VPXOR a, b, Y10; \
	VPAND a, b, a; \
	VPAND acc, Y10, b; \
	VPXOR acc, Y10, acc; \
	VPOR a, b, a
#define ROW(i, y) MOVL (4*(i))(SI), AX; VMOVDQU (DI)(AX*8), y
#define FOUR(i, t, u, v) \
	ROW(i, t); ROW(i+1, u); CSA(Y0, t, u); \
	ROW(i+2, u); ROW(i+3, v); CSA(Y0, u, v); \
	CSA(Y1, t, u)

// func addAVX2(counter *Block, planes int, matrix *Block, rows *Row, n int)
//
// Half a block at a time: planes 0..2 in Y0..Y2, the others in memory.
TEXT ·addAVX2(SB), NOSPLIT, $0-40
	MOVQ counter+0(FP), R8
	MOVQ planes+8(FP), BX
	MOVQ matrix+16(FP), DI
	MOVQ $2, R12
	SHLQ $6, BX             // bytes of the counter
half:
	MOVQ rows+24(FP), SI
	MOVQ n+32(FP), CX
	VMOVDQU (R8), Y0
	VMOVDQU 64(R8), Y1
	VMOVDQU 128(R8), Y2
more:
	FOUR(0, Y4, Y5, Y6)
	FOUR(4, Y5, Y6, Y7)
	CSA(Y2, Y4, Y5)
	MOVQ $192, DX
	JMP check
ripple:
	VMOVDQU (R8)(DX*1), Y5
	VPXOR Y4, Y5, Y6
	VPAND Y4, Y5, Y4
	VMOVDQU Y6, (R8)(DX*1)
	ADDQ $64, DX
check:
	CMPQ DX, BX
	JLT ripple
	ADDQ $32, SI
	SUBQ $8, CX
	JGT more
	VMOVDQU Y0, (R8)
	VMOVDQU Y1, 64(R8)
	VMOVDQU Y2, 128(R8)
	ADDQ $32, R8
	ADDQ $32, DI
	DECQ R12
	JNE half
	VZEROUPPER
	RET

// Two rows of a transposition: the high columns of low change places with the
// low columns (mask m) of high, n columns apart.
#define SWAP(n, m, low, high) \
	VPSRLQ $n, low, Y8; \
	VPXOR high, Y8, Y8; \
	VPAND m, Y8, Y8; \
	VPXOR Y8, high, high; \
	VPSLLQ $n, Y8, Y8; \
	VPXOR Y8, low, low
#define SWAPS(n1, n2, n3) \
	SWAP(n1, Y11, Y0, Y4); SWAP(n1, Y11, Y1, Y5); SWAP(n1, Y11, Y2, Y6); SWAP(n1, Y11, Y3, Y7); \
	SWAP(n2, Y12, Y0, Y2); SWAP(n2, Y12, Y1, Y3); SWAP(n2, Y12, Y4, Y6); SWAP(n2, Y12, Y5, Y7); \
	SWAP(n3, Y13, Y0, Y1); SWAP(n3, Y13, Y2, Y3); SWAP(n3, Y13, Y4, Y5); SWAP(n3, Y13, Y6, Y7)
#define GET(from, stride) \
	VMOVDQU (0*stride)(from), Y0; VMOVDQU (1*stride)(from), Y1; \
	VMOVDQU (2*stride)(from), Y2; VMOVDQU (3*stride)(from), Y3; \
	VMOVDQU (4*stride)(from), Y4; VMOVDQU (5*stride)(from), Y5; \
	VMOVDQU (6*stride)(from), Y6; VMOVDQU (7*stride)(from), Y7
#define PUT(to, stride) \
	VMOVDQU Y0, (0*stride)(to); VMOVDQU Y1, (1*stride)(to); \
	VMOVDQU Y2, (2*stride)(to); VMOVDQU Y3, (3*stride)(to); \
	VMOVDQU Y4, (4*stride)(to); VMOVDQU Y5, (5*stride)(to); \
	VMOVDQU Y6, (6*stride)(to); VMOVDQU Y7, (7*stride)(to)
#define MASK(m, x, y) MOVQ $m, AX; VMOVQ AX, x; VPBROADCASTQ x, y

// func transposeAVX2(to, from *Square)
TEXT ·transposeAVX2(SB), NOSPLIT, $0-16
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MASK(0x00000000ffffffff, X11, Y11)
	MASK(0x0000ffff0000ffff, X12, Y12)
	MASK(0x00ff00ff00ff00ff, X13, Y13)
	MOVQ DI, DX
	MOVQ $16, CX
far:                        // rows 8 apart, half a block at a time
	GET(SI, 512)
	SWAPS(32, 16, 8)
	PUT(DX, 512)
	ADDQ $32, SI
	ADDQ $32, DX
	DECQ CX
	JNE far
	MASK(0x0f0f0f0f0f0f0f0f, X11, Y11)
	MASK(0x3333333333333333, X12, Y12)
	MASK(0x5555555555555555, X13, Y13)
	MOVQ $8, CX
near:                       // rows side by side
	GET(DI, 64)
	SWAPS(4, 2, 1)
	PUT(DI, 64)
	ADDQ $32, DI
	GET(DI, 64)
	SWAPS(4, 2, 1)
	PUT(DI, 64)
	ADDQ $480, DI
	DECQ CX
	JNE near
	VZEROUPPER
	RET
