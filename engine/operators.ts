import { GoCompileError } from "./copies.ts";
import { GoPanic } from "./map/errors.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import type { Complex } from "./types/basic.ts";
import type { GoType } from "./types/gotype.ts";

/** Go's assignment operators. `m[k]++` is `+= 1`. */
export type AssignmentOperator =
  | "+="
  | "-="
  | "*="
  | "/="
  | "%="
  | "&="
  | "|="
  | "^="
  | "&^="
  | "<<="
  | ">>=";

/** Whether Go makes an access and then an assign of the operator, so that a panic finds the map untouched. */
export function readsFirst(operator: AssignmentOperator): boolean {
  return operator === "/=" || operator === "%=";
}

/**
 * `*place op= operand`, where a value of this type is at `place`. Operator and operand have been checked.
 *
 * @throws GoPanic for a negative shift, which Go finds when the entry is there already
 */
export function applyOperator(
  go: Machine,
  type: GoType,
  place: Address,
  operator: AssignmentOperator,
  operand: unknown,
): void {
  const store: (value: unknown) => void = (value) => type.store(go, place, value, go.heap);
  switch (family(type)) {
    case "integer": {
      const whole = BigInt(operand as number | bigint);
      if (isShift(operator) && whole < 0n) throw new GoPanic("runtime error: negative shift amount");
      storeInteger(go, type, place, integerResult(loadInteger(go, type, place), operator, whole));
      break;
    }
    case "float": {
      const number = type.size === 4 ? Math.fround(operand as number) : (operand as number);
      store(floatResult(type.load(go, place) as number, operator, number));
      break;
    }
    case "complex": {
      const [real, imaginary] = operand as Complex;
      const other: Complex =
        type.size === 8 ? [Math.fround(real), Math.fround(imaginary)] : [real, imaginary];
      store(complexResult(type.load(go, place) as Complex, operator, other));
      break;
    }
    case "string":
      store(`${type.load(go, place) as string}${operand as string}`);
      break;
  }
}

/**
 * Refuses an operator or operand that the type does not take.
 *
 * @param indexed what the elem is called in Go: `m[1]`
 * @throws GoCompileError for an operator, in the compiler's words; TypeError or RangeError for an operand
 */
export function checkOperator(
  type: GoType,
  operator: AssignmentOperator,
  operand: unknown,
  indexed: () => string,
): void {
  const kind = family(type);
  if (!OPERATORS[kind].includes(operator)) {
    const elem = `${indexed()} (map index expression of type ${type.name})`;
    throw new GoCompileError(
      isShift(operator)
        ? `invalid operation: shifted operand ${elem} must be integer`
        : `invalid operation: operator ${operator.slice(0, -1)} not defined on ${elem}`,
    );
  }
  if (isShift(operator)) {
    if (typeof operand !== "bigint" && !Number.isInteger(operand))
      throw new TypeError("a shift count must be a whole number");
    return;
  }
  const check: (value: unknown) => void = type.check;
  check(operand);
}

/**
 * What Go checks between the access and the assign of `/=` and `%=`.
 *
 * @throws GoPanic for an integer division by zero
 */
export function checkDivision(type: GoType, operand: unknown): void {
  if (family(type) === "integer" && BigInt(operand as number | bigint) === 0n) {
    throw new GoPanic("runtime error: integer divide by zero");
  }
}

function isShift(operator: AssignmentOperator): boolean {
  return operator === "<<=" || operator === ">>=";
}

/** Types that have the same operators. */
type Family = "integer" | "float" | "complex" | "string" | "other";

const OPERATORS: Readonly<Record<Family, readonly AssignmentOperator[]>> = {
  integer: ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "&^=", "<<=", ">>="],
  float: ["+=", "-=", "*=", "/="],
  complex: ["+=", "-=", "*=", "/="],
  string: ["+="],
  other: [],
};

