/**
 * Readers of JSON of unknown origin: a notebook's output, which anybody may have written. A shape copies the members
 * that it knows and checks each of them.
 *
 * What is wrong is said as `name.of.member must be …`: who reads adds what it should have been as a whole.
 */

/** Takes JSON for a T; throws a TypeError that says where it is none. */
export type Shape<T> = (json: unknown, where: string) => T;

/** A whole number, 0 or more, and `most` at most. */
export function natural(most = Number.MAX_SAFE_INTEGER): Shape<number> {
  const words =
    most === Number.MAX_SAFE_INTEGER ? "a whole number, 0 or more" : `a whole number from 0 to ${most}`;
  return (json, where) => {
    if (!Number.isSafeInteger(json) || (json as number) < 0 || (json as number) > most) {
      throw wrong(where, words);
    }
    return json as number;
  };
}

export const text: Shape<string> = (json, where) => {
  if (typeof json !== "string") throw wrong(where, "a string");
  return json;
};

export const truth: Shape<boolean> = (json, where) => {
  if (typeof json !== "boolean") throw wrong(where, "true or false");
  return json;
};

/** One of some words. */
export function word<const T extends string>(...words: readonly T[]): Shape<T> {
  return (json, where) => {
    if (!words.includes(json as T)) throw wrong(where, `one of ${words.join(", ")}`);
    return json as T;
  };
}

/** A whole number, of either sign. */
export const integer: Shape<number> = (json, where) => {
  if (!Number.isSafeInteger(json)) throw wrong(where, "a whole number");
  return json as number;
};

/** An array; of exactly `length` items when it is given. */
export function list<T>(item: Shape<T>, length?: number): Shape<T[]> {
  return (json, where) => {
    if (!Array.isArray(json)) throw wrong(where, "an array");
    if (length !== undefined && json.length !== length) throw wrong(where, `an array of ${length}`);
    return json.map((one, i) => item(one, `${where}[${i}]`));
  };
}

/** An array with an item of each of these shapes. */
export function tuple<const T extends readonly unknown[]>(
  ...items: { readonly [I in keyof T]: Shape<T[I]> }
): Shape<T> {
  return (json, where) => {
    if (!Array.isArray(json) || json.length !== items.length) {
      throw wrong(where, `an array of ${items.length}`);
    }
    return items.map((item, i) => item(json[i], `${where}[${i}]`)) as unknown as T;
  };
}

/** Shapes for the members of a T: those that may be missing are {@link optional}. */
type Members<T> = {
  readonly [K in keyof T]-?: Shape<object extends Pick<T, K> ? T[K] | undefined : T[K]>;
};

/** An object with these members; one whose shape gives undefined is left out. */
export function object<T>(members: Members<T>): Shape<T> {
  return (json, where) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw wrong(where, "an object");
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(members) as (keyof T & string)[]) {
      const value = members[name](
        (json as Record<string, unknown>)[name],
        where === "" ? name : `${where}.${name}`,
      );
      if (value !== undefined) result[name] = value;
    }
    return result as T;
  };
}

/** What may be missing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (json, where) => (json === undefined ? undefined : shape(json, where));
}

/** What may be null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (json, where) => (json === null ? null : shape(json, where));
}

/** The error for JSON that is not as it should be. */
export function wrong(where: string, what: string): TypeError {
  return new TypeError(`${where} must be ${what}`);
}
