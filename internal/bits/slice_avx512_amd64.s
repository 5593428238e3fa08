//go:build !purego

#include "textflag.h"

// Planes 0..23 of a counter are Z0..Z23; EACH does something plane by plane as
// far as there are planes (BX), then goes on at end.
#define EACH(DO, end) \
	DO(0, Z0, end) DO(1, Z1, end) DO(2, Z2, end) DO(3, Z3, end) DO(4, Z4, end) FROM5(DO, end)
#define FROM5(DO, end) \
	DO(5, Z5, end) DO(6, Z6, end) DO(7, Z7, end) \
	DO(8, Z8, end) DO(9, Z9, end) DO(10, Z10, end) DO(11, Z11, end) \
	DO(12, Z12, end) DO(13, Z13, end) DO(14, Z14, end) DO(15, Z15, end) \
	DO(16, Z16, end) DO(17, Z17, end) DO(18, Z18, end) DO(19, Z19, end) \
	DO(20, Z20, end) DO(21, Z21, end) DO(22, Z22, end) DO(23, Z23, end)
#define UNTIL(i, end) CMPQ BX, $(i+1); JEQ end;

#define LOADPLANE(i, z, end) VMOVDQU64 (64*i)(AX), z; UNTIL(i, end)
#define STARTPLANE(i, z, end) VPBROADCASTQ (8*i)(R8), z; UNTIL(i, end)
#define STOREPLANE(i, z, end) VPTERNLOGQ $0x55, z, z, z; VMOVDQU64 z, (64*i)(AX); UNTIL(i, end)
#define LASTPLANE(i, z, end) VMOVDQA64 z, Z29; UNTIL(i, end)
#define NOTPLANE(i, z, end) VPTERNLOGQ $0x55, z, z, z; UNTIL(i, end)

// Z30 collects where a counter differs from start, before and after the sums
// are inverted; the second also keeps the last plane.
#define DIFFER(i, z, end) \
	VPTERNLOGQ.BCST $0xF6, (8*i)(R8), z, Z30; \
	NOTPLANE(i, z, end)
#define DIFFERNOT(i, z, end) \
	VPTERNLOGQ.BCST $0xF9, (8*i)(R8), z, Z30; \
	LASTPLANE(i, z, end)

// A half adder of the carry Z24 into a plane.
#define RIPPLE(i, z, end) VPXORQ Z24, z, z; VPANDNQ Z24, z, Z24; UNTIL(i, end)

// A full adder: acc becomes the sum of the three, a the carry.
#define CSA(acc, a, b) \
	VPTERNLOGQ $0x96, b, a, acc; \
	VPTERNLOGQ $0xD4, acc, b, a

#define ROW(i, z) MOVL (4*(i))(SI), AX; VMOVDQU64 (DI)(AX*8), z
#define FOUR(i, t, u, v) \
	ROW(i, t); ROW(i+1, u); CSA(Z0, t, u); \
	ROW(i+2, u); ROW(i+3, v); CSA(Z0, u, v); \
	CSA(Z1, t, u)
#define EIGHT(i, t, u, v, w) FOUR(i, t, u, v); FOUR(i+4, u, v, w); CSA(Z2, t, u)
#define SIXTEEN(i, t, u, v, w, x) EIGHT(i, t, u, v, w); EIGHT(i+8, u, v, w, x); CSA(Z3, t, u)

// func sumAVX512(out, in *Block, start *uint64, planes int, matrix *Block, rows *Row, plus, minus int, touched, fired *Block)
TEXT ·sumAVX512(SB), NOSPLIT, $0-80
	MOVQ in+8(FP), AX
	MOVQ start+16(FP), R8
	MOVQ planes+24(FP), BX
	MOVQ matrix+32(FP), DI
	MOVQ rows+40(FP), SI
	MOVQ plus+48(FP), R9
	MOVQ touched+64(FP), DX
	VPXORQ Z30, Z30, Z30
	XORQ R11, R11           // 1 while rows are taken off
	TESTQ AX, AX
	JEQ constant
	EACH(LOADPLANE, more)
constant:
	EACH(STARTPLANE, more)
more:
	CMPQ R9, $32
	JLT few
	SIXTEEN(0, Z24, Z25, Z26, Z27, Z28)
	SIXTEEN(16, Z25, Z26, Z27, Z28, Z29)
	CSA(Z4, Z24, Z25)
	ADDQ $128, SI
	SUBQ $32, R9
	CMPQ BX, $5
	JLE more
	FROM5(RIPPLE, more)
few:                        // less than 32
	CMPQ R9, $16
	JLT fewer
	SIXTEEN(0, Z24, Z25, Z26, Z27, Z28)
	ADDQ $64, SI
	SUBQ $16, R9
	CMPQ BX, $4
	JLE fewer
	RIPPLE(4, Z4, fewer)
	FROM5(RIPPLE, fewer)
fewer:
	TESTQ R9, R9
	JEQ added
	EIGHT(0, Z24, Z25, Z26, Z27)
	ADDQ $32, SI
	CMPQ BX, $3
	JLE added
	RIPPLE(3, Z3, added)
	RIPPLE(4, Z4, added)
	FROM5(RIPPLE, added)
