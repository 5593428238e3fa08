//go:build !purego

package bits

// sum512 is sum for AVX-512.
func sum512(s *summation, planes int) {
	var in, out *Block
	var start *uint64
	if s.in != nil {
		in = &s.in[0]
	} else {
		start = &s.start[0]
	}
	if s.fired == nil {
		out = &s.out[:planes][0]
	}
	if len(s.list.rows) == 0 {
		sumAVX512(out, in, start, planes, nil, nil, 0, 0, s.touched, s.fired)
		return
	}
	sumAVX512(out, in, start, planes, &s.matrix[0], &s.list.rows[0], s.list.plus, len(s.list.rows)-s.list.plus, s.touched, s.fired)
}

func add256(counter *[MaxPlanes]Block, planes int, matrix []Block, rows []Row) {
	addAVX2(&counter[0], planes, &matrix[0], &rows[0], len(rows))
}

func total512(counter *Block, planes int, mask *Block) uint64 {
	return totalAVX512(counter, planes, mask)
}

func transpose512(to, from *Square) { transposeAVX512(to, from) }
func transpose256(to, from *Square) { transposeAVX2(to, from) }

// sumAVX512 starts from in, or from start where in is nil, adds plus rows
// and takes off the minus rows after them. Then it writes touched unless that is nil,
// and fired, or out where fired is nil.
//
//go:noescape
func sumAVX512(out, in *Block, start *uint64, planes int, matrix *Block, rows *Row, plus, minus int, touched, fired *Block)

// addAVX2 adds n rows, whole groups, to a counter with room for four planes.
//
//go:noescape
func addAVX2(counter *Block, planes int, matrix *Block, rows *Row, n int)

// totalAVX512 is Total of at least one plane.
//
//go:noescape
func totalAVX512(counter *Block, planes int, mask *Block) uint64

//go:noescape
func transposeAVX512(to, from *Square)

//go:noescape
func transposeAVX2(to, from *Square)
