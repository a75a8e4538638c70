package main

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"unsafe"
)

// variantOf says which of the runtime's four sets of map functions the compiler has to choose for a type: fast32,
// fast64, faststr or slow. It is worked out from the language's types alone, so that it checks the compiled code.
func variantOf(key, elem reflect.Type) string {
	switch {
	case elem.Size() > 128:
		return "slow"
	case plainMemory(key) && key.Size() == 4:
		return "fast32"
	case plainMemory(key) && key.Size() == 8:
		return "fast64"
	case onlyString(key):
		return "faststr"
	}
	return "slow"
}

// plainMemory reports whether two values of the type are equal exactly when their bytes are.
func plainMemory(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.String, reflect.Interface:
		return false
	case reflect.Array:
		return t.Len() == 0 || plainMemory(t.Elem())
	case reflect.Struct:
		var end uintptr
		for i := range t.NumField() {
			field := t.Field(i)
			if field.Name == "_" || !plainMemory(field.Type) || field.Offset != end {
				return false
			}
			end += field.Type.Size()
		}
		return end == t.Size()
	}
	return true
}

// onlyString reports whether the type is a string, alone or wrapped in arrays and structs of one.
func onlyString(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return true
	case reflect.Array:
		return t.Len() == 1 && onlyString(t.Elem())
	case reflect.Struct:
		return t.NumField() == 1 && t.Field(0).Name != "_" && onlyString(t.Field(0).Type)
	}
	return false
}

// verifyCalls looks into the machine code of a map type's operations and returns an error when one of them does not
// call the runtime function that the language's rules ask for.
func verifyCalls(m goMap) error {
	key, elem := m.types()
	suffix := "_" + variantOf(key, elem)
	if suffix == "_slow" {
		suffix = ""
	}
	access := "runtime.mapaccess2" + suffix
	if elem.Size() > 1024 {
		access = "runtime.mapaccess2_fat"
	}
	assign := "runtime.mapassign" + suffix
	if strings.HasPrefix(suffix, "_fast") && suffix != "_faststr" && hasPointers(key) {
		assign += "ptr" // stores the key as a pointer, for the collector to see
	}
	want := map[string]string{
		"make":           "runtime.makemap_small",
		"make with hint": "runtime.makemap",
		"set":            assign,
		"get":            access,
		"delete":         "runtime.mapdelete" + suffix,
		"clear":          "runtime.mapclear",
		"clone":          "maps.clone",
	}
	for operation, function := range m.code() {
		if calls := mapCalls(reflect.ValueOf(function).Pointer()); !slices.Equal(calls, []string{want[operation]}) {
			return fmt.Errorf("map[%v]%v: %s is compiled to calls of %v instead of %s", key, elem, operation, calls, want[operation])
		}
	}
	return nil
}

// mapCalls returns the map functions of the runtime that the function at entry calls. Wrappers, which only add what
// the compiler's shared code for several types needs, are followed to the code itself.
func mapCalls(entry uintptr) (calls []string) {
	function := runtime.FuncForPC(entry)
	for pc := entry; runtime.FuncForPC(pc) != nil && runtime.FuncForPC(pc).Entry() == function.Entry(); pc++ {
		code := *(*unsafe.Pointer)(unsafe.Pointer(&pc))
		if *(*byte)(code) != 0xe8 { // CALL with a 32-bit distance; other bytes 0xe8 lead to no function's entry
			continue
		}
		distance := int32(binary.LittleEndian.Uint32(unsafe.Slice((*byte)(unsafe.Add(code, 1)), 4)))
		target := pc + 5 + uintptr(distance)
		callee := runtime.FuncForPC(target)
		if callee == nil || callee.Entry() != target {
			continue
		}
		switch name := callee.Name(); {
		case strings.HasPrefix(name, "runtime.map"), strings.HasPrefix(name, "runtime.makemap"), name == "maps.clone":
			calls = append(calls, name)
		case strings.HasPrefix(name, "main.") && target != entry:
			calls = append(calls, mapCalls(target)...)
		}
	}
	return calls
}
