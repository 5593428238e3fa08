//go:build !purego

#include "textflag.h"

// Offsets in Params.
#define LEAK 0
#define THETA 512
#define SCALE 1024
#define UNFIRED 1028
#define FIRED 1032
#define LOW 1036
#define HIGH 1040

// JOIN loads the row of the next axon.
#define JOIN(z) \
	MOVWLZX (R8), AX \
	ADDQ $2, R8 \
	SHLQ $6, AX \
	VMOVDQU64 (SI)(AX*1), z

// AT loads the row of an axon of the list.
#define AT(off, z) \
	MOVWLZX off(R8), AX \
	SHLQ $6, AX \
	VMOVDQU64 (SI)(AX*1), z

// FULL adds bits a and b to a plane and gives what carries to the next.
#define FULL(a, b, plane, carry) \
	VMOVDQA64 plane, carry \
	VPTERNLOGQ $0xe8, b, a, carry \
	VPTERNLOGQ $0x96, b, a, plane

// HALF adds bit a to a plane and gives what carries to the next.
#define HALF(a, plane, carry) \
	VPANDQ a, plane, carry \
	VPXORQ a, plane, plane

// PLANE turns a plane of the counters into bytes worth Z20, and counts it. Its words
// are the write masks of additions and subtractions.
#define PLANE(plane, slot, k) \
	VMOVDQU64 plane, slot(SP) \
	VPANDQ Z28, plane, Z18 \
	VPORQ Z18, Z29, Z29 \
	VPOPCNTQ Z18, Z18 \
	VPSLLQ $k, Z18, Z18 \
	VPADDQ Z18, Z30, Z30 \
	KMOVQ slot+0(SP), K1 \
	KMOVQ slot+8(SP), K2 \
	KMOVQ slot+16(SP), K3 \
	KMOVQ slot+24(SP), K4 \
	VPADDB Z20, Z24, K1, Z24 \
	VPADDB Z20, Z25, K2, Z25 \
	VPADDB Z20, Z26, K3, Z26 \
	VPADDB Z20, Z27, K4, Z27 \
	KMOVQ slot+32(SP), K1 \
	KMOVQ slot+40(SP), K2 \
	KMOVQ slot+48(SP), K3 \
	KMOVQ slot+56(SP), K4 \
	VPSUBB Z20, Z24, K1, Z24 \
	VPSUBB Z20, Z25, K2, Z25 \
	VPSUBB Z20, Z26, K3, Z26 \
	VPSUBB Z20, Z27, K4, Z27 \
	VPADDB Z20, Z20, Z20

// func countAVX512(counts *int8, touched, rows *uint64, axons *uint16, n int, mask *uint64) (ops uint64)
//
// Rows are added up eight at a time by carry-save adders (Harley and Seal) into
// planes Z0-Z6, a bit of every crosspoint's count each. Only the planes, at most
// seven, are then taken apart into bytes, not every row.
TEXT ·countAVX512(SB), NOSPLIT, $448-56
	MOVQ counts+0(FP), DI
	MOVQ touched+8(FP), DX
	MOVQ rows+16(FP), SI
	MOVQ axons+24(FP), R8
	MOVQ n+32(FP), CX
	MOVQ mask+40(FP), R9
	MOVQ CX, BX
	VPXORQ Z24, Z24, Z24
	VPXORQ Z25, Z25, Z25
	VPXORQ Z26, Z26, Z26
	VPXORQ Z27, Z27, Z27
	VPXORQ Z29, Z29, Z29
	VPXORQ Z30, Z30, Z30
	VMOVDQU64 (R9), Z28
	VPTERNLOGD $0xff, Z20, Z20, Z20
	VPABSB Z20, Z20 // 1 in every byte
	CMPQ CX, $8
	JEQ eight
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6

rows:
	JOIN(Z10)
	JOIN(Z11)
	FULL(Z10, Z11, Z0, Z12)
	JOIN(Z10)
	JOIN(Z11)
	FULL(Z10, Z11, Z0, Z13)
	FULL(Z12, Z13, Z1, Z14)
	JOIN(Z10)
	JOIN(Z11)
	FULL(Z10, Z11, Z0, Z12)
	JOIN(Z10)
	JOIN(Z11)
	FULL(Z10, Z11, Z0, Z13)
	FULL(Z12, Z13, Z1, Z15)
	FULL(Z14, Z15, Z2, Z16)
	HALF(Z16, Z3, Z17)
	HALF(Z17, Z4, Z16)
	HALF(Z16, Z5, Z17)
	VPXORQ Z17, Z6, Z6
	SUBQ $8, CX
	JG rows

	PLANE(Z0, 0, 0)
	PLANE(Z1, 64, 1)
	PLANE(Z2, 128, 2)
	PLANE(Z3, 192, 3)
	CMPQ BX, $16
	JLT bytes
	PLANE(Z4, 256, 4)
	CMPQ BX, $32
	JLT bytes
	PLANE(Z5, 320, 5)
	PLANE(Z6, 384, 6)
	JMP bytes

