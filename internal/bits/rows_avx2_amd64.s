//go:build !purego

#include "textflag.h"

#define LEAK 0
#define THETA 512
#define SCALE 1024
#define UNFIRED 1028
#define FIRED 1032
#define LOW 1036
#define HIGH 1040

// spread repeats each byte of a doubleword eight times; bitOf picks one bit of each.
DATA spread<>+0(SB)/8, $0x0000000000000000
DATA spread<>+8(SB)/8, $0x0101010101010101
DATA spread<>+16(SB)/8, $0x0202020202020202
DATA spread<>+24(SB)/8, $0x0303030303030303
GLOBL spread<>(SB), RODATA|NOPTR, $32
DATA bitOf<>+0(SB)/8, $0x8040201008040201
DATA bitOf<>+8(SB)/8, $0x8040201008040201
DATA bitOf<>+16(SB)/8, $0x8040201008040201
DATA bitOf<>+24(SB)/8, $0x8040201008040201
GLOBL bitOf<>(SB), RODATA|NOPTR, $32

// laneBit is one bit a lane of eight.
DATA laneBit<>+0(SB)/8, $0x0000000200000001
DATA laneBit<>+8(SB)/8, $0x0000000800000004
DATA laneBit<>+16(SB)/8, $0x0000002000000010
DATA laneBit<>+24(SB)/8, $0x0000008000000040
GLOBL laneBit<>(SB), RODATA|NOPTR, $32

// ADD32 adds the bits of a doubleword of the row to 32 counts, SUB32 takes them off:
// a bit becomes a byte of -1.
#define ADD32(off, acc) \
	VPBROADCASTD off(AX), Y12 \
	VPSHUFB Y14, Y12, Y12 \
	VPAND Y15, Y12, Y12 \
	VPCMPEQB Y15, Y12, Y12 \
	VPSUBB Y12, acc, acc

#define SUB32(off, acc) \
	VPBROADCASTD off(AX), Y12 \
	VPSHUFB Y14, Y12, Y12 \
	VPAND Y15, Y12, Y12 \
	VPCMPEQB Y15, Y12, Y12 \
	VPADDB Y12, acc, acc

// OPS counts the bits of one word of the row within mask.
#define OPS(off) \
	MOVQ off(AX), R10 \
	ANDQ off(R9), R10 \
	POPCNTQ R10, R10 \
	ADDQ R10, R11

// func countAVX2(counts *int8, touched, rows *uint64, axons *uint16, n int, mask *uint64) (ops uint64)
TEXT ·countAVX2(SB), NOSPLIT, $0-56
	MOVQ counts+0(FP), DI
	MOVQ touched+8(FP), DX
	MOVQ rows+16(FP), SI
	MOVQ axons+24(FP), R8
	MOVQ n+32(FP), CX
	MOVQ mask+40(FP), R9
	VMOVDQU spread<>(SB), Y14
	VMOVDQU bitOf<>(SB), Y15
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	XORQ R11, R11

