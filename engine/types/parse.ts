import { basicTypes } from "./basic.ts";
import { arrayType, type Field, structType } from "./composite.ts";
import { describe, type GoType } from "./gotype.ts";
import { interfaceType } from "./interface.ts";
import { type MapType, mapType } from "./maptype.ts";
import { handleType, pointerType, sliceType } from "./reference.ts";
import { string } from "./string.ts";
import { isIdentifier, lengthOf, type Token, tagText, tokensOf } from "./token.ts";

/**
 * The types of one runtime. Each is made once, so that types are the same exactly when their objects are: Go's
 * rule of type identity, on which interfaces compare.
 */
export class TypeTable {
  readonly #types = new Map<string, GoType>([...basicTypes, ["string", string as GoType]]);
  readonly #mapTypes = new Map<string, MapType>();

  /**
   * Reads a type written in Go.
   *
   * @throws TypeError that names what is wrong and where
   */
  parse(source: string): GoType {
    const known = this.#types.get(source);
    if (known !== undefined) return known;
    if (typeof source !== "string") {
      throw new TypeError(
        `a type is given as a string, such as "map[string]int", not as ${describe(source)}`,
      );
    }
    const type = new Parser(source, this).whole();
    this.#types.set(source, type); // the next time it need not be read
    return type;
  }

  /**
   * Reads a map type written in Go: `map[string]int`.
   *
   * @throws TypeError when it is not a map type, or its key type cannot be a key
   */
  parseMap(source: string): MapType {
    const known = this.#mapTypes.get(source);
    if (known !== undefined) return known;
    const type = this.parse(source);
    const parsed = this.#mapTypes.get(type.name);
    if (parsed === undefined) {
      const name = source.trim() === "" ? "an empty string" : JSON.stringify(source);
      throw new TypeError(`${name} is not a map type; write one as in Go: map[string]int`);
    }
    this.#mapTypes.set(source, parsed);
    return parsed;
  }

  /** The one object for a type with this name. */
  intern(type: GoType): GoType {
    const known = this.#types.get(type.name);
    if (known !== undefined) return known;
    this.#types.set(type.name, type);
    return type;
  }

  /** `map[key]elem` as an elem type; what the runtime needs to make one is kept beside it. */
  map(key: GoType, elem: GoType): GoType {
    const type = this.intern(handleType(`map[${key.name}]${elem.name}`, "map") as GoType);
    if (!this.#mapTypes.has(type.name)) this.#mapTypes.set(type.name, mapType(type.name, key, elem));
    return type;
  }
}

/** How deep types may be nested, how many elements an array and how many bytes a value may have. */
const MAX_DEPTH = 100;
const MAX_LENGTH = 2 ** 24;
const MAX_SIZE = 2 ** 31;

/** A recursive-descent parser for Go's type syntax (the Go specification, section Types). */
class Parser {
  readonly #source: string;
  readonly #tokens: Token[];
  readonly #table: TypeTable;
  #next = 0;
  #depth = 0;

  constructor(source: string, table: TypeTable) {
    this.#source = source;
    this.#table = table;
    this.#tokens = tokensOf(source);
  }

