/**
 * The messages between the TypeScript compiler and a program that uses its API, as bytes: in MessagePack, an array of a
 * number, the name of a method and a text. Both sides write nothing else, so this reads and writes no more of MessagePack.
 *
 * @see `syncChannel.ts` of `typescript/unstable/sync` 7.0.2, and the MessagePack specification
 */
export interface Tuple {
  /** One of {@link tupleKinds}. */
  kind: number;
  /** The method that is called, or was. */
  name: string;
  /** JSON, or nothing; the text of an error. */
  text: string;
}

/** Whom a message comes from, and what it is. */
export const tupleKinds = {
  request: 1,
  /** What the compiler has asked for. */
  callResponse: 2,
  response: 4,
  error: 5,
  /** The compiler asks for something itself before it answers. */
  call: 6,
} as const;

/** The first bytes of an array of three, of a number that is not its own byte, and of bytes with 1, 2 and 4 bytes of length. */
const marks = { three: 0x93, uint8: 0xcc, bin8: 0xc4, bin16: 0xc5, bin32: 0xc6 } as const;

export function encodeTuple({ kind, name, text }: Tuple): Buffer {
  const sizes = [name, text].map((part) => Buffer.byteLength(part));
  // Two bytes in front, and in front of each part at most five.
  const bytes = Buffer.allocUnsafe(2 + 5 + sizes[0]! + 5 + sizes[1]!);
  let at = bytes.writeUInt8(marks.three);
  at = bytes.writeUInt8(kind, at);
  for (const [index, part] of [name, text].entries()) {
    const size = sizes[index]!;
    if (size < 2 ** 8) {
      at = bytes.writeUInt8(size, bytes.writeUInt8(marks.bin8, at));
    } else if (size < 2 ** 16) {
      at = bytes.writeUInt16BE(size, bytes.writeUInt8(marks.bin16, at));
    } else {
      at = bytes.writeUInt32BE(size, bytes.writeUInt8(marks.bin32, at));
    }
    at += bytes.write(part, at);
  }
  return bytes.subarray(0, at);
}

/** Puts messages together from the pieces in which they arrive. */
export class TupleReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /**
   * The messages that are complete with this piece.
   *
   * @throws TypeError when it is none of these messages
   */
  *read(piece: Buffer): Generator<Tuple> {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
    for (;;) {
      this.#at = 0;
      const tuple = this.#tuple();
      if (tuple === undefined) return;
      this.#bytes = this.#bytes.subarray(this.#at);
      yield tuple;
    }
  }

  #tuple(): Tuple | undefined {
    const array = this.#number(1);
    if (array === undefined) return undefined;
    if (array !== marks.three) throw new TypeError(`the compiler sent ${array} where a message begins`);
    let kind = this.#number(1);
    if (kind === marks.uint8) kind = this.#number(1);
    const name = this.#part();
    const text = this.#part();
    return kind === undefined || name === undefined || text === undefined ? undefined : { kind, name, text };
  }

  #part(): string | undefined {
    const mark = this.#number(1);
    if (mark === undefined) return undefined;
    const width = mark === marks.bin8 ? 1 : mark === marks.bin16 ? 2 : 4;
    if (width === 4 && mark !== marks.bin32)
      throw new TypeError(`the compiler sent ${mark} where bytes begin`);
    const size = this.#number(width);
    if (size === undefined) return undefined;
    const start = this.#at;
    this.#at += size;
    return this.#bytes.length < this.#at ? undefined : this.#bytes.toString("utf8", start, this.#at);
  }

  /** A number of some bytes. It is undefined, as is all that comes behind it, when they have not arrived. */
  #number(width: number): number | undefined {
    const at = this.#at;
    this.#at += width;
    return this.#bytes.length < this.#at ? undefined : this.#bytes.readUIntBE(at, width);
  }
}
