package main

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"unsafe"
)

// T is a type of the program that cannot be hashed: its name is in the text of a panic.
type T struct{ F []int }

// unhashable are interface values that cannot be hashed, by the label that recordings give them.
var unhashable = map[string]any{
	"[]int":                         []int{1},
	"map[string]int":                map[string]int{"a": 1},
	"func()":                        func() {},
	"main.T":                        T{},
	"[2][]string":                   [2][]string{},
	"struct { F []int }":            struct{ F []int }{},
	"[1]interface {}{[]int}":        [1]any{[]int{}},
	"struct { A any }{map[int]int}": struct{ A any }{map[int]int{}},
}

// unhashableLabels are the keys of unhashable in a fixed order.
var unhashableLabels = []string{
	"[]int", "map[string]int", "func()", "main.T", "[2][]string", "struct { F []int }", "[1]interface {}{[]int}",
	"struct { A any }{map[int]int}",
}

// newValue returns zeroed memory for a value of the type. Memory without pointers is filled with junk where a value
// does not reach: so padding and blank fields prove to be of no consequence.
func newValue(t reflect.Type) unsafe.Pointer {
	p := reflect.New(t).UnsafePointer()
	if t.Kind() == reflect.Struct && !hasPointers(t) {
		for i, bytes := 0, unsafe.Slice((*byte)(p), t.Size()); i < len(bytes); i++ {
			bytes[i] = 0xa5
		}
		wipe(t, p)
	}
	return p
}

// wipe zeroes the parts of a struct that a value reaches.
func wipe(t reflect.Type, p unsafe.Pointer) {
	if t.Kind() != reflect.Struct {
		clear(unsafe.Slice((*byte)(p), t.Size()))
		return
	}
	for i := range t.NumField() {
		if field := t.Field(i); field.Name != "_" {
			wipe(field.Type, unsafe.Add(p, field.Offset))
		}
	}
}

// generated returns the type's value number n. Different numbers mostly give different values, and small ones give
// those where rules change: zeros of both signs, infinities, empty and long strings, a nil interface. Values that
// are not numbers (NaN) come only with nan.
func generated(t reflect.Type, n uint64, nan bool) unsafe.Pointer {
	p := newValue(t)
	generate(t, p, n, nan)
	return p
}

func generate(t reflect.Type, p unsafe.Pointer, n uint64, nan bool) {
	switch t.Kind() {
	case reflect.Bool:
		*(*bool)(p) = n&1 != 0
	case reflect.Float64:
		*(*float64)(p) = floatNumber(n, nan)
	case reflect.Float32:
		*(*float32)(p) = float32(floatNumber(n, nan))
	case reflect.Complex64:
		*(*complex64)(p) = complex(float32(floatNumber(n, nan)), float32(floatNumber(n/5+n%5, nan)))
	case reflect.Pointer, reflect.Chan: // nil, and addresses where nothing is: nobody follows them
		if n != 0 {
			*(*uintptr)(p) = uintptr(0x10000 + n*16)
		}
	case reflect.Complex128:
		*(*complex128)(p) = complex(floatNumber(n, nan), floatNumber(n/5+n%5, nan))
	case reflect.String:
		*(*string)(p) = stringNumber(n)
	case reflect.Interface:
		if n == 0 {
			return
		}
		dynamic := dynamicTypes[n%uint64(len(dynamicTypes))]
		*(*any)(p) = reflect.NewAt(dynamic, generated(dynamic, n/uint64(len(dynamicTypes)), nan)).Elem().Interface()
	case reflect.Array:
		if isBytes(t) {
			fillPattern(t.Len(), p, uint32(n*0x01010101+n/7))
			return
		}
		for i := range t.Len() {
			generate(t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()), (n+uint64(i))/uint64(i+1), nan)
		}
	case reflect.Struct:
		next := n
		for i := range t.NumField() {
			if field := t.Field(i); field.Name != "_" {
				generate(field.Type, unsafe.Add(p, field.Offset), next, nan)
				next = (next + 1) / 2
			}
		}
	default:
		generateInteger(reflect.NewAt(t, p).Elem(), n)
	}
}

func generateInteger(v reflect.Value, n uint64) {
	spread := n
	switch v.Type().Bits() {
	case 16:
		spread = n * 257
	case 32:
		spread = n * 2654435761
	case 64: // small, negative, beyond 2^53, and with nothing in the low half
		switch n % 4 {
		case 1:
			spread = -n
		case 2:
			spread = n * 0x9e3779b97f4a7c15
		case 3:
			spread = n << 32
		}
	}
	if v.CanInt() {
		shift := 64 - v.Type().Bits()
		v.SetInt(int64(spread) << shift >> shift)
	} else {
		v.SetUint(spread << (64 - v.Type().Bits()) >> (64 - v.Type().Bits()))
	}
}

func floatNumber(n uint64, nan bool) float64 {
	switch n {
	case 0:
		return 0
	case 1:
		return math.Copysign(0, -1)
	case 3:
		return math.Inf(1)
	case 4:
		return math.Inf(-1)
	case 5:
		return math.SmallestNonzeroFloat32
	}
	if nan && n%16 == 2 { // with a payload, and the sign bit set
		return math.Float64frombits(0xfff8000000000000 | n<<40)
	}
	return float64(int64(n)-20) / 2
}

func stringNumber(n uint64) string {
	if n == 0 {
		return ""
	}
	switch n % 6 {
	case 0:
		return fmt.Sprint(n)
	case 1:
		return fmt.Sprintf("key:%d", n)
	case 2:
		return fmt.Sprintf("ключ-%d-鍵", n)
	case 3: // 32 bytes and more, alike at both ends: what lookups in a single bucket compare first
		return fmt.Sprintf("head%s%dtail", strings.Repeat("-", 24+int(n%40)), n)
	case 4:
		return fmt.Sprintf("%016x", n*0x9e3779b97f4a7c15)
	}
	return fmt.Sprintf("s%d", n)
}