  whole(): GoType {
    if (this.#tokens.length === 0)
      throw this.#error("a type is missing: write one as in Go, such as map[string]int");
    const type = this.#type();
    const rest = this.#peek();
    if (rest !== undefined) throw this.#error(`unexpected ${rest.text} after the type ${type.name}`, rest);
    return type;
  }

  #type(): GoType {
    if (++this.#depth > MAX_DEPTH) throw this.#error(`a type is nested more than ${MAX_DEPTH} deep`);
    const type = this.#anyType();
    this.#depth--;
    if (type.size > MAX_SIZE)
      throw this.#error(`${type.name} takes ${type.size} bytes, and memory has 2 GiB`);
    return type;
  }

  #anyType(): GoType {
    const token = this.#take();
    if (token === undefined) throw this.#error("a type is missing at the end");
    const intern = (type: object) => this.#table.intern(type as GoType); // whatever its values are
    switch (token.text) {
      case "*":
        return intern(pointerType(this.#type()));
      case "(": {
        const type = this.#type();
        this.#expect(")");
        return type;
      }
      case "[":
        return this.#arrayOrSlice();
      case "map":
        return this.#map();
      case "struct":
        return intern(structType(this.#fields()));
      case "interface":
        this.#expect("{");
        if (this.#peek() !== undefined && this.#peek()?.text !== "}")
          throw this.#error("methods are not known here: write interface{} for any interface", this.#peek());
        this.#expect("}");
        return intern(interfaceType("interface {}"));
      case "any":
        return intern(interfaceType("interface {}"));
      case "error":
        return intern(interfaceType("error"));
      case "chan":
        return intern(handleType(this.#channel(), "chan"));
      case "<-":
        this.#expect("chan");
        return intern(handleType(`<-chan ${this.#type().name}`, "chan"));
      case "func":
        return intern(handleType(`func${this.#signature()}`, "func"));
      default: {
        if (/^\w+$/.test(token.text)) {
          const basic = this.#basic(token);
          if (basic !== undefined) return basic;
          throw this.#error(`unknown type ${token.text}`, token);
        }
        throw this.#error(`a type is missing before ${token.text}`, token);
      }
    }
  }

  #basic(token: Token): GoType | undefined {
    if (token.text === "string") return string as GoType;
    return basicTypes.get(token.text);
  }

  #arrayOrSlice(): GoType {
    const first = this.#take();
    if (first?.text === "]") return this.#table.intern(sliceType(this.#type()) as unknown as GoType);
    const length = lengthOf(first?.text ?? "");
    if (length === null) throw this.#error("an array wants its length in brackets, as in [4]byte", first);
    if (length > MAX_LENGTH)
      throw this.#error(`an array of ${length} elements is too long: ${MAX_LENGTH} are the most here`, first);
    this.#expect("]");
    return this.#table.intern(arrayType(length, this.#type()) as unknown as GoType);
  }

  #map(): GoType {
    this.#expect("[");
    const keyToken = this.#peek();
    if (keyToken?.text === "]")
      throw this.#error("the key type is missing: write one as in map[string]int", keyToken);
    const key = this.#type();
    this.#expect("]");
    if (this.#peek() === undefined)
      throw this.#error("the elem type is missing: write one as in map[string]int");
    const elem = this.#type();
    if (!key.comparable) throw this.#error(`invalid map key type ${key.name}`, keyToken);
    return this.#table.map(key, elem);
  }

  #fields(): Field[] {
    this.#expect("{");
    const fields: Field[] = [];
    while (this.#peek()?.text !== "}") {
      const added = this.#isEmbedded() ? [this.#embedded()] : this.#namedFields();
      const tag = /^["`]/.test(this.#peek()?.text ?? "") ? ` ${tagText(this.#take()?.text as string)}` : "";
      for (const { at, ...field } of added) {
        if (field.name !== "_" && fields.some((other) => other.name === field.name)) {
          throw this.#error(`field ${field.name} is there twice`, { text: field.name, at });
        }
        const source = field.source ?? `${field.name} ${field.type.name}`;
        fields.push(tag === "" ? field : { ...field, source: source + tag });
      }
      if (this.#peek()?.text !== "}") this.#expect(";");
    }
    this.#expect("}");
    return fields;
  }

  /** Whether a field is a type alone: its name is the type's. */
  #isEmbedded(): boolean {
    if (this.#peek()?.text === "*") return true;
    const behind = this.#tokens[this.#next + 1]?.text;
    return isIdentifier(this.#peek()?.text) && (behind === undefined || /^[;}"`]/.test(behind));
  }

  #embedded(): Field & { at: number } {
    const isPointer = this.#peek()?.text === "*";
    if (isPointer) this.#take();
    const token = this.#identifier();
    this.#next--;
    const type = this.#type();
    return {
      name: token.text,
      type: isPointer ? this.#table.intern(pointerType(type) as GoType) : type,
      source: `${isPointer ? "*" : ""}${token.text}`,
      at: token.at,
    };
  }

  /** One or more fields of one type: `a, b int`. */
  #namedFields(): (Field & { at: number })[] {
    const names = [this.#identifier()];
    while (this.#peek()?.text === ",") {
      this.#take();
      names.push(this.#identifier());
    }
    const type = this.#type();
    return names.map(({ text, at }) => ({ name: text, type, at }));
  }

  /** A channel's type, behind `chan`. One that receives channels of another direction has them in parentheses. */
  #channel(): string {
    if (this.#peek()?.text === "<-") {
      this.#take();
      return `chan<- ${this.#type().name}`;
    }
    const { name } = this.#type();
    return name.startsWith("<-") ? `chan (${name})` : `chan ${name}`;
  }

  /** The parameters and results of a function type: only its name needs them. */
  #signature(): string {
    const parameters = `(${this.#typeList().join(", ")})`;
    const next = this.#peek()?.text;
    if (next === "(") {
      const results = this.#typeList();
      return `${parameters} ${results.length === 1 ? results[0] : `(${results.join(", ")})`}`;
    }
    const hasResult = next !== undefined && (/^\w/.test(next) || ["[", "*", "<-"].includes(next));
    return hasResult ? `${parameters} ${this.#type().name}` : parameters;
  }

  /** The types of parameters or results, in parentheses. Their names, if they have any, make no difference. */
  #typeList(): string[] {
    this.#expect("(");
    const types: string[] = [];
    /** What stands alone, between commas: types, or names that have the type of those behind them. */
    let alone: Token[] = [];
    let areNamed = false;
    while (this.#peek()?.text !== ")") {
      const behind = this.#tokens[this.#next + 1]?.text;
      if (isIdentifier(this.#peek()?.text) && (behind === "," || behind === ")")) {
        alone.push(this.#take() as Token);
      } else {
        const isNamed = isIdentifier(this.#peek()?.text) && behind !== undefined;
        if (isNamed) this.#take();
        const type = this.#parameter();
        // Names alone that come before a named one share its type; where nothing is named, they are types.
        types.push(...(isNamed ? alone.map(() => type) : alone.map((token) => this.#named(token))), type);
        areNamed ||= isNamed;
        alone = [];
      }
      if (this.#peek()?.text !== ")") this.#expect(",");
    }
    this.#expect(")");
    if (areNamed && alone.length > 0) throw this.#error("a type is missing behind the name", alone[0]);
    return [...types, ...alone.map((token) => this.#named(token))];
  }

  #parameter(): string {
    if (this.#peek()?.text !== "...") return this.#type().name;
    this.#take();
    return `...${this.#type().name}`;
  }

  /** The type that has a name of its own. */
  #named(token: Token): string {
    const next = this.#next;
    this.#next = this.#tokens.indexOf(token);
    const { name } = this.#type();
    this.#next = next;
    return name;
  }

  #identifier(): Token {
    const token = this.#take();
    if (token === undefined || !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(token.text)) {
      throw this.#error("a field name is missing", token);
    }
    return token;
  }

  #expect(text: string): void {
    const token = this.#take();
    if (token?.text !== text) {
      throw this.#error(
        `${text} is missing${token === undefined ? " at the end" : ` before ${token.text}`}`,
        token,
      );
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#next++];
  }

  #error(message: string, token?: Token): TypeError {
    const place = token === undefined ? "" : `, at character ${token.at + 1}`;
    return new TypeError(`${message} (in ${JSON.stringify(this.#source)}${place})`);
  }
}
