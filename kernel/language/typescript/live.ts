/** What live completion may look at. */
export interface LiveScope {
  /** The objects whose properties are the variables of cells, inner first. */
  readonly objects: readonly object[];
  /** Whether looking at an object's properties would run code. Default: nothing is known to. */
  isProxy?(value: object): boolean;
}

/** A property found without running code. `value` is left out where only a getter could tell. */
export interface LiveProperty {
  name: string;
  value?: unknown;
  /** Found on `Object.prototype`, where every object has it. */
  common: boolean;
}

/** A name of more properties than this shows no more of them: nobody reads on, and every one costs time. */
const mostProperties = 2000;

/** In a short text: parts of an object, and characters of a string. */
const mostParts = 10;
const mostText = 1000;

/**
 * Finds out about values without running any code of theirs: only data properties are read, never a getter, a proxy's
 * trap or a function.
 */
export class LiveObjects {
  readonly #scope: LiveScope;

  constructor(scope: LiveScope) {
    this.#scope = scope;
  }

  /** The variables of cells and the globals of the host. */
  variables(): LiveProperty[] {
    const found = new Map<string, LiveProperty>();
    for (const object of this.#scope.objects) this.#collect(object, found);
    return [...found.values()];
  }

  /** The value that a chain of names and indexes leads to, boxed, or undefined when only running code could tell. */
  resolve(chain: readonly (string | number)[]): { value: unknown } | undefined {
    const [first, ...rest] = chain;
    if (first === undefined) return undefined;
    let found: { value: unknown } | undefined;
    for (const object of this.#scope.objects) {
      found = this.#property(object, first);
      if (found !== undefined) break;
    }
    for (const name of rest) {
      if (found === undefined) return undefined;
      found = this.#property(found.value, name);
    }
    return found;
  }

  /** The properties of a value, those it inherits too. */
  properties(value: unknown): LiveProperty[] {
    const found = new Map<string, LiveProperty>();
    const object = asObject(value);
    if (object !== undefined) this.#collect(object, found);
    return [...found.values()];
  }

  /** Whether there is a variable of this name, whatever its value. */
  has(name: string): boolean {
    return this.#scope.objects.some((object) => this.#descriptor(object, name) !== undefined);
  }

  /** A short text of a value: primitives as they are written, of objects the first few data properties. */
  text(value: unknown, depth = 1): string {
    switch (typeof value) {
      case "string":
        return JSON.stringify(value.length > mostText ? `${value.slice(0, mostText)}…` : value);
      case "bigint":
        return `${value}n`;
      case "function":
        return `[${isClass(value) ? "class" : "function"} ${this.#ownText(value, "name")}]`;
      case "object":
        return value === null ? "null" : this.#objectText(value, depth);
      default:
        return String(value);
    }
  }

  #objectText(object: object, depth: number): string {
    if (this.#runsCode(object)) return "[Proxy]";
    const isArray = Array.isArray(object);
    const maker = this.#property(object, "constructor")?.value;
    const name = typeof maker === "function" ? this.#ownText(maker, "name") : "";
    const head = name === "" || name === "Object" || name === "Array" ? "" : `${name} `;
    const isList = isArray || ArrayBuffer.isView(object);
    const length = isList ? Number(ownDescriptor(object, "length")?.value ?? 0) : 0;
    if (depth === 0) return isArray ? `[Array(${length})]` : `[${name || "Object"}]`;
    const names = isArray
      ? Array.from({ length: Math.min(length, mostParts) }, (_, i) => String(i))
      : isList
        ? []
        : ownNames(object);
    const parts = names.slice(0, mostParts).map((part) => {
      const descriptor = ownDescriptor(object, part);
      const text =
        descriptor !== undefined && "value" in descriptor
          ? this.text(descriptor.value, depth - 1)
          : "[getter]";
      return isArray ? text : `${part}: ${text}`;
    });
    if (Math.max(names.length, length) > parts.length) parts.push("…");
    const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
    return `${head}${open} ${parts.join(", ")} ${close}`.replace(/([[{]) {2}([\]}])$/, "$1$2");
  }

  #ownText(object: object, name: string): string {
    const text = ownDescriptor(object, name)?.value;
    return typeof text === "string" ? text : "";
  }

  #property(value: unknown, name: string | number): { value: unknown } | undefined {
    const object = asObject(value);
    if (object === undefined) return undefined;
    if (typeof value === "string" && /^(?:\d+|length)$/.test(String(name))) {
      return { value: name === "length" ? value.length : value[Number(name)] };
    }
    const descriptor = this.#descriptor(object, name);
    return descriptor !== undefined && "value" in descriptor ? { value: descriptor.value } : undefined;
  }

  #descriptor(start: object, name: string | number): PropertyDescriptor | undefined {
    for (let object: object | null = start; object !== null; object = parentOf(object)) {
      if (this.#runsCode(object)) return undefined;
      const descriptor = ownDescriptor(object, name);
      if (descriptor !== undefined) return descriptor;
    }
    return undefined;
  }

  #collect(start: object, found: Map<string, LiveProperty>): void {
    for (let object: object | null = start; object !== null; object = parentOf(object)) {
      if (this.#runsCode(object)) return;
      // The elements of lists are no names, and there may be very many.
      const isList = Array.isArray(object) || ArrayBuffer.isView(object);
      const common = parentOf(object) === null && ownDescriptor(object, "hasOwnProperty") !== undefined;
      for (const name of isList ? ["length"] : ownNames(object)) {
        if (found.has(name) || !isName(name)) continue;
        if (found.size >= mostProperties) return;
        const descriptor = ownDescriptor(object, name);
        const property: LiveProperty = { name, common };
        if (descriptor !== undefined && "value" in descriptor) property.value = descriptor.value;
        found.set(name, property);
      }
    }
  }

  #runsCode(value: unknown): boolean {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    return isObject && this.#scope.isProxy?.(value) === true;
  }
}

/** Whether a function can only be called with `new`. */
export function isClass(value: object): boolean {
  const prototype = ownDescriptor(value, "prototype");
  return prototype !== undefined && prototype.writable === false;
}

// The three below throw when a proxy that could not be recognized does.

function parentOf(object: object): object | null {
  try {
    return Object.getPrototypeOf(object);
  } catch {
    return null;
  }
}

function ownNames(object: object): string[] {
  try {
    return Object.getOwnPropertyNames(object);
  } catch {
    return [];
  }
}

/** Throws inside for an export of a module that is not evaluated yet, too. */
function ownDescriptor(object: object, name: string | number): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(object, name);
  } catch {
    return undefined;
  }
}

/** The object that has the properties of a value. */
function asObject(value: unknown): object | undefined {
  switch (typeof value) {
    case "object":
      return value ?? undefined;
    case "function":
      return value;
    case "string":
      return String.prototype;
    case "number":
      return Number.prototype;
    case "bigint":
      return BigInt.prototype;
    case "boolean":
      return Boolean.prototype;
    case "symbol":
      return Symbol.prototype;
    default:
      return undefined;
  }
}

/** Whether a property can be written after a dot. */
function isName(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !/^__.*__$/.test(name);
}
