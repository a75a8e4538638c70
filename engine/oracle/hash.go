package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"
)

// withFallbackHash makes sure that the process runs Go 1.23 with the portable hash instead of the one made of AES
// instructions, whose key is out of reach. The choice is made when a process starts: so the program starts itself
// again with the setting.
func withFallbackHash() error {
	if !strings.HasPrefix(runtime.Version(), "go1.23") {
		return fmt.Errorf("the oracle records the maps of Go 1.23, but it was built with %s: build it with Go 1.23", runtime.Version())
	}
	if !useAeshash {
		return checkHash()
	}
	const setting = "cpu.aes=off"
	settings := os.Getenv("GODEBUG")
	if strings.Contains(settings, setting) {
		return errors.New("the runtime uses AES hashing in spite of GODEBUG=" + setting + ": the oracle needs linux/amd64")
	}
	if settings != "" {
		settings += ","
	}
	if err := os.Setenv("GODEBUG", settings+setting); err != nil {
		return err
	}
	path, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(path, os.Args, os.Environ())
}

// checkHash compares the runtime's hash with the formula, for every length up to 200 bytes.
func checkHash() error {
	random := choicesOf("hash")
	saved := hashkey
	defer func() { hashkey = saved }()
	for i := range hashkey {
		hashkey[i] = uintptr(random.Uint64())
	}
	data := make([]byte, 200)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	for size := range len(data) {
		seed := random.Uint64()
		real := uint64(memhash(unsafe.Pointer(&data[0]), uintptr(seed), uintptr(size)))
		if formula := formulaHash(data[:size], seed); real != formula {
			return fmt.Errorf("the runtime hashes %d bytes to %x, the formula to %x: this is not the Go 1.23 that the oracle knows", size, real, formula)
		}
	}
	return nil
}

// formulaHash is Go 1.23's portable hash of bytes, runtime/hash64.go, written out once more.
func formulaHash(p []byte, seed uint64) uint64 {
	var key [4]uint64
	for i := range key {
		key[i] = uint64(hashkey[i])
	}
	read4 := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(p[i:])) }
	read8 := func(i int) uint64 { return binary.LittleEndian.Uint64(p[i:]) }
	mix := func(a, b uint64) uint64 {
		high, low := bits.Mul64(a, b)
		return high ^ low
	}
	size := len(p)
	seed ^= key[0]
	var a, b uint64
	switch {
	case size == 0:
		return seed
	case size < 4:
		a = uint64(p[0]) | uint64(p[size>>1])<<8 | uint64(p[size-1])<<16
	case size < 8:
		a, b = read4(0), read4(size-4)
	case size <= 16:
		a, b = read8(0), read8(size-8)
	default:
		at := 0
		if size > 48 {
			seed1, seed2 := seed, seed
			for ; size-at > 48; at += 48 {
				seed = mix(read8(at)^key[1], read8(at+8)^seed)
				seed1 = mix(read8(at+16)^key[2], read8(at+24)^seed1)
				seed2 = mix(read8(at+32)^key[3], read8(at+40)^seed2)
			}
			seed ^= seed1 ^ seed2
		}
		for ; size-at > 16; at += 16 {
			seed = mix(read8(at)^key[1], read8(at+8)^seed)
		}
		a, b = read8(size-16), read8(size-8)
	}
	return mix(0x1d8e4e27c47d124f^uint64(size), mix(a^key[1], b^seed))
}
