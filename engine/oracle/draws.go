package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"unsafe"
)

// A chacha8 is the state of Go's ChaCha8 generator, internal/chacha8rand.State. Every thread of the runtime has one
// in its m, and math/rand/v2's ChaCha8 begins with one.
type chacha8 struct {
	buf  [32]uint64
	seed [4]uint64
	i    uint32 // of the next number in buf
	n    uint32 // how many numbers buf has
	c    uint32 // block counter
}

// chacha8Offset is where the thread's state lies in an m; findChacha8 sets it.
var chacha8Offset uintptr

// threadRandom returns the random state of the thread that runs the goroutine, which must be pinned.
func threadRandom() *chacha8 {
	return (*chacha8)(unsafe.Add(threadM(), chacha8Offset))
}

// threadM returns the thread's m, as a pointer. The runtime keeps it alive and never moves it.
func threadM() unsafe.Pointer {
	m := getm()
	return *(*unsafe.Pointer)(unsafe.Pointer(&m))
}

// findChacha8 looks for the ChaCha8 state in the thread's m: the place where the number that runtime.rand returns
// stands, with an index behind the buffer that has just passed it, and does so again for the next number.
func findChacha8() error {
	procPin()
	defer procUnpin()
	for range 64 { // The buffer may be at its end: then the second number comes from a new block.
		first := runtimeRand()
		for offset := uintptr(0); offset < 1500; offset += 8 {
			state := (*chacha8)(unsafe.Add(threadM(), offset))
			if i := state.i; i >= 1 && i < state.n && state.n <= 32 && state.buf[i-1] == first {
				next := state.buf[i]
				if runtimeRand() == next && state.i == i+1 {
					chacha8Offset = offset
					return nil
				}
			}
		}
	}
	return errors.New("the runtime's random state was not found: this is not the Go 1.23 that the oracle knows")
}

// A drawSource decides what random numbers a map operation meets.
type drawSource interface {
	// load writes the state that yields the source's next numbers into the thread's.
	load(state *chacha8)
	// taken returns the numbers that an operation took, given the state it left, and steps past them.
	taken(state *chacha8) ([]uint64, error)
}

// A stream is an endless source: the ChaCha8 generator of math/rand/v2.
type stream struct{ generator *rand.ChaCha8 }

// newStream returns the source of the recording called name.
func newStream(name string) *stream {
	return &stream{rand.NewChaCha8(seedOf(name, "draws"))}
}

func (s *stream) state() *chacha8 { return (*chacha8)(unsafe.Pointer(s.generator)) }

func (s *stream) load(state *chacha8) { *state = *s.state() }

func (s *stream) taken(state *chacha8) ([]uint64, error) {
	var draws []uint64
	for *s.state() != *state {
		draws = append(draws, s.generator.Uint64())
	}
	return draws, nil
}

// A list is a source of given numbers, those of a recording that is run again. One operation can take 32 at most,
// as many as the generator's buffer has.
type list struct{ draws []uint64 }

func (l *list) load(state *chacha8) {
	*state = chacha8{n: 32}
	copy(state.buf[:], l.draws)
}

func (l *list) taken(state *chacha8) ([]uint64, error) {
	if state.c != 0 {
		return nil, errors.New("one operation takes more than 32 draws, which cannot be fed in from a list")
	}
	if int(state.i) > len(l.draws) {
		return nil, errors.New("the operation takes more draws than the recording has")
	}
	draws := l.draws[:state.i]
	l.draws = l.draws[state.i:]
	return draws, nil
}

// seedOf derives a seed from a recording's name, a different one for each purpose.
func seedOf(name, purpose string) [32]byte {
	return sha256.Sum256([]byte(name + "/" + purpose))
}

// hashkeyOf derives a recording's hash key from its name.
func hashkeyOf(name string) (key [4]uintptr) {
	seed := seedOf(name, "hashkey")
	for i := range key {
		key[i] = uintptr(binary.LittleEndian.Uint64(seed[8*i:]))
	}
	return key
}

// choicesOf returns the generator that a recording's scenario makes its choices with.
func choicesOf(name string) *rand.Rand {
	return rand.New(rand.NewChaCha8(seedOf(name, "choices")))
}
