package dataset

import "errors"

// maxDigits is how many significant digits a stored value may have: as many as
// a float64 holds for any decimal, so that readers in other languages agree.
const maxDigits = 15

// maxExponent bounds the exponent of a cell; beyond it a value is a slip of the
// pen rather than data.
const maxExponent = 9999

var (
	errNotNumber = errors.New("is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label")
	errExponent  = errors.New("has an exponent outside -9999..9999; rescale the column")
)

// decimal is the exact value ±digits·10^exponent. It has no leading and no
// trailing zeros; no digits at all is zero.
type decimal struct {
	negative bool
	digits   []byte // '0'..'9'
	exponent int
}

// parseDecimal reads sign, digits, fraction and exponent. The digits are
// appended to scratch[:0], which the decimal shares until the next call.
func parseDecimal(cell, scratch []byte) (decimal, error) {
	d := decimal{digits: scratch[:0]}
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		d.negative = cell[0] == '-'
		cell = cell[1:]
	}
	seen, point := 0, false
	for ; len(cell) > 0; cell = cell[1:] {
		c := cell[0]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		seen++
		if point {
			d.exponent--
		}
		if c != '0' || len(d.digits) > 0 {
			d.digits = append(d.digits, c)
		}
	}
	if seen == 0 {
		return decimal{}, errNotNumber
	}
	e, err := parseExponent(cell)
	if err != nil {
		return decimal{}, err
	}
	d.exponent += e
	d.trim()
	return d, nil
}

// parseExponent reads "", or e, an optional sign and digits.
func parseExponent(text []byte) (int, error) {
	if len(text) == 0 {
		return 0, nil
	}
	if text[0] != 'e' && text[0] != 'E' {
		return 0, errNotNumber
	}
	text = text[1:]
	sign := 1
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			sign = -1
		}
		text = text[1:]
	}
	if len(text) == 0 {
		return 0, errNotNumber
	}
	e := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, errNotNumber
		}
		e = min(10*e+int(c-'0'), maxExponent+1)
	}
	if e > maxExponent {
		return 0, errExponent
	}
	return sign * e, nil
}

func (d *decimal) trim() {
	for n := len(d.digits); n > 0 && d.digits[n-1] == '0'; n-- {
		d.digits = d.digits[:n-1]
		d.exponent++
	}
	if len(d.digits) == 0 {
		d.exponent, d.negative = 0, false
	}
}

// places is how many decimal places the value needs.
func (d decimal) places() int { return max(0, -d.exponent) }

// size is the least s for which the value is below 10^s; only for nonzero ones.
func (d decimal) size() int { return len(d.digits) + d.exponent }

// integer is the value times 10^places, rounded half to even, and whether that
// is exact. The result must have at most maxDigits digits before rounding.
func (d decimal) integer(places int) (n int64, exact bool) {
	whole := len(d.digits) + d.exponent + places // digits before the point
	for i := range whole {
		n *= 10
		if i < len(d.digits) {
			n += int64(d.digits[i] - '0')
		}
	}
	exact = whole >= len(d.digits)
	if !exact && whole >= 0 && roundsUp(d.digits[whole:], n) {
		n++
	}
	if d.negative {
		n = -n
	}
	return n, exact
}

// roundsUp says whether the digits after the point raise n, which has no
// trailing zeros among them: a lone 5 is the exact half.
func roundsUp(rest []byte, n int64) bool {
	if rest[0] != '5' {
		return rest[0] > '5'
	}
	return len(rest) > 1 || n%2 == 1
}

// scale gathers the values of a column and says how many decimal places keep
// all of them exact, or keep maxDigits digits of the largest.
type scale struct {
	places  int // needed for exactness
	size    int // every value is below 10^size
	nonzero bool
}

func (s *scale) add(d decimal) {
	if len(d.digits) == 0 {
		return
	}
	s.places = max(s.places, d.places())
	if !s.nonzero || d.size() > s.size {
		s.size = d.size()
	}
	s.nonzero = true
}

// decimals is the number of places to store, at most 255.
func (s scale) decimals() uint8 {
	return uint8(min(s.places, maxDigits-s.size, 255))
}
