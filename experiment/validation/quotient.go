package validation

import "context"

// Quotient is arithmetic between figures of one source, to see whether they agree: no
// model of a chip is in it.
type Quotient struct {
	Numerator   float64 `yaml:"numerator"` // in the published unit times that of the denominator
	Denominator float64 `yaml:"denominator"`
	Derivation  string  `yaml:"derivation"`
}

func (q *Quotient) check(r *Row) error {
	if err := r.want("quotient", "numerator", "denominator", "derivation"); err != nil {
		return err
	}
	return r.within([]number{{"model.quotient.numerator", q.Numerator, 0, 1e18}, {"model.quotient.denominator", q.Denominator, 1e-18, 1e18}})
}

func (*Quotient) ownFigures() bool { return false }

func (q *Quotient) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	return r.one(exact(q.Numerator/q.Denominator), false, 0), nil
}
