// Package trainer searches for the weights of a ternary network.
//
// Train is CoNNTrA, coordinate descent over a finite set of weights: every
// weight of every layer and readout, every integer threshold and every readout
// bias is a coordinate; a trial gives one coordinate another value; a trial is
// kept if it strictly lowers the full-batch objective, which is an integer.
// So the objective never rises, the search ends, and a sweep over all
// coordinates without a change proves that no single change helps (Certify
// checks that by other means).
//
// A trial never runs the network. Adding δ to the sums of a neuron on the
// samples where input i is one moves exactly the samples within δ of the
// threshold across it, and flipping the neuron on sample s changes the loss by
// one number, whichever weight caused the flip. So a trial is a sum of such
// numbers over the bits of (input column AND distance plane). See neuron.go.
//
// Losses are fixed point: LossOne units are a loss of 1 on one sample. Nothing
// in Train is a float, so equal seeds give equal networks on every machine and
// with any number of threads.
//
// TrainMLP is the yardstick beside it: a float network with backpropagation.
//
// The package knows nothing of chips or files. It never sees a test set.
package trainer
