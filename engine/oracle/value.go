package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"unsafe"
)

const maxSafeInteger = 1<<53 - 1 // beyond it, JSON readers that use doubles lose digits

// appendValue appends the JSON form of the value of type t at p.
func appendValue(out []byte, t reflect.Type, p unsafe.Pointer) []byte {
	switch kind := t.Kind(); kind {
	case reflect.Bool:
		return strconv.AppendBool(out, *(*bool)(p))
	case reflect.Float32:
		return fmt.Appendf(out, `"%08x"`, *(*uint32)(p))
	case reflect.Float64:
		return fmt.Appendf(out, `"%016x"`, *(*uint64)(p))
	case reflect.Complex64:
		return fmt.Appendf(out, `["%08x","%08x"]`, *(*uint32)(p), *(*uint32)(unsafe.Add(p, 4)))
	case reflect.Pointer, reflect.Chan:
		return strconv.AppendUint(out, *(*uint64)(p), 10)
	case reflect.Complex128:
		return fmt.Appendf(out, `["%016x","%016x"]`, *(*uint64)(p), *(*uint64)(unsafe.Add(p, 8)))
	case reflect.String:
		return appendString(out, *(*string)(p))
	case reflect.Interface:
		dynamic, data := interfaceData(p)
		if dynamic == nil {
			return append(out, `["nil"]`...)
		}
		out = append(append(out, '['), strconv.Quote(spell(dynamic))...)
		return append(appendValue(append(out, ','), dynamic, data), ']')
	case reflect.Array:
		if isBytes(t) {
			return strconv.AppendUint(out, uint64(patternOf(t.Len(), p)), 10)
		}
		out = append(out, '[')
		for i := range t.Len() {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(out, t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()))
		}
		return append(out, ']')
	case reflect.Struct:
		if t.NumField() == 0 {
			return append(out, '0')
		}
		out = append(out, '[')
		first := len(out)
		for i := range t.NumField() {
			if field := t.Field(i); field.Name != "_" {
				if len(out) > first {
					out = append(out, ',')
				}
				out = appendValue(out, field.Type, unsafe.Add(p, field.Offset))
			}
		}
		return append(out, ']')
	default:
		v := reflect.NewAt(t, p).Elem()
		if v.CanInt() {
			if n := v.Int(); n < -maxSafeInteger || n > maxSafeInteger {
				return fmt.Appendf(out, `"%d"`, n)
			}
			return strconv.AppendInt(out, v.Int(), 10)
		}
		if n := v.Uint(); n > maxSafeInteger {
			return fmt.Appendf(out, `"%d"`, n)
		}
		return strconv.AppendUint(out, v.Uint(), 10)
	}
}

func appendString(out []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be marshalled
	}
	return append(out, text...)
}

// parseValue writes the value with the given JSON form, as encoding/json decodes it with UseNumber, to the zeroed
// memory at p.
func parseValue(value any, t reflect.Type, p unsafe.Pointer) error {
	wrong := func() error { return fmt.Errorf("%v is not a value of type %s", value, spell(t)) }
	switch kind := t.Kind(); kind {
	case reflect.Bool:
		b, ok := value.(bool)
		if !ok {
			return wrong()
		}
		*(*bool)(p) = b
	case reflect.Float32, reflect.Float64:
		text, _ := value.(string)
		bits, err := strconv.ParseUint(text, 16, t.Bits())
		if err != nil || len(text) != t.Bits()/4 {
			return wrong()
		}
		if kind == reflect.Float32 {
			*(*uint32)(p) = uint32(bits)
		} else {
			*(*uint64)(p) = bits
		}
	case reflect.Complex64:
		return parseParts(value, []reflect.Type{float32Type, float32Type}, []uintptr{0, 4}, p, wrong)
	case reflect.Pointer, reflect.Chan:
		return parseInteger(fmt.Sprint(value), reflect.NewAt(reflect.TypeFor[uintptr](), p).Elem(), wrong)
	case reflect.Complex128:
		return parseParts(value, []reflect.Type{float64Type, float64Type}, []uintptr{0, 8}, p, wrong)
	case reflect.String:
		s, ok := value.(string)
		if !ok {
			return wrong()
		}
		*(*string)(p) = s
	case reflect.Interface:
		return parseInterface(value, p, wrong)
	case reflect.Array:
		if isBytes(t) {
			pattern, err := strconv.ParseUint(fmt.Sprint(value), 10, 32)
			if err != nil {
				return wrong()
			}
			fillPattern(t.Len(), p, uint32(pattern))
			return nil
		}
		types, offsets := make([]reflect.Type, t.Len()), make([]uintptr, t.Len())
		for i := range types {
			types[i], offsets[i] = t.Elem(), uintptr(i)*t.Elem().Size()
		}
		return parseParts(value, types, offsets, p, wrong)
	case reflect.Struct:
		if t.NumField() == 0 {
			return nil
		}
		var types []reflect.Type
		var offsets []uintptr
		for i := range t.NumField() {
			if field := t.Field(i); field.Name != "_" {
				types, offsets = append(types, field.Type), append(offsets, field.Offset)
			}
		}
		return parseParts(value, types, offsets, p, wrong)
	default:
		return parseInteger(fmt.Sprint(value), reflect.NewAt(t, p).Elem(), wrong)
	}
	return nil
}

var (
	float32Type = reflect.TypeFor[float32]()
	float64Type = reflect.TypeFor[float64]()
)

func parseParts(value any, types []reflect.Type, offsets []uintptr, p unsafe.Pointer, wrong func() error) error {
	parts, ok := value.([]any)
	if !ok || len(parts) != len(types) {
		return wrong()
	}
	for i, part := range parts {
		if err := parseValue(part, types[i], unsafe.Add(p, offsets[i])); err != nil {
			return err
		}
	}
	return nil
}

func parseInteger(text string, v reflect.Value, wrong func() error) error {
	if v.CanInt() {
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return wrong()
		}
		v.SetInt(n)
		return nil
	}
	n, err := strconv.ParseUint(text, 10, v.Type().Bits())
	if err != nil {
		return wrong()
	}
	v.SetUint(n)
	return nil
}

func parseInterface(value any, p unsafe.Pointer, wrong func() error) error {
	parts, _ := value.([]any)
	if len(parts) == 1 && parts[0] == "nil" {
		return nil
	}
	if len(parts) != 2 {
		return wrong()
	}
	for _, dynamic := range dynamicTypes {
		if spell(dynamic) == parts[0] {
			box := reflect.New(dynamic)
			if err := parseValue(parts[1], dynamic, box.UnsafePointer()); err != nil {
				return err
			}
			*(*any)(p) = box.Elem().Interface()
			return nil
		}
	}
	return wrong()
}

// fillPattern writes the byte array that the number p stands for: its four bytes over and over, each combined with
// the position.
func fillPattern(size int, at unsafe.Pointer, p uint32) {
	for j, bytes := 0, unsafe.Slice((*byte)(at), size); j < size; j++ {
		bytes[j] = byte(p>>(8*(j%4))) ^ byte(j)
	}
}

// patternOf returns the number that stands for a byte array made by fillPattern.
func patternOf(size int, at unsafe.Pointer) (p uint32) {
	for j, b := range unsafe.Slice((*byte)(at), min(size, 4)) {
		p |= uint32(b^byte(j)) << (8 * j)
	}
	return p
}
