import type { GoMap } from "../gomap.ts";
import type { Complex } from "./basic.ts";
import type { Pointer, Slice } from "./reference.ts";

// Go type syntax, read by TypeScript's own type system: so that `go.make("map[string]int")` is a map from strings
// to numbers for the compiler and the editor too.

type SmallInteger = "int8" | "int16" | "int32" | "rune" | "uint8" | "byte" | "uint16" | "uint32";

// biome-ignore-start lint/suspicious/noExplicitAny: a type that is only known at run time may hold anything

/** The JavaScript type of a Go type's values, from the Go type as a string. `unknown` where it cannot be told. */
export type GoValue<Name extends string> = string extends Name ? any : ValueOf<Trim<Name>>;

type ValueOf<Name extends string> = Name extends
  | "int"
  | "uint"
  | "uintptr"
  | SmallInteger
  | "float32"
  | "float64"
  ? number
  : Name extends "int64" | "uint64"
    ? bigint
    : Name extends "string"
      ? string
      : Name extends "bool"
        ? boolean
        : Name extends "complex64" | "complex128"
          ? Complex
          : Name extends `*${infer Elem}`
            ? Pointer<GoValue<Elem>> | null
            : Name extends `[]${infer Elem}`
              ? Slice<GoValue<Elem>> | null
              : Name extends `[${bigint}]${infer Elem}`
                ? readonly GoValue<Elem>[]
                : Name extends `map[${string}`
                  ? GoMap<GoValue<KeyName<Name>>, GoValue<ElemName<Name>>> | null
                  : Name extends `struct${infer Body}`
                    ? StructValue<Trim<Body>>
                    : unknown;

// biome-ignore-end lint/suspicious/noExplicitAny: from here on types are known

/** The key type in a map type: `string` in `map[string]int`. */
export type KeyName<Name extends string> = SplitMap<Trim<Name>>[0];

/** The elem type in a map type: `int` in `map[string]int`. */
export type ElemName<Name extends string> = SplitMap<Trim<Name>>[1];

type SplitMap<Name extends string> = string extends Name
  ? [string, string]
  : Name extends `map[${infer Rest}`
    ? SplitAtBracket<Rest>
    : [never, never];

/** Splits `K]V` at the bracket that closes the key, which may have brackets of its own. */
type SplitAtBracket<Rest extends string, Key extends string = ""> = Rest extends `${infer Head}]${infer Tail}`
  ? `${Key}${Head}` extends infer Whole extends string
    ? IsBalanced<Whole> extends true
      ? [Whole, Tail]
      : SplitAtBracket<Tail, `${Whole}]`>
    : never
  : [never, never];

/** Whether every bracket that is opened is closed: removes closed pairs from the inside. */
type IsBalanced<Text extends string> = Text extends `${infer Before}]${infer After}`
  ? LastSplit<Before> extends [infer Left extends string, string]
    ? IsBalanced<`${Left}${After}`>
    : false
  : Text extends `${string}[${string}`
    ? false
    : true;

/** Splits at the last opening bracket. */
type LastSplit<Text extends string, Left extends string = ""> = Text extends `${infer Head}[${infer Tail}`
  ? Tail extends `${string}[${string}`
    ? LastSplit<Tail, `${Left}${Head}[`>
    : [`${Left}${Head}`, Tail]
  : never;

/** `{ a int; b string }` as an object type; fields of plain named types, the common case. */
type StructValue<Body extends string> = Body extends `{${infer Fields}}`
  ? Fields extends `${string}{${string}`
    ? Readonly<Record<string, unknown>>
    : Readonly<Partial<FieldsOf<Trim<Fields>>>>
  : unknown;

type FieldsOf<Text extends string> = Text extends ""
  ? unknown
  : Text extends `${infer Field};${infer Rest}`
    ? FieldOf<Trim<Field>> & FieldsOf<Trim<Rest>>
    : FieldOf<Text>;

type FieldOf<Text extends string> = Text extends `_ ${string}`
  ? unknown
  : Text extends `${infer Names} ${infer Type}`
    ? Names extends `${infer First},`
      ? { [Key in First]: GoValue<LastWord<Type>> } & FieldOf<Trim<Type>>
      : { [Key in Names]: GoValue<Trim<Type>> }
    : EmbeddedField<Text>;

/** A field that is a type alone, or a pointer to one, has the type's name. */
type EmbeddedField<Type extends string> = Type extends `*${infer Name}`
  ? { [Key in Name]: GoValue<Type> }
  : { [Key in Type]: GoValue<Type> };

type LastWord<Text extends string> =
  Trim<Text> extends `${string} ${infer Rest}` ? LastWord<Rest> : Trim<Text>;

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `\n${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest} ` | `${infer Rest}\n`
    ? Trim<Rest>
    : Text;
