import { basicTypes } from "./basic.ts";
import { arrayType, type Field, structType } from "./composite.ts";
import type { GoType } from "./gotype.ts";
import { interfaceType } from "./interface.ts";
import { type MapType, mapType } from "./maptype.ts";
import { handleType, pointerType, sliceType } from "./reference.ts";
import { string } from "./string.ts";

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

type Token = { text: string; at: number };

/** A recursive-descent parser for Go's type syntax (the Go specification, section Types). */
class Parser {
  readonly #source: string;
  readonly #tokens: Token[];
  readonly #table: TypeTable;
  #next = 0;

  constructor(source: string, table: TypeTable) {
    this.#source = source;
    this.#table = table;
    this.#tokens = this.#tokenize();
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
        this.#expect("}");
        return intern(interfaceType("interface {}"));
      case "any":
        return intern(interfaceType("interface {}"));
      case "error":
        return intern(interfaceType("error"));
      case "chan":
        return intern(handleType(`chan ${this.#type().name}`, "chan"));
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
    const length = Number(first?.text.replaceAll("_", ""));
    if (first === undefined || !/^\d/.test(first.text) || !Number.isSafeInteger(length)) {
      throw this.#error("an array wants its length in brackets, as in [4]byte", first);
    }
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
      const names = [this.#identifier()];
      while (this.#peek()?.text === ",") {
        this.#take();
        names.push(this.#identifier());
      }
      const type = this.#type();
      for (const name of names) {
        if (name.text !== "_" && fields.some((field) => field.name === name.text)) {
          throw this.#error(`field ${name.text} is there twice`, name);
        }
        fields.push({ name: name.text, type });
      }
      if (this.#peek()?.text !== "}") this.#expect(";");
    }
    this.#expect("}");
    return fields;
  }

  /** The parameters and results of a function type: only its name needs them. */
  #signature(): string {
    const parameters = `(${this.#typeList().join(", ")})`;
    const next = this.#peek()?.text;
    if (next === "(") {
      const results = this.#typeList();
      return `${parameters} ${results.length === 1 ? results[0] : `(${results.join(", ")})`}`;
    }
    const hasResult = next !== undefined && (/^\w/.test(next) || next === "[" || next === "*");
    return hasResult ? `${parameters} ${this.#type().name}` : parameters;
  }

  /** Types in parentheses. */
  #typeList(): string[] {
    this.#expect("(");
    const names: string[] = [];
    while (this.#peek()?.text !== ")") {
      names.push(this.#type().name);
      if (this.#peek()?.text !== ")") this.#expect(",");
    }
    this.#expect(")");
    return names;
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

  #tokenize(): Token[] {
    const tokens: Token[] = [];
    const pattern = /[\p{L}\p{Nd}_]+|[*()[\]{};,]|\n|\S/gu;
    for (const match of this.#source.trim().matchAll(pattern)) {
      // A line's end stands for a semicolon, except where Go would put none either.
      const text = match[0] === "\n" ? ";" : match[0];
      const before = tokens.at(-1)?.text;
      if (match[0] === "\n" && (before === "{" || before === ";" || before === undefined)) continue;
      tokens.push({ text, at: match.index });
    }
    return tokens;
  }

  #error(message: string, token?: Token): TypeError {
    const place = token === undefined ? "" : `, at character ${token.at + 1}`;
    return new TypeError(`${message} (in ${JSON.stringify(this.#source)}${place})`);
  }
}
