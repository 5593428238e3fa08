package report

import (
	"tritloom/hwmodel"
	"tritloom/ledger"
)

// dependence says what the count of a kind follows, once network, chip and
// schedule are fixed and only the input varies.
type dependence string

const (
	// withSpikes: the fewer spikes the fewer events, and none without a spike.
	withSpikes dependence = "spikes"
	// withSchedule: the same count whatever the input.
	withSchedule dependence = "schedule"
	// withPartner: spikes move events between two kinds whose sum is fixed.
	withPartner dependence = "schedule, with its partner"
	// withTime: the count follows the length of ticks.
	withTime dependence = "time"
)

// following is what the count of a kind follows, and why.
type following struct {
	what dependence
	why  string
}

// follows is the one list of what is paid whatever the input, and what is
// not. The share of a figure that does not depend on activity and the
// break-even with dense engines both come from it.
var follows = [ledger.NumKinds]following{
	ledger.AxonWrite:     {withSpikes, "a spike is written; those of control spikes, which are fixed, are not told apart"},
	ledger.AxonRead:      {withSpikes, "only active axons are taken out"},
	ledger.AxonMerge:     {withSpikes, "two spikes meet"},
	ledger.RowRead:       {withSpikes, "only rows of active axons are read"},
	ledger.BitsRead:      {withSpikes, "read with such a row"},
	ledger.SynapticOp:    {withSpikes, "an active axon meets a synapse"},
	ledger.NeuronTouched: {withPartner, "every evaluated column is touched or idle; the schedule says how many are evaluated"},
	ledger.NeuronIdle:    {withPartner, "every evaluated column is touched or idle; the schedule says how many are evaluated"},
	ledger.SpikeEmitted:  {withSpikes, "a neuron fires"},
	ledger.PacketTile:    {withSpikes, "a spike travels"},
	ledger.PacketCore:    {withSpikes, "a spike travels"},
	ledger.HopX:          {withSpikes, "a spike travels"},
	ledger.HopY:          {withSpikes, "a spike travels"},
	ledger.ChipCrossing:  {withSpikes, "a spike travels"},
	ledger.PsumSend:      {withSchedule, "a partial sum is sent even if it is zero"},
	ledger.PsumHop:       {withSchedule, "a partial sum travels even if it is zero"},
	ledger.ADCConversion: {withSchedule, "an evaluated column is converted even if its current is zero"},
	ledger.DACRow:        {withSpikes, "only rows of active axons are driven"},
	ledger.InputSpike:    {withSpikes, "the input itself"},
	ledger.ControlSpike:  {withSchedule, "written by schedule"},
	ledger.OutputSpike:   {withSpikes, "a neuron fires"},
	ledger.OutputScore:   {withSchedule, "every score leaves, zero included"},
	ledger.StateReset:    {withSchedule, "every neuron that keeps state is set back"},
	ledger.Barrier:       {withSchedule, "one a tick"},
	ledger.ConfigWrite:   {withSchedule, "the image is the same for every input"},
	ledger.CoreTick:      {withSchedule, "a powered core lives through a tick whatever it does"},
	ledger.CoreBusy:      {withTime, "busy quanta and, without a fixed tick, the length of a tick follow its work"},
	ledger.CoreWaiting:   {withTime, "a core waits when it is not busy"},
}

// partners are the kinds whose sum is fixed; core time is so only under a
// fixed tick.
func (s *sheet) partners() [][2]ledger.Kind {
	pairs := [][2]ledger.Kind{{ledger.NeuronTouched, ledger.NeuronIdle}}
	if s.chip.Capabilities.Tick.Kind == hwmodel.TickFixed {
		pairs = append(pairs, [2]ledger.Kind{ledger.CoreBusy, ledger.CoreWaiting})
	}
	return pairs
}

// independent is the part of the counts' nominal energy that would be paid
// without a spike, in joules: every kind that follows the schedule, every
// static price, and the sum of two partners at the cheaper of their prices.
//
// It is a lower bound where partial sums touch columns that no spike reaches,
// where control spikes are written, and where prices are all-in.
func (s *sheet) independent(counts *ledger.Counts) float64 {
	var fixed [ledger.NumKinds]float64
	for k, n := range counts {
		if follows[k].what == withSchedule || s.chip.Prices[k].Scope == hwmodel.Static {
			fixed[k] = float64(s.events[k].Nominal * float64(n))
		}
	}
	for _, pair := range s.partners() {
		a, b := pair[0], pair[1]
		shared := float64(min(s.events[a].Nominal, s.events[b].Nominal) * float64(counts[a]+counts[b]))
		fixed[a], fixed[b] = max(fixed[a]+fixed[b], shared), 0
	}
	sum := 0.0
	for _, joules := range fixed {
		sum += joules
	}
	return sum
}
