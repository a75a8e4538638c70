/**
 * An error of Go's compiler: a program with this in it would not have been built. `message` is Go's text, with `m`
 * for the map.
 */
export class GoCompileError extends Error {
  override readonly name = "GoCompileError";
}

/**
 * A copy of a struct or array that came out of a map, which says in Go's words why it cannot be assigned through:
 * `m[k].f = v` would change the copy and not the map, so Go's compiler refuses it. Copy it (`{ ...m.get(k) }`) to
 * have a variable of your own, change that, and assign it back.
 *
 * @param expression what the value is called in Go: `m[0]`
 */
export function copyFromMap<Value>(value: Value, expression: string): Value {
  return copyOf(value, expression, true);
}

/** @param isElem whether it is the elem itself, and not a part of it: the compiler has other words for its fields */
function copyOf<Value>(value: Value, expression: string, isElem: boolean): Value {
  if (typeof value !== "object" || value === null) return value;
  const isArray = Array.isArray(value);
  if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = isArray ? [...value] : { ...value };
  const partOf = (key: string | symbol) =>
    isArray ? `${expression}[${String(key)}]` : `${expression}.${String(key)}`;
  const refuse = (_: object, key: string | symbol): never => {
    throw new GoCompileError(
      isElem && !isArray
        ? `cannot assign to struct field ${partOf(key)} in map`
        : `cannot assign to ${partOf(key)} (neither addressable nor a map index expression)`,
    );
  };
  return new Proxy(copy, {
    get: (target, key, receiver) => {
      const part = Reflect.get(target, key, receiver);
      return Object.hasOwn(target, key) ? copyOf(part, partOf(key), false) : part;
    },
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  }) as Value;
}