eight: // rows, which most ticks of most cores have: no plane to start from
	AT(0, Z10)
	AT(2, Z11)
	AT(4, Z12)
	AT(6, Z13)
	AT(8, Z14)
	AT(10, Z15)
	AT(12, Z16)
	AT(14, Z17)
	FULL(Z11, Z12, Z10, Z0)
	FULL(Z14, Z15, Z13, Z1)
	FULL(Z13, Z16, Z10, Z2)
	HALF(Z17, Z10, Z3)
	FULL(Z1, Z2, Z0, Z4)
	HALF(Z3, Z0, Z5)
	HALF(Z5, Z4, Z6)
	PLANE(Z10, 0, 0)
	PLANE(Z0, 64, 1)
	PLANE(Z4, 128, 2)
	VPTESTMQ Z6, Z6, K1 // eight of eight
	KORTESTW K1, K1
	JEQ bytes
	PLANE(Z6, 192, 3)

bytes:
	VMOVDQU64 Z24, 0(DI)
	VMOVDQU64 Z25, 64(DI)
	VMOVDQU64 Z26, 128(DI)
	VMOVDQU64 Z27, 192(DI)
	VMOVDQU64 Z29, (DX)
	VEXTRACTI64X4 $1, Z30, Y7
	VPADDQ Y7, Y30, Y8
	VEXTRACTI128 $1, Y8, X7
	VPADDQ X7, X8, X8
	VPSHUFD $0xee, X8, X7
	VPADDQ X7, X8, X8
	VMOVQ X8, AX
	MOVQ AX, ops+48(FP)
	VZEROUPPER
	RET

// PREPARE puts what is one for all columns into registers; DX points to the params:
// Z20 unfired, Z21 fired, Z22 the lowest potential so far, Z23 the highest.
#define PREPARE \
	VPBROADCASTD UNFIRED(DX), Z20 \
	VPBROADCASTD FIRED(DX), Z21 \
	VPBROADCASTD LOW(DX), Z22 \
	VPBROADCASTD HIGH(DX), Z23 \
	VMOVDQA64 Z22, Z26 \
	VMOVDQA64 Z23, Z27 \
	MOVQ $16, CX

// NEURONS updates 16 columns whose sums are in Z0.
#define NEURONS \
	KMOVW (R8), K1 \
	VMOVDQU32 (DI), Z9 \
	VPMOVSXWD LEAK(DX), Z1 \
	VPMOVSXWD THETA(DX), Z2 \
	VPADDD Z9, Z0, Z0 \
	VPADDD Z1, Z0, Z0 \
	VPCMPD $5, Z2, Z0, K1, K2 \
	VPSUBD Z2, Z0, Z3 \
	VPANDD Z20, Z0, Z0 \
	VPANDD Z21, Z3, K2, Z0 \
	KMOVW K2, (R9) \
	VPMINSD Z0, Z22, K1, Z22 \
	VPMAXSD Z0, Z23, K1, Z23 \
	VMOVDQA32 Z0, K1, Z9 \
	VMOVDQU32 Z9, (DI) \
	ADDQ $32, DX \
	ADDQ $64, DI \
	ADDQ $2, R8 \
	ADDQ $2, R9

// FINISH tells whether a potential left Low and High.
#define FINISH \
	VPCMPD $4, Z26, Z22, K1 \
	VPCMPD $4, Z27, Z23, K2 \
	KORTESTW K1, K2 \
	SETNE AX

// func updateAVX512(v *int32, counts *int8, p *Params, mask, fired *uint64) (outside bool)
TEXT ·updateAVX512(SB), NOSPLIT, $0-41
	MOVQ v+0(FP), DI
	MOVQ p+16(FP), DX
	MOVQ mask+24(FP), R8
	MOVQ fired+32(FP), R9
	MOVQ counts+8(FP), SI
	PREPARE
	VPBROADCASTD SCALE(DX), Z24

columns:
	VPMOVSXBD (SI), Z0
	VPMULLD Z24, Z0, Z0
	ADDQ $16, SI
	NEURONS
	DECQ CX
	JNZ columns
	FINISH
	MOVB AX, outside+40(FP)
	VZEROUPPER
	RET

// func updateWideAVX512(v, sums *int32, p *Params, mask, fired *uint64) (outside bool)
TEXT ·updateWideAVX512(SB), NOSPLIT, $0-41
	MOVQ v+0(FP), DI
	MOVQ p+16(FP), DX
	MOVQ mask+24(FP), R8
	MOVQ fired+32(FP), R9
	MOVQ sums+8(FP), SI
	PREPARE

