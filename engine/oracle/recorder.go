package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"unsafe"
)

// A recorder performs operations on a real map and writes down each one, its result and, now and then, the state of
// the map's memory. Scenarios drive it.
type recorder struct {
	m         goMap
	state     *stater
	key, elem reflect.Type
	hashkey   [4]uintptr
	draws     drawSource
	document  *document
	iterators []*hiter // by id; nil once it may not be used any more

	every     int        // a checkpoint after every so many operations; 0: only where check is called
	dumpEvery int        // a full dump, of small maps only, after every so many operations; 0: none
	nan       bool       // whether generated values may be NaN
	choices   *rand.Rand // for the scenario's own decisions
	measured  bool       // whether the bytes that operations allocate are written down
	allocated uint64     // by all operations so far
	err       error      // the first thing that went wrong; only a list of draws can
}

// newRecorder makes the map, and the checkpoint after 0 operations.
func newRecorder(name, note string, m goMap, hint *int, draws drawSource, key [4]uintptr, measured bool) *recorder {
	r := &recorder{m: m, hashkey: key, draws: draws, choices: choicesOf(name), measured: measured}
	r.key, r.elem = m.types()
	r.document = newDocument(name, note, m, hint, key)
	r.state = newStater(m)
	r.run(func() { m.make(hint) })
	r.document.Hash0 = m.header().hash0
	r.measure()
	return r
}

// run performs one map operation with the recording's random numbers and hash key in place of the process's own.
// While it runs, nothing else can use them: the goroutine is pinned.
func (r *recorder) run(operation func()) {
	var after chacha8
	var memoryBefore, memoryAfter runtime.MemStats
	if r.measured {
		runtime.ReadMemStats(&memoryBefore)
	}
	processKey := hashkey
	procPin()
	thread := threadRandom()
	processState := *thread
	r.draws.load(thread)
	hashkey = r.hashkey
	operation()
	hashkey = processKey
	after = *thread
	*thread = processState
	procUnpin()
	if r.measured {
		runtime.ReadMemStats(&memoryAfter)
		r.allocated += memoryAfter.TotalAlloc - memoryBefore.TotalAlloc
	}
	draws, err := r.draws.taken(&after)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("op %d: %w", len(r.document.Ops), err)
	}
	for _, draw := range draws {
		r.document.Draws = append(r.document.Draws, fmt.Sprintf("%016x", draw))
	}
}

// done writes an operation down and makes the checkpoint that may be due.
func (r *recorder) done(op []byte) {
	r.document.Ops = append(r.document.Ops, op)
	r.measure()
	n := len(r.document.Ops)
	if r.every > 0 && n%r.every == 0 {
		r.check()
	}
	if r.dumpEvery > 0 && n%r.dumpEvery == 0 {
		r.dump()
	}
}

// measure writes down how many bytes operations have allocated so far, if that is wanted.
func (r *recorder) measure() {
	if r.measured {
		r.document.Heap = append(r.document.Heap, r.allocated)
	}
}

// check writes down a checkpoint, unless the operations so far have one already.
func (r *recorder) check() {
	h, n := r.m.header(), len(r.document.Ops)
	next, free := h.spares(r.state.t)
	growing := 0
	if h.oldbuckets != nil {
		growing = 1
	}
	entry := fmt.Appendf(nil, `[%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,"%s"]`, n, h.count, h.flags, h.B, h.noverflow, h.hash0,
		h.nevacuate, growing, next, free, len(r.document.Draws), r.state.digest(h))
	if last := len(r.document.Check) - 1; last >= 0 && string(r.document.Check[last]) == string(entry) {
		return
	}
	r.document.Check = append(r.document.Check, entry)
}

// dump writes down the whole state, if the map is small.
func (r *recorder) dump() {
	if h := r.m.header(); h.B <= 3 {
		text, err := json.Marshal(r.state.dump(h, len(r.document.Ops)))
		if err != nil {
			panic(err) // a dump holds numbers and strings only
		}
		r.document.Full = append(r.document.Full, text)
	}
}

// set performs m[k] = v.
func (r *recorder) set(key, elem unsafe.Pointer) {
	op := appendValue(append(r.begin("s"), ','), r.key, key)
	op = append(appendValue(append(op, ','), r.elem, elem), ']')
	r.run(func() { r.m.set(key, elem) })
	r.done(op)
}

// get performs v, ok := m[k].
func (r *recorder) get(key unsafe.Pointer) (found bool) {
	elem := reflect.New(r.elem).UnsafePointer()
	r.run(func() { found = r.m.get(key, elem) })
	op := append(appendValue(append(r.begin("g"), ','), r.key, key), ',')
	if found {
		op = appendValue(op, r.elem, elem)
	} else {
		op = append(op, "null"...)
	}
	r.done(append(op, ']'))
	return found
}

// delete performs delete(m, k).
func (r *recorder) delete(key unsafe.Pointer) {
	r.run(func() { r.m.delete(key) })
	r.done(append(appendValue(append(r.begin("d"), ','), r.key, key), ']'))
}

// clear performs clear(m).
func (r *recorder) clear() {
	r.run(r.m.clear)
	r.done([]byte(`["c"]`))
}

// clone performs m = maps.Clone(m) and puts all iterators away.
func (r *recorder) clone() {
	r.run(r.m.clone)
	clear(r.iterators)
	r.done([]byte(`["k"]`))
}

// iterate begins an iteration, which produces the first entry, and returns the iterator's number.
func (r *recorder) iterate() (id int) {
	it := new(hiter)
	r.run(func() { mapiterinit(r.m.descriptor(), r.m.header(), it) })
	op := r.begin("i")
	if it.h != nil { // nil: the map was empty, and nothing was drawn
		op = fmt.Appendf(op, ",%d,%d", it.startBucket, it.offset)
	}
	return r.produced(op, it, len(r.iterators))
}

// next steps an iterator and reports whether it produced an entry.
func (r *recorder) next(id int) bool {
	it := r.iterators[id]
	r.run(func() { mapiternext(it) })
	r.produced(fmt.Appendf(r.begin("n"), ",%d", id), it, id)
	return r.iterators[id] != nil
}

// produced writes down what an iterator points to now. At its end an iterator is put away.
func (r *recorder) produced(op []byte, it *hiter, id int) int {
	if id == len(r.iterators) {
		r.iterators = append(r.iterators, it)
	}
	if it.key == nil {
		r.iterators[id] = nil
		op = append(op, ",null]"...)
	} else {
		op = appendValue(append(op, ','), r.key, it.key)
		op = append(appendValue(append(op, ','), r.elem, it.elem), ']')
	}
	r.done(op)
	return id
}

// panics performs an operation of kind s, g or d with a key that cannot be hashed, described by label.
func (r *recorder) panics(kind, label string, key unsafe.Pointer) {
	text := panicText(func() {
		elem := reflect.New(r.elem).UnsafePointer()
		switch kind {
		case "s":
			r.m.set(key, elem)
		case "g":
			r.m.get(key, elem)
		case "d":
			r.m.delete(key)
		}
	})
	op := appendString(append(r.begin("!"), `,"`+kind+`",`...), label)
	r.done(append(appendString(append(op, ','), text), ']'))
}

// panicText returns what operation panics with. The goroutine is not pinned: a panic is not allowed then, and an
// operation that panics while hashing draws nothing.
func panicText(operation func()) (text string) {
	defer func() {
		if err, ok := recover().(error); ok {
			text = err.Error()
		}
	}()
	operation()
	return ""
}

// begin returns the start of an operation of the given kind.
func (r *recorder) begin(kind string) []byte { return []byte(`["` + kind + `"`) }
