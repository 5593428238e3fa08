//go:build !amd64 || purego

package bits

// detect finds no assembly in this build.
func detect() []Path { return nil }
