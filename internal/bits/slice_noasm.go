//go:build !amd64 || purego

package bits

// Without assembly no other path than Pure is available, and these stand for
// kernels that nobody can call.

func sum512(*summation, int)                        { panic("bits: no assembly in this build") }
func add256(*[MaxPlanes]Block, int, []Block, []Row) { panic("bits: no assembly in this build") }
func total512(*Block, int, *Block) uint64           { panic("bits: no assembly in this build") }
func transpose512(to, from *Square)                 { panic("bits: no assembly in this build") }
func transpose256(to, from *Square)                 { panic("bits: no assembly in this build") }
