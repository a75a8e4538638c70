// The benchmark of hmap in Go: the same operations on the same keys in the same orders (workload.ts), for a map of
// the runtime itself. Built for this machine and for GOOS=js GOARCH=wasm; prints JSON.
//
//	bench KINDS SIZES:PASSES...     int53,small,hashed,fresh 1000:100 100000:2
//	bench memory KINDS SIZES...     bytes per entry instead of times
//	bench arrays SIZE               the million-key lesson: arrays of 128 bytes, put in and deleted
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type result struct {
	Kind    string             `json:"kind"`
	N       int                `json:"n"`
	Timings map[string]float64 `json:"timings,omitempty"` // nanoseconds per operation
	Bytes   float64            `json:"bytes,omitempty"`   // per entry
}

var operations = []string{"insert", "hit", "miss", "overwrite", "iterate", "delete"}

func mix30(i uint32) uint32 {
	const mask = 1<<30 - 1
	x := i ^ i>>15
	x = x * 0x2c1b3c6d & mask
	x ^= x >> 12
	x = x * 0x297a2d39 & mask
	return x ^ x>>15
}

func smallKey(i int) int { return int(mix30(uint32(i))) }

func int53Key(i int) int {
	return int(mix30(uint32(i)))<<23 + int(mix30(uint32(i)+1<<29)&(1<<23-1))
}

// stringKey makes a new string each time.
func stringKey(i int) string { return "key:" + strconv.Itoa(smallKey(i)) }

func shuffled(n int, seed uint32) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	state := seed
	for i := n - 1; i > 0; i-- {
		state += 0x6d2b79f5
		t := (state ^ state>>15) * (state | 1)
		t ^= t + (t^t>>7)*(t|61)
		j := int(uint64(t^t>>14) * uint64(i+1) >> 32)
		order[i], order[j] = order[j], order[i]
	}
	return order
}

func inOrder[K any](order []int, first int, key func(int) K) []K {
	keys := make([]K, len(order))
	for at, i := range order {
		keys[at] = key(first + i)
	}
	return keys
}

// run times maps of n entries, one after another, and gives the mean of each operation.
func run[K comparable](n, passes int, fresh bool, key func(int) K) map[string]float64 {
	straight := make([]int, n)
	for i := range straight {
		straight[i] = i
	}
	if !fresh { // then the very same strings are inserted, looked up and deleted
		keys := make([]K, 2*n)
		for i := range keys {
			keys[i] = key(i)
		}
		key = func(i int) K { return keys[i] }
	}
	orders := [][]int{straight, shuffled(n, 1), straight, shuffled(n, 2), nil, shuffled(n, 3)}
	sums := map[string]float64{}
	perform("insert", map[K]int{}, inOrder(straight, 0, key)) // makes the heap big enough
	for range passes {
		var keys [6][]K
		for at, order := range orders {
			first := 0
			if operations[at] == "miss" {
				first = n
			}
			keys[at] = inOrder(order, first, key)
		}
		if n >= 100_000 {
			runtime.GC()
		}
		m := map[K]int{}
		for at, operation := range operations {
			start := time.Now()
			got := perform(operation, m, keys[at])
			took := time.Since(start)
			want := n
			if operation == "miss" {
				want = 0
			} else if operation == "hit" || operation == "iterate" {
				want = n * (n - 1) / 2
			}
			if got != want {
				panic(fmt.Sprintf("%s of %d gave %d, not %d", operation, n, got, want))
			}
			sums[operation] += float64(took.Nanoseconds()) / float64(n) / float64(passes)
		}
	}
	return sums
}

// perform does one operation with all keys; what it returns depends on everything it did.
//
//go:noinline
func perform[K comparable](operation string, m map[K]int, keys []K) int {
	sum := 0
	switch operation {
	case "insert", "overwrite":
		for i, k := range keys {
			m[k] = i
		}
		return len(keys)
	case "hit":
		for _, k := range keys {
			sum += m[k]
		}
	case "miss":
		for _, k := range keys {
			if _, ok := m[k]; ok {
				sum++
			}
		}
	case "iterate":
		var last K
		for k, v := range m {
			sum += v
			last = k
		}
		runtime.KeepAlive(last)
	case "delete":
		for _, k := range keys {
			delete(m, k)
		}
		return len(keys)
	}
	return sum
}

// arrays puts n arrays of 128 bytes into a map in the order of their keys, deletes them, and collects: the work of the
// lesson on memory leaks.
func arrays(n int) map[string]float64 {
	m := map[int][128]byte{}
	start := time.Now()
	for k := range n {
		m[k] = [128]byte{}
	}
	inserted := time.Now()
	for k := range n {
		delete(m, k)
	}
	runtime.GC()
	deleted := time.Now()
	runtime.KeepAlive(m)
	perEntry := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(n) }
	return map[string]float64{"insert": perEntry(inserted.Sub(start)), "delete": perEntry(deleted.Sub(inserted))}
}

// bytesPerEntry is what a map of n entries takes, its keys included, inserted one by one.
func bytesPerEntry[K comparable](n int, key func(int) K) float64 {
	before := heapAlloc()
	m := map[K]int{}
	for i := range n {
		m[key(i)] = i
	}
	after := heapAlloc()
	runtime.KeepAlive(m)
	return float64(after-before) / float64(n)
}

func heapAlloc() int64 {
	runtime.GC()
	runtime.GC() // the first one may have been under way
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func main() {
	args := os.Args[1:]
	if args[0] == "arrays" {
		n, _ := strconv.Atoi(args[1])
		_ = json.NewEncoder(os.Stdout).Encode([]result{{Kind: "arrays", N: n, Timings: arrays(n)}})
		return
	}
	memory := args[0] == "memory"
	if memory {
		args = args[1:]
	}
	results := []result{}
	for _, kind := range strings.Split(args[0], ",") {
		for _, size := range args[1:] {
			count, repeat, _ := strings.Cut(size, ":")
			n, _ := strconv.Atoi(count)
			passes, _ := strconv.Atoi(repeat)
			r := result{Kind: kind, N: n}
			switch {
			case memory && kind == "int53":
				r.Bytes = bytesPerEntry(n, int53Key)
			case memory && kind == "small":
				r.Bytes = bytesPerEntry(n, smallKey)
			case memory:
				r.Bytes = bytesPerEntry(n, stringKey)
			case kind == "int53":
				r.Timings = run(n, passes, false, int53Key)
			case kind == "small":
				r.Timings = run(n, passes, false, smallKey)
			default:
				r.Timings = run(n, passes, kind == "fresh", stringKey)
			}
			results = append(results, r)
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(results)
}
