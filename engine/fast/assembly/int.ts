// Go's int is a number in JavaScript, within the integers that a double holds exactly.

const MAX_SAFE: f64 = 9007199254740991;

/** Whether a double is an int that JavaScript holds exactly; NaN is not. */
export function isInt(value: f64): bool {
  return Math.abs(value) <= MAX_SAFE && Math.trunc(value) == value;
}

/** The absolute value. Those of many ints, or-ed together, are asked {@link areSafe} once. */
export function magnitude(value: i64): u64 {
  const sign = value >> 63;
  return u64((value + sign) ^ sign);
}

/** Whether doubles hold the ints of these magnitudes exactly, and no others round to them. */
export function areSafe(magnitudes: u64): bool {
  return magnitudes >> 53 == 0;
}

/** Whether a double holds an int exactly. */
export function isSafe(value: i64): bool {
  return areSafe(magnitude(value));
}
