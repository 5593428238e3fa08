package report

// Interval is a figure and its bounds. The bounds follow from the bounds of
// the prices alone, all low or all high at once (corner propagation); spread
// over samples is a Spread and never mixed in.
type Interval struct {
	Nominal float64 `json:"nominal"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// plus adds two figures corner by corner.
func (a Interval) plus(b Interval) Interval {
	return Interval{a.Nominal + b.Nominal, a.Low + b.Low, a.High + b.High}
}

// times scales a figure by a factor >= 0. The conversions keep compilers from
// fusing the product with a later sum, which would round differently on
// machines that can.
func (a Interval) times(factor float64) Interval {
	return Interval{float64(a.Nominal * factor), float64(a.Low * factor), float64(a.High * factor)}
}

// Width is how far the bounds are apart.
func (a Interval) Width() float64 { return a.High - a.Low }
