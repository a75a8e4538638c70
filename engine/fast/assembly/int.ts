// Go's int is a number in JavaScript, within the integers that a double holds exactly.

const MAX_SAFE: f64 = 9007199254740991;

/** Whether a double is an int that JavaScript holds exactly; NaN is not. */
// @inline
export function isInt(value: f64): bool {
  return f64(i64(value)) == value && Math.abs(value) <= MAX_SAFE; // who asks converts it so anyway
}

/** Whether a double holds an int exactly, and no other rounds to the same. */
export function isSafe(value: i64): bool {
  return Math.abs(f64(value)) <= MAX_SAFE;
}

/** Whether two doubles that ints were made into hold them exactly, by their absolute values. */
export function areSafe(doubles: v128): bool {
  return f64x2.extract_lane(doubles, 0) <= MAX_SAFE && f64x2.extract_lane(doubles, 1) <= MAX_SAFE;
}
