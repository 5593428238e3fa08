// Package seed gives every use of randomness in tritloom its own stream.
//
// A run has one seed. Each purpose draws from a stream of its own, so a new
// purpose never shifts the numbers of an old one, and equal seeds give equal
// bytes on every machine.
package seed

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
)

// Purpose names one use of randomness. The list below is the whole list.
type Purpose string

// The purposes. Add a line here before drawing random numbers for anything new.
const (
	DatasetSplit    Purpose = "dataset.split"    // which rows are held out
	NetspecMask     Purpose = "netspec.mask"     // random connectivity patterns, one stream a layer
	TrainerInit     Purpose = "trainer.init"     // first weights of a CoNNTrA run
	TrainerOrder    Purpose = "trainer.order"    // order of the coordinates in a sweep
	TrainerBackprop Purpose = "trainer.backprop" // float yardstick: first weights and batches
	CompilerPlace   Purpose = "compiler.place"   // placement search
	VerifyFault     Purpose = "verify.fault"     // which single faults are injected
	SimConductance  Purpose = "sim.conductance"  // how far analogue cells vary, one stream a logical core
	ReportCorners   Purpose = "report.corners"   // Monte Carlo over price intervals
	BenchNetwork    Purpose = "bench.network"    // the chips simulators are timed on
	BenchTraffic    Purpose = "bench.traffic"    // packets of load curves
	SweepLatin      Purpose = "sweep.latin"      // Latin hypercubes of sweeps, one stream an axis
	TestNetwork     Purpose = "test.network"     // random networks of tests and benchmarks
	TestInput       Purpose = "test.input"       // random inputs of tests and benchmarks
)

// Stream is the random stream of one purpose under a run's seed.
func Stream(seed uint64, p Purpose) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(p))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Sub is the stream of the i-th member of a family of one purpose, such as
// one layer's mask or one core's generator. Members are keyed by their logical
// number, so placement or thread count never changes what they draw.
func Sub(seed uint64, p Purpose, i int) *rand.Rand {
	return Stream(seed, p+Purpose("/"+strconv.Itoa(i)))
}