columns:
	VMOVDQU32 (SI), Z0
	ADDQ $64, SI
	NEURONS
	DECQ CX
	JNZ columns
	FINISH
	MOVB AX, outside+40(FP)
	VZEROUPPER
	RET

// func widenAVX512(sums *int32, counts *int8, scale int32)
TEXT ·widenAVX512(SB), NOSPLIT, $0-20
	MOVQ sums+0(FP), DI
	MOVQ counts+8(FP), SI
	MOVL scale+16(FP), AX
	VPBROADCASTD AX, Z24
	MOVQ $16, CX

columns:
	VPMOVSXBD (SI), Z0
	VPMULLD Z24, Z0, Z0
	VPADDD (DI), Z0, Z0
	VMOVDQU32 Z0, (DI)
	ADDQ $16, SI
	ADDQ $64, DI
	DECQ CX
	JNZ columns
	VZEROUPPER
	RET

// func updateNarrowAVX512(v *int16, counts *int8, leak, theta *int16, step int, p *Narrow, mask, fired *uint64) (outside bool)
//
// 32 columns at a time; step is how far thresholds lie apart, 0 where all are those of
// the first 32.
TEXT ·updateNarrowAVX512(SB), NOSPLIT, $0-65
	MOVQ v+0(FP), DI
	MOVQ counts+8(FP), SI
	MOVQ leak+16(FP), R10
	MOVQ theta+24(FP), R11
	MOVQ step+32(FP), R12
	MOVQ p+40(FP), DX
	MOVQ mask+48(FP), R8
	MOVQ fired+56(FP), R9
	VPBROADCASTW 0(DX), Z24 // scale
	VPBROADCASTW 2(DX), Z20 // unfired
	VPBROADCASTW 4(DX), Z21 // fired
	VPBROADCASTW 6(DX), Z22 // the lowest potential so far
	VPBROADCASTW 8(DX), Z23 // the highest
	VMOVDQA64 Z22, Z26
	VMOVDQA64 Z23, Z27
	MOVQ $8, CX

columns:
	KMOVD (R8), K1
	VPMOVSXBW (SI), Z0
	VPMULLW Z24, Z0, Z0
	VMOVDQU16 (DI), Z9
	VMOVDQU16 (R11), Z2
	VPADDW Z9, Z0, Z0
	VPADDW (R10), Z0, Z0
	VPCMPW $5, Z2, Z0, K1, K2
	VPSUBW Z2, Z0, Z3
	VPANDD Z20, Z0, Z0
	VPANDD Z21, Z3, Z3
	VMOVDQU16 Z3, K2, Z0
	KMOVD K2, (R9)
	VPMINSW Z0, Z22, K1, Z22
	VPMAXSW Z0, Z23, K1, Z23
	VMOVDQU16 Z0, K1, Z9
	VMOVDQU16 Z9, (DI)
	ADDQ $32, SI
	ADDQ $64, DI
	ADDQ $64, R10
	ADDQ R12, R11
	ADDQ $4, R8
	ADDQ $4, R9
	DECQ CX
	JNZ columns
	VPCMPW $4, Z26, Z22, K1
	VPCMPW $4, Z27, Z23, K2
	KORTESTD K1, K2
	SETNE AX
	MOVB AX, outside+64(FP)
	VZEROUPPER
	RET

// ordinals are 0 to 31.
DATA ordinals<>+0(SB)/8, $0x0003000200010000
DATA ordinals<>+8(SB)/8, $0x0007000600050004
DATA ordinals<>+16(SB)/8, $0x000b000a00090008
DATA ordinals<>+24(SB)/8, $0x000f000e000d000c
DATA ordinals<>+32(SB)/8, $0x0013001200110010
DATA ordinals<>+40(SB)/8, $0x0017001600150014
DATA ordinals<>+48(SB)/8, $0x001b001a00190018
DATA ordinals<>+56(SB)/8, $0x001f001e001d001c
GLOBL ordinals<>(SB), RODATA|NOPTR, $64

// func listAVX512(list *uint16, mask *uint64) (n int)
//
// 32 columns at a time, without a branch that depends on them.
TEXT ·listAVX512(SB), NOSPLIT, $0-24
	MOVQ list+0(FP), DI
	MOVQ mask+8(FP), SI
	VMOVDQU64 ordinals<>(SB), Z0
	MOVL $32, AX
	VPBROADCASTW AX, Z1
	XORQ BX, BX
	MOVQ $8, CX

columns:
	MOVL (SI), AX
	KMOVD AX, K1
	POPCNTL AX, AX
	VPCOMPRESSW.Z Z0, K1, Z2
	VMOVDQU16 Z2, (DI)(BX*2)
	ADDQ AX, BX
	VPADDW Z1, Z0, Z0
	ADDQ $4, SI
	DECQ CX
	JNZ columns
	MOVQ BX, n+16(FP)
	VZEROUPPER
	RET