function family({ kind }: GoType): Family {
  if (kind === "float32" || kind === "float64") return "float";
  if (kind === "complex64" || kind === "complex128") return "complex";
  if (kind === "string") return "string";
  return /^u?int/.test(kind) && kind !== "interface" ? "integer" : "other";
}

function loadInteger(go: Machine, type: GoType, place: Address): bigint {
  if (type.size < 8) return BigInt(type.load(go, place) as number);
  const bits = go.memory.loadInt64(place);
  return type.kind.startsWith("u") ? BigInt.asUintN(64, bits) : bits;
}

/** Stores the low bits of an integer, as Go's arithmetic wraps around. */
function storeInteger(go: Machine, type: GoType, place: Address, value: bigint): void {
  if (type.size === 8) go.memory.storeInt64(place, value);
  else if (type.size === 4) go.memory.store32(place, Number(BigInt.asIntN(32, value)));
  else if (type.size === 2) go.memory.store16(place, Number(BigInt.asUintN(16, value)));
  else go.memory.store8(place, Number(BigInt.asUintN(8, value)));
}

function integerResult(a: bigint, operator: AssignmentOperator, b: bigint): bigint {
  switch (operator) {
    case "+=":
      return a + b;
    case "-=":
      return a - b;
    case "*=":
      return a * b;
    case "/=":
      return a / b;
    case "%=":
      return a % b;
    case "&=":
      return a & b;
    case "|=":
      return a | b;
    case "^=":
      return a ^ b;
    case "&^=":
      return a & ~b;
    case "<<=":
      return b >= 64n ? 0n : a << b;
    case ">>=":
      return a >> (b > 64n ? 64n : b);
  }
}

function floatResult(a: number, operator: AssignmentOperator, b: number): number {
  if (operator === "+=") return a + b;
  if (operator === "-=") return a - b;
  return operator === "*=" ? a * b : a / b;
}

function complexResult([a, b]: Complex, operator: AssignmentOperator, [c, d]: Complex): Complex {
  if (operator === "+=") return [a + c, b + d];
  if (operator === "-=") return [a - c, b - d];
  return operator === "*=" ? [a * c - b * d, a * d + b * c] : quotient([a, b], [c, d]);
}

/**
 * Division as runtime/complex.go has it: Smith's way, which scales by the larger part of the divisor, and what C99 says
 * of infinities and zeroes where that gives no number.
 */
function quotient([a, b]: Complex, [c, d]: Complex): Complex {
  const byReal = Math.abs(c) >= Math.abs(d);
  const ratio = byReal ? d / c : c / d;
  const divisor = byReal ? c + ratio * d : d + ratio * c;
  const real = (byReal ? a + b * ratio : a * ratio + b) / divisor;
  const imaginary = (byReal ? b - a * ratio : b * ratio - a) / divisor;
  if (!Number.isNaN(real) || !Number.isNaN(imaginary)) return [real, imaginary];
  if (c === 0 && d === 0 && !(Number.isNaN(a) && Number.isNaN(b))) {
    const infinity = Object.is(c, -0) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return [infinity * a, infinity * b];
  }
  if (isInfinite(a, b) && Number.isFinite(c) && Number.isFinite(d)) {
    const [e, f] = [unit(a), unit(b)];
    return [Number.POSITIVE_INFINITY * (e * c + f * d), Number.POSITIVE_INFINITY * (f * c - e * d)];
  }
  if (isInfinite(c, d) && Number.isFinite(a) && Number.isFinite(b)) {
    const [e, f] = [unit(c), unit(d)];
    return [0 * (a * e + b * f), 0 * (b * e - a * f)];
  }
  return [real, imaginary];
}

function isInfinite(...parts: number[]): boolean {
  return parts.some((part) => Math.abs(part) === Number.POSITIVE_INFINITY);
}

/** 1 for an infinity and 0 for all else, with the number's sign. */
function unit(x: number): number {
  const size = isInfinite(x) ? 1 : 0;
  return x < 0 || Object.is(x, -0) ? -size : size;
}