row:
	MOVWLZX (R8), AX
	ADDQ $2, R8
	SHLQ $6, AX
	ADDQ SI, AX
	VPOR 0(AX), Y8, Y8
	VPOR 32(AX), Y9, Y9
	ADD32(0, Y0)
	ADD32(4, Y1)
	ADD32(8, Y2)
	ADD32(12, Y3)
	ADD32(16, Y4)
	ADD32(20, Y5)
	ADD32(24, Y6)
	ADD32(28, Y7)
	SUB32(32, Y0)
	SUB32(36, Y1)
	SUB32(40, Y2)
	SUB32(44, Y3)
	SUB32(48, Y4)
	SUB32(52, Y5)
	SUB32(56, Y6)
	SUB32(60, Y7)
	OPS(0)
	OPS(8)
	OPS(16)
	OPS(24)
	OPS(32)
	OPS(40)
	OPS(48)
	OPS(56)
	DECQ CX
	JNZ row

	VMOVDQU Y0, 0(DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	VPAND 0(R9), Y8, Y8
	VPAND 32(R9), Y9, Y9
	VMOVDQU Y8, 0(DX)
	VMOVDQU Y9, 32(DX)
	MOVQ R11, ops+48(FP)
	VZEROUPPER
	RET

// PREPARE puts what is one for all columns into registers; DX points to the params:
// Y8 unfired, Y9 fired, Y10 low, Y11 high, Y7 the potentials outside so far.
#define PREPARE \
	VPBROADCASTD UNFIRED(DX), Y8 \
	VPBROADCASTD FIRED(DX), Y9 \
	VPBROADCASTD LOW(DX), Y10 \
	VPBROADCASTD HIGH(DX), Y11 \
	VMOVDQU laneBit<>(SB), Y15 \
	VPXOR Y7, Y7, Y7 \
	MOVQ $32, CX

// NEURONS updates 8 columns whose sums are in Y0. Y1 becomes the mask of the columns,
// Y3 that of those which fire.
#define NEURONS \
	VPBROADCASTB (R8), Y1 \
	VPAND Y15, Y1, Y1 \
	VPCMPEQD Y15, Y1, Y1 \
	VPMOVSXWD LEAK(DX), Y2 \
	VPADDD Y2, Y0, Y0 \
	VMOVDQU (DI), Y6 \
	VPADDD Y6, Y0, Y0 \
	VPMOVSXWD THETA(DX), Y2 \
	VPCMPGTD Y0, Y2, Y3 \
	VPANDN Y1, Y3, Y3 \
	VPSUBD Y2, Y0, Y4 \
	VPAND Y9, Y4, Y4 \
	VPAND Y8, Y0, Y0 \
	VPBLENDVB Y3, Y4, Y0, Y0 \
	VPCMPGTD Y0, Y10, Y4 \
	VPCMPGTD Y11, Y0, Y5 \
	VPOR Y5, Y4, Y4 \
	VPAND Y1, Y4, Y4 \
	VPOR Y4, Y7, Y7 \
	VPBLENDVB Y1, Y0, Y6, Y6 \
	VMOVDQU Y6, (DI) \
	VMOVMSKPS Y3, AX \
	MOVB AX, (R9) \
	ADDQ $16, DX \
	ADDQ $32, DI \
	INCQ R8 \
	INCQ R9

// func updateAVX2(v *int32, counts *int8, p *Params, mask, fired *uint64) (outside bool)
TEXT ·updateAVX2(SB), NOSPLIT, $0-41
	MOVQ v+0(FP), DI
	MOVQ p+16(FP), DX
	MOVQ mask+24(FP), R8
	MOVQ fired+32(FP), R9
	MOVQ counts+8(FP), SI
	PREPARE
	VPBROADCASTD SCALE(DX), Y12

columns:
	VPMOVSXBD (SI), Y0
	VPMULLD Y12, Y0, Y0
	ADDQ $8, SI
	NEURONS
	DECQ CX
	JNZ columns
	VPTEST Y7, Y7
	SETNE outside+40(FP)
	VZEROUPPER
	RET

// func updateWideAVX2(v, sums *int32, p *Params, mask, fired *uint64) (outside bool)
TEXT ·updateWideAVX2(SB), NOSPLIT, $0-41
	MOVQ v+0(FP), DI
	MOVQ p+16(FP), DX
	MOVQ mask+24(FP), R8
	MOVQ fired+32(FP), R9
	MOVQ sums+8(FP), SI
	PREPARE

columns:
	VMOVDQU (SI), Y0
	ADDQ $32, SI
	NEURONS
	DECQ CX
	JNZ columns
	VPTEST Y7, Y7
	SETNE outside+40(FP)
	VZEROUPPER
	RET

// func widenAVX2(sums *int32, counts *int8, scale int32)
TEXT ·widenAVX2(SB), NOSPLIT, $0-20
	MOVQ sums+0(FP), DI
	MOVQ counts+8(FP), SI
	MOVL scale+16(FP), AX
	VMOVD AX, X12
	VPBROADCASTD X12, Y12
	MOVQ $32, CX

columns:
	VPMOVSXBD (SI), Y0
	VPMULLD Y12, Y0, Y0
	VPADDD (DI), Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ $8, SI
	ADDQ $32, DI
	DECQ CX
	JNZ columns
	VZEROUPPER
	RET
