import { GoPanic } from "./map/errors.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
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
 * `*place op= operand`, where a value of this type is at `place`.
 *
 * @throws TypeError when the operator is not defined for the type
 * @throws GoPanic for an integer division by zero or a negative shift
 */
export function applyOperator(
  go: Machine,
  type: GoType,
  place: Address,
  operator: AssignmentOperator,
  operand: unknown,
): void {
  checkOperator(type, operator, operand);
  const store: (value: unknown) => void = (value) => type.store(go, place, value, go.heap);
  switch (family(type)) {
    case "integer":
      storeInteger(
        go,
        type,
        place,
        integerResult(loadInteger(go, type, place), operator, BigInt(operand as number)),
      );
      break;
    case "float":
      store(floatResult(type.load(go, place) as number, operator, operand as number));
      break;
    case "string":
      store(`${type.load(go, place) as string}${operand as string}`);
      break;
  }
}

/**
 * Refuses an operator or operand that the type does not take, and divisions that panic.
 *
 * @throws TypeError or GoPanic
 */
export function checkOperator(type: GoType, operator: AssignmentOperator, operand: unknown): void {
  const kind = family(type);
  const allowed: readonly AssignmentOperator[] =
    kind === "integer"
      ? ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "&^=", "<<=", ">>="]
      : kind === "float"
        ? ["+=", "-=", "*=", "/="]
        : kind === "string"
          ? ["+="]
          : [];
  if (!allowed.includes(operator)) {
    throw new TypeError(`invalid operation: operator ${operator.slice(0, -1)} not defined on ${type.name}`);
  }
  const isShift = operator === "<<=" || operator === ">>=";
  if (isShift) {
    if (!Number.isInteger(operand)) throw new TypeError("a shift count must be a whole number");
    if ((operand as number) < 0) throw new GoPanic("runtime error: negative shift amount");
    return;
  }
  const check: (value: unknown) => void = type.check;
  check(operand);
  if (kind === "integer" && readsFirst(operator) && BigInt(operand as number) === 0n) {
    throw new GoPanic("runtime error: integer divide by zero");
  }
}

function family(type: GoType): "integer" | "float" | "string" | "other" {
  if (type.kind.includes("int") && type.kind !== "pointer" && type.kind !== "interface") return "integer";
  if (type.kind === "float32" || type.kind === "float64") return "float";
  return type.kind === "string" ? "string" : "other";
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
