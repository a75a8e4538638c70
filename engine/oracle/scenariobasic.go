package main

// basicScenarios are the recordings that every map type has, and long ones for some.
func basicScenarios() (list []scenario) {
	for _, t := range mapTypes {
		list = append(list,
			scenario{t.name + "-small", "inserts, overwrites, hits and misses through the first growths, then drained and refilled", t.name, nil, playSmall},
			scenario{t.name + "-fuzz", "random operations with iterators held, in phases of filling and emptying; NaN keys where the type has them", t.name, nil, playFuzz},
			scenario{t.name + "-clear", "clear in one bucket, in mid-growth and under iterators, then reuse of the buckets", t.name, nil, playClear})
	}
	for _, name := range []string{"i64-i64", "u32-u32", "str-str", "any-any", "f64-i64", "i64-b129", "s1-i8", "b129-i64"} {
		list = append(list, scenario{name + "-big", "some thousand random operations over 1500 keys, with an iteration now and then", name, nil, playBig})
	}
	return list
}

func playSmall(r *recorder) {
	r.every, r.dumpEvery = 1, 20
	r.look(1)
	for n := range uint64(40) {
		r.put(n, n)
		switch r.choices.IntN(4) {
		case 0:
			r.look(uint64(r.choices.IntN(80)))
		case 1:
			r.put(uint64(r.choices.IntN(int(n)+1)), n+40)
		}
	}
	r.rangeAll()
	for _, n := range r.shuffled(0, 40) {
		r.remove(n)
		if r.choices.IntN(4) == 0 {
			r.look(n)
		}
	}
	// The map is empty now, and its seed a new one.
	for n := range uint64(5) {
		r.remove(n)
		r.look(n)
	}
	r.iterate()
	for n := range uint64(12) {
		r.put(n, n)
		r.look(n)
	}
	r.rangeAll()
	for n := range uint64(12) {
		r.remove(n)
	}
	r.put(7, 8)
}

func playFuzz(r *recorder) {
	r.every, r.dumpEvery, r.nan = 5, 150, true
	domain := uint64(90)
	for _, filling := range []int{80, 25, 70, 50, 10, 85} {
		for range 90 {
			r.any(domain, filling)
		}
	}
	r.finish()
}

// any performs a random operation on one of domain keys. Of those that write, filling per cent are inserts.
func (r *recorder) any(domain uint64, filling int) {
	n := r.choices.Uint64N(domain)
	switch dice := r.choices.IntN(1000); {
	case dice < 110:
		r.look(n)
	case dice < 150:
		if len(r.live()) < 4 {
			r.iterate()
		}
	case dice < 300:
		if live := r.live(); len(live) > 0 {
			r.advance(live[r.choices.IntN(len(live))], 1+r.choices.IntN(4))
		}
	case dice < 306:
		r.clear()
	case dice < 314:
		r.clone()
	case r.choices.IntN(100) < filling:
		r.put(n, r.choices.Uint64N(1000))
	default:
		r.remove(n)
	}
}

func playClear(r *recorder) {
	r.every, r.dumpEvery = 1, 60
	r.clear()
	for _, count := range []uint64{3, 9, 27, 14, 54} { // 9, 27 and 14 leave the map in mid-growth, or not long past it
		for n := range count {
			r.put(n, n+count)
		}
		id := r.iterate()
		r.advance(id, int(count)/8)
		r.clear()
		r.look(1)
		if count%2 == 0 {
			r.advance(id, 99)
		}
		for n := range uint64(9) {
			r.put(n+1, n)
		}
		r.finish()
		r.rangeAll()
		r.clear()
		r.clear()
		r.iterate()
		r.remove(2)
	}
	r.put(0, 1)
}

func playBig(r *recorder) {
	r.every = 200
	for _, filling := range []int{95, 50, 5, 80, 20} {
		for range 800 {
			n := r.choices.Uint64N(1500)
			switch {
			case r.choices.IntN(10) == 0:
				r.look(n)
			case r.choices.IntN(100) < filling:
				r.put(n, n+r.choices.Uint64N(3))
			default:
				r.remove(n)
			}
		}
		r.finish()
		r.advance(r.iterate(), 150)
	}
}
