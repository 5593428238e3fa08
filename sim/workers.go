package sim

import (
	"context"
	"sync"
)

// promise is a job on its way: what it makes or its error comes exactly once.
type promise[T any] struct {
	job    int
	result chan delivery[T]
}

type delivery[T any] struct {
	made T
	err  error
}

// inOrder lets workers do jobs 0 .. jobs-1, each worker one at a time, and takes what
// they make in the order of jobs, on this goroutine. So the number of workers shows
// nowhere if a job's result depends on nothing but its number. The first error in that
// order ends it all.
func inOrder[W, T any](ctx context.Context, jobs int, workers []W, do func(ctx context.Context, worker W, job int) (T, error), take func(T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	todo := make(chan promise[T])
	ordered := make(chan promise[T], len(workers)) // bounds how far workers run ahead
	working.Go(func() { dispatch(ctx, jobs, ordered, todo) })
	for _, w := range workers {
		working.Go(func() {
			for job := range todo {
				made, err := do(ctx, w, job.job)
				job.result <- delivery[T]{made, err}
			}
		})
	}
	for next := range ordered {
		got := <-next.result
		if got.err == nil {
			got.err = take(got.made)
		}
		if got.err != nil {
			return got.err
		}
	}
	return ctx.Err()
}

// dispatch hands out the jobs in order, until all are out or ctx ends.
func dispatch[T any](ctx context.Context, jobs int, ordered, todo chan<- promise[T]) {
	defer close(ordered)
	defer close(todo)
	for i := range jobs {
		p := promise[T]{i, make(chan delivery[T], 1)}
		select {
		case todo <- p:
		case <-ctx.Done():
			return
		}
		select {
		case ordered <- p:
		case <-ctx.Done():
			return
		}
	}
}
