/** The JavaScript type of a Go type's values, from the Go type's name. `never` for a type that is not supported. */
export type GoValue<Name extends string> = Name extends "int"
  ? number
  : Name extends "string"
    ? string
    : never;

/** The key type in a map type's name: `string` in `map[string]int`. */
export type KeyName<Name extends string> = Name extends `map[${infer Key}]${string}` ? Key : never;

/** The elem type in a map type's name: `int` in `map[string]int`. */
export type ElemName<Name extends string> = Name extends `map[${string}]${infer Elem}` ? Elem : never;
