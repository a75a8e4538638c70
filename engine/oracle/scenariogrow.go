package main

import (
	"fmt"
)

// hintScenarios make maps with hints: sensible ones, negative ones, and ones so large that they count as none. Hints
// from 105 on give arrays with spare buckets, whose number depends on how the allocator rounds the array's size.
func hintScenarios() (list []scenario) {
	add := func(mapType string, hints ...int) {
		for _, hint := range hints {
			list = append(list, scenario{fmt.Sprintf("hint-%s-%d", mapType, hint), "make with a hint, then a handful of inserts", mapType, &hint, playHint})
		}
	}
	add("i64-i64", -1<<62, -1, 0, 1, 8, 9, 13, 14, 26, 27, 53, 100, 105, 209, 417, 1000, 3000, 1<<41, 1<<62)
	for _, mapType := range []string{"u8-str", "str-i64", "any-any", "i64-b128", "i64-b129", "bool-empty", "empty-empty", "s1-i8", "b200-b200", "bool-str"} {
		add(mapType, 8, 53, 100, 105, 209, 417, 1000)
	}
	add("u32-b128", 1<<38, 400)
	add("i8-i8", 1<<44, 2000, 5000)
	add("i16-u8", 105, 209, 417, 1000, 2000)
	add("str-str", -5, 60, 110, 210, 420)
	add("i64-any", 60, 110, 210, 420)
	add("u16-c128", 60, 110, 210, 420)
	add("u16-str", 300) // 68 buckets of 160 bytes are a size class, without the type header that they have
	return list
}

func playHint(r *recorder) {
	r.every = 3
	for n := range uint64(14) {
		r.put(n, n)
		r.look(n * 2)
		if n%4 == 3 {
			r.remove(n - 1)
		}
	}
	r.rangeAll()
	r.clear()
	r.put(3, 3)
}

func growScenarios() (list []scenario) {
	const types = "i64-i64 u32-u32 str-str any-any f64-i64 c128-i64 i64-b128 i64-b129 b129-i64 s1-i8 s2-i64 a2f64-i64 " +
		"i64-empty i16-u8 a20f64-str u32-b128 b200-b200"
	list = append(list, family("grow", "inserts through seven growths, with hits in old and new buckets", types, nil, playGrow)...)
	list = append(list, family("grow-drain", "growths that overwrites and deletes carry on, and maps emptied in mid-growth", types, nil, playGrowDrain)...)
	return append(list, family("churn", "a sliding window: each insert followed by the delete of the oldest key",
		"i64-i64 u32-u32 str-str any-i64 f64-i64 i64-b129 b3-u64 s2-i64", nil, playChurn)...)
}

func playGrow(r *recorder) {
	r.dumpEvery = 60
	for n := range uint64(900) {
		// Every operation around the small growths, then every twentieth.
		r.every = 1
		if n > 120 {
			r.every = 20
		}
		r.put(n, n)
		if n%3 == 0 {
			r.look(r.choices.Uint64N(n*5/4 + 1))
		}
	}
	r.every = 50
	r.rangeAll()
}

func playGrowDrain(r *recorder) {
	r.every, r.dumpEvery = 5, 80
	n := uint64(0)
	for r.m.header().B < 6 {
		first := n
		n = r.growUntil(n)
		for r.growing() { // overwrites and deletes take turns in moving the old buckets
			k := r.choices.Uint64N(n)
			r.put(k, k+7)
			r.look(k + 1)
			r.remove(r.choices.Uint64N(n))
		}
		for k := first; k < n; k += 2 {
			r.remove(k)
		}
	}
	// A growth begun from a full map and drained at once: the last delete comes in mid-growth.
	r.clear()
	n = r.growUntil(5000)
	for k := uint64(5000); k < n; k++ {
		r.remove(k)
	}
	for k := range uint64(30) {
		r.put(k, k)
	}
	r.rangeAll()
}

func playChurn(r *recorder) {
	r.every = 6
	const window = 48
	for n := range uint64(600) {
		r.put(n, n)
		if n >= window {
			r.remove(n - window)
		}
		if n%40 == 0 && len(r.live()) == 0 {
			r.iterate()
		}
		if live := r.live(); len(live) > 0 && n%2 == 0 {
			r.next(live[0])
		}
	}
	for n := uint64(552); n < 600; n++ {
		r.remove(n)
	}
}
