package archtest

// everything stands for all rooms but the command and the packages only tests use.
const everything = "*"

// mayImport is the import table: room, and the rooms it may import, all below
// tritloom/. A sub-package without a row belongs to its parent's room, and packages
// of one room may import each other. Test files may reach across.
var mayImport = map[string][]string{
	"ledger":   {"internal/container"},
	"testdata": {},
	"dataset":  {"testdata", "internal/seed"},
	"encode":   {},

	"ternary":         {"encode", "internal/container"},
	"ternary/fold":    {"ternary"},
	"ternary/netspec": {"ternary", "internal/seed", "internal/strictyaml"},

	"hwmodel":       {"ledger", "internal/strictyaml"},
	"layout":        {"encode", "hwmodel", "internal/container"},
	"layout/replay": {"layout", "ledger", "encode", "internal/container"},

	"trainer": {"dataset", "encode", "ternary", "ternary/fold", "ternary/netspec",
		"internal/seed", "internal/bits", "internal/progress", "internal/container"},
	"compiler":      {"ternary", "hwmodel", "layout", "internal/seed"},
	"compiler/lift": {"ternary", "hwmodel", "layout"},
	"sim":           {"ledger", "encode", "hwmodel", "layout", "internal/bits", "internal/seed"},
	"verify":        {"ternary", "layout", "sim", "compiler/lift", "encode", "ledger", "internal/seed"},
	"report":        {"ledger", "hwmodel", "layout", "ternary", "internal/seed"},
	"interop": {"encode", "dataset", "ternary", "ternary/fold", "ternary/netspec", "hwmodel",
		"layout", "layout/replay", "internal/container"},

	"experiment": {everything},
	// Suites inside go test: it brings package testing, which the command must not hold.
	"experiment/hwtest": {everything},
	"cmd/tritloom":      {everything},

	"internal/archtest":   {},
	"internal/bits":       {},
	"internal/container":  {},
	"internal/progress":   {},
	"internal/seed":       {},
	"internal/strictyaml": {},
	"internal/textcase":   {},
}

// roomsToCome have a row but no package on disk yet.
var roomsToCome = []string{}

// testOnly rooms serve test files; everything leaves them out.
var testOnly = []string{"internal/archtest", "internal/textcase", "experiment/hwtest"}

// reasons are added to a message where the plain table would look arbitrary.
var reasons = map[[2]string]string{ // importer's room, imported room
	{"sim", "ternary"}:            "the simulator is an independent witness: it must not see the network it is compared with",
	{"compiler/lift", "compiler"}: "the lifter reads the image alone; with the compiler's code it would repeat the compiler's mistakes",
	{"ternary", "internal/bits"}:  "the plain evaluator shares no kernel with the fast ones",
}

// fileRules hold single files to less than their room's row.
var fileRules = []struct {
	pattern   string // path.Match on the file's path in the module
	forbidden string // room
	reason    string
}{
	{"sim/reference*.go", "internal/bits", "the reference engine shares no kernel with the fast ones"},
	{"ternary/eval*.go", "internal/bits", "the plain evaluator shares no kernel with the fast ones"},
}

// modules is the second table: which rooms may use a module of others outside test
// files. Test files may use any module of the table.
var modules = map[string][]string{
	"github.com/alecthomas/kong":               {"cmd/tritloom"},
	"github.com/goccy/go-yaml":                 {"internal/strictyaml", "ternary/netspec", "cmd/tritloom"},
	"github.com/invopop/jsonschema":            {"hwmodel", "ternary/netspec"},
	"github.com/santhosh-tekuri/jsonschema/v6": {"hwmodel", "ternary/netspec"},
	"github.com/emer/emergent/v2":              {"ternary/netspec", "encode"},
	"cogentcore.org/lab":                       {"ternary/netspec", "encode"},
	"gonum.org/v1/gonum":                       {"trainer", "report", "experiment", "verify"},
	"gonum.org/v1/plot":                        {"report", "experiment"},
	"golang.org/x/sync":                        {"trainer", "sim", "experiment"},
	"golang.org/x/sys":                         {"internal/bits", "experiment"},
	"github.com/google/go-cmp":                 {"internal/textcase"},
	"github.com/rogpeppe/go-internal":          {},
	"pgregory.net/rapid":                       {},
	"codeberg.org/sbinet/npyio":                {},
}
