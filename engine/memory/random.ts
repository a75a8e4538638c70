/**
 * The runtime's random source, `runtime.rand`: the only randomness there is in the engine. Each draw is 64 bits,
 * left in two words, because a pair would have to be allocated.
 */
export interface RandomSource {
  /** Low 32 bits of the last draw, as a signed integer. */
  readonly low: number;
  /** High 32 bits of the last draw, as a signed integer. */
  readonly high: number;
  /** Takes one draw. */
  next(): void;
}

/**
 * A seedable source: SFC32 (Chris Doty-Humphrey's small fast counting generator), two 32-bit outputs a draw. Go
 * uses ChaCha8 here; programs cannot tell the difference, except that ours can be repeated.
 */
export class SeededRandom implements RandomSource {
  low = 0;
  high = 0;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed any safe integer */
  constructor(seed: number) {
    this.#a = 0;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 12; round++) this.#output(); // lets the seed reach every bit
  }

  next(): void {
    this.low = this.#output();
    this.high = this.#output();
  }

  #output(): number {
    const output = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + output;
    this.#c |= 0;
    return output;
  }
}
