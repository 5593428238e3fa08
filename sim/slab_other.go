//go:build !linux

package sim

func askLargePages[T any]([]T) {}
