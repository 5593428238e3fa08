package trainer

import "sync"

// minParallel is how many elementary operations (an addition, a table look-up)
// make a second thread worth its start.
const minParallel = 20_000

// parallel cuts 0..n-1 into contiguous parts of at least the given length, at
// most one a thread, and runs f on each beside the others, with a number of
// its own. Parts write
// to places of their own or return integers to be summed, so that results do
// not depend on the number of threads.
func parallel(threads, n, least int, f func(worker, low, high int)) {
	parts := max(1, min(threads, n/max(least, 1)))
	if parts == 1 {
		f(0, 0, n)
		return
	}
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() { f(part, n*part/parts, n*(part+1)/parts) })
	}
	wait.Wait()
}
