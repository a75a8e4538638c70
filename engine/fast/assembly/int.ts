// Go's int is a number in JavaScript, within the integers that a double holds exactly.

const MAX_SAFE: f64 = 9007199254740991;

/** Whether a double is an int that JavaScript holds exactly; NaN is not. */
export function isInt(value: f64): bool {
  return Math.abs(value) <= MAX_SAFE && Math.trunc(value) == value;
}

export function beyondSafe(value: i64): u64 {
  const sign = value >> 63;
  return u64((value + sign) ^ sign);
}

/** Whether a double holds an int exactly. */
export function isSafe(value: i64): bool {
  return u64(value + i64(MAX_SAFE)) <= 2 * u64(MAX_SAFE);
}
