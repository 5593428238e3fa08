// Package sim runs a chip image tick by tick and writes down what happened.
//
// It sees the layout and nothing behind it: no network, no labels with a
// meaning, no joule. Spikes, potentials and event counts are integers; time is
// ticks, and with timing "analytic" also quanta of the chip.
//
// # A tick
//
// In tick t every core does, in this order:
//
//	(a) the slot t of its axon scheduler becomes the axon bits. Spikes that
//	    met in one slot and axon merged into one (capability axon_merge "or")
//	    or stay as many as they were ("add": each reads its row again).
//	(b) every evaluated column forms A = Σ over active axons of the weight. A
//	    stochastic synapse adds -1, 0 or +1 instead.
//	(c) partial sums travel: a sender column sends A plus what it received
//	    over its one link, zero included, once in the tick. Chains of any
//	    length finish within the tick, across any number of cores.
//	(d) every other column does V := V + A + received, then adds its leak. A
//	    spiking column fires if V >= Theta and resets: clear sets V := 0 fired
//	    or not, zero sets V := 0 on a spike, subtract takes Theta off on a
//	    spike, keep does nothing. layout.Dynamics has what else it may do. A
//	    score column hands V to the host and clears.
//	(e) a spike is written into slot t + d of every destination's scheduler,
//	    d >= 1. The host writes inputs and control spikes of tick t into slot
//	    t before (a).
//
// Synapses are ternary, typed-binary, integers of several bits (kbit), or pairs of
// analogue cells (differential) that hold -1, 0 or +1 as ternary ones do.
//
// On differential cores step (b) is done in analogue: the row of every active axon is
// driven (dac_row, once a spike, beside row_read), no stored bit is read (bits_read stays
// 0), and the current of every evaluated column, senders included, is converted into A
// (adc_conversion), touched or idle. A chip with core.adc_bits holds A in so many bits:
// a sum beyond is clipped, before partial sums come in, and the run says how often. The
// compiler makes images in which no sum is. Cells may be those of one made chip instead
// of the ideal one (Options.Variation): type variation says how they are drawn.
//
// Typed-binary cores follow the same steps, so synapses come before leak,
// leak before threshold, threshold before reset.
//
// A potential must fit its width after the synapses, after the leak and after the
// reset. On chips that saturate it stops at the end of its width there, the sum of
// all synapses being added at once; on others leaving the width is an error.
// Where TrueNorth saturates is not published, and neither is its random generator:
// this one, and the order of its draws, is described at type generator.
//
// # Waves
//
// An inference is a wave. Wave w starts at tick start(w); a column with level
// L works for it at tick start(w) + L. On chips with a wave gate a column is
// evaluated only when a wave is due at it, and its potential and the core's
// axon bits are left alone otherwise: a spike that arrives at a core with no
// evaluated column is lost, which the run reports as a violation. Chips
// without the gate evaluate every used column on every simulated tick.
//
// A wave may stay several ticks at every level (layout.Schedule.Steps), the steps of
// a network whose neurons keep a potential: the host writes its input in each, and a
// score column adds up over them and hands out its sum on the last.
//
// The host resets the potential of columns that keep one (any reset but
// clear) when a wave starts: a state_reset each. Columns that clear need
// none, because their tick ends with V = 0 anyway.
//
// # Who pays
//
// Every event is charged to a core and to a wave, or to no wave (Run.Outside):
//
//   - work of a column: the wave due at it. Without a gate a column also works
//     when no wave is due; then single_stream charges the one wave on the
//     chip, and offline the wave last due at the column until its initiation
//     interval is over. Work before the first wave (fill) and after the last
//     (drain) is outside.
//   - axon_write, axon_merge: the core written to, and the wave of the spike.
//   - axon_read, row_read, bits_read, dac_row: the wave of the spike that came first.
//   - packets and hops: the core that sent them; psum_hop likewise.
//   - core_tick, barrier, core_busy, core_waiting: tick t belongs to the wave
//     that started last, for its initiation interval; what is left after the
//     last interval is drain and outside. A barrier is one event of the whole
//     chip and stands in the row of logical core 0.
//
// So a wave pays initiation interval × cores core ticks in steady state, and
// ticks per inference × cores in single_stream, where the two are equal.
package sim