added:
	TESTQ R11, R11
	JNE done
	MOVQ $1, R11            // ~v + m = ~(v - m)
	MOVQ minus+56(FP), R9
	TESTQ DX, DX
	JEQ unseen
	EACH(DIFFER, more)
unseen:
	EACH(NOTPLANE, more)
done:
	MOVQ fired+72(FP), CX
	TESTQ DX, DX
	JEQ untouched
	EACH(DIFFERNOT, seen)
seen:
	VMOVDQU64 Z30, (DX)
	JMP end
untouched:
	EACH(LASTPLANE, end)
end:
	TESTQ CX, CX
	JEQ store
	VMOVDQU64 Z29, (CX)
	VZEROUPPER
	RET
store:
	MOVQ out+0(FP), AX
	EACH(STOREPLANE, stored)
stored:
	VZEROUPPER
	RET

// func totalAVX512(counter *Block, planes int, mask *Block) uint64
TEXT ·totalAVX512(SB), NOSPLIT, $0-32
	MOVQ counter+0(FP), AX
	MOVQ planes+8(FP), BX
	MOVQ mask+16(FP), DX
	VMOVDQU64 (DX), Z1
	VPXORQ Z0, Z0, Z0
	MOVQ BX, CX
	SHLQ $6, CX
plane:                      // from the highest: twice the sum, and the ones
	VPANDQ -64(AX)(CX*1), Z1, Z2
	VPOPCNTQ Z2, Z2
	VPADDQ Z0, Z0, Z0
	VPADDQ Z2, Z0, Z0
	SUBQ $64, CX
	JNE plane
	VEXTRACTI64X4 $1, Z0, Y1
	VPADDQ Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDQ X1, X0, X0
	VPSRLDQ $8, X0, X1
	VPADDQ X1, X0, X0
	VMOVQ X0, ret+24(FP)
	VZEROUPPER
	RET

// Two rows of a transposition: the high columns of low change places with the
// low columns (mask m) of high, n columns apart.
#define SWAP(n, m, low, high) \
	VPSLLQ $n, high, Z8; \
	VPSRLQ $n, low, Z9; \
	VPTERNLOGQ $0xE4, m, Z8, low; \
	VPTERNLOGQ $0xD8, m, Z9, high
#define SWAPS(n1, m1, n2, m2, n3, m3) \
	SWAP(n1, m1, Z0, Z4); SWAP(n1, m1, Z1, Z5); SWAP(n1, m1, Z2, Z6); SWAP(n1, m1, Z3, Z7); \
	SWAP(n2, m2, Z0, Z2); SWAP(n2, m2, Z1, Z3); SWAP(n2, m2, Z4, Z6); SWAP(n2, m2, Z5, Z7); \
	SWAP(n3, m3, Z0, Z1); SWAP(n3, m3, Z2, Z3); SWAP(n3, m3, Z4, Z5); SWAP(n3, m3, Z6, Z7)
#define GET(from, stride) \
	VMOVDQU64 (0*stride)(from), Z0; VMOVDQU64 (1*stride)(from), Z1; \
	VMOVDQU64 (2*stride)(from), Z2; VMOVDQU64 (3*stride)(from), Z3; \
	VMOVDQU64 (4*stride)(from), Z4; VMOVDQU64 (5*stride)(from), Z5; \
	VMOVDQU64 (6*stride)(from), Z6; VMOVDQU64 (7*stride)(from), Z7
#define PUT(to, stride) \
	VMOVDQU64 Z0, (0*stride)(to); VMOVDQU64 Z1, (1*stride)(to); \
	VMOVDQU64 Z2, (2*stride)(to); VMOVDQU64 Z3, (3*stride)(to); \
	VMOVDQU64 Z4, (4*stride)(to); VMOVDQU64 Z5, (5*stride)(to); \
	VMOVDQU64 Z6, (6*stride)(to); VMOVDQU64 Z7, (7*stride)(to)
#define MASK(m, z) MOVQ $m, AX; VPBROADCASTQ AX, z

// func transposeAVX512(to, from *Square)
TEXT ·transposeAVX512(SB), NOSPLIT, $0-16
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MASK(0x00000000ffffffff, Z16)
	MASK(0x0000ffff0000ffff, Z17)
	MASK(0x00ff00ff00ff00ff, Z18)
	MASK(0x0f0f0f0f0f0f0f0f, Z19)
	MASK(0x3333333333333333, Z20)
	MASK(0x5555555555555555, Z21)
	MOVQ DI, DX
	MOVQ $8, CX
far:                        // rows 8 apart
	GET(SI, 512)
	SWAPS(32, Z16, 16, Z17, 8, Z18)
	PUT(DX, 512)
	ADDQ $64, SI
	ADDQ $64, DX
	DECQ CX
	JNE far
	MOVQ $8, CX
near:                       // rows side by side
	GET(DI, 64)
	SWAPS(4, Z19, 2, Z20, 1, Z21)
	PUT(DI, 64)
	ADDQ $512, DI
	DECQ CX
	JNE near
	VZEROUPPER
	RET
