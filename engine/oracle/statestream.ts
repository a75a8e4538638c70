import { BUCKET_CELLS, DATA_OFFSET } from "../map/bmap.ts";
import { growing, HMAP, MAPEXTRA, oldBucketCount } from "../map/hmap.ts";
import type { Machine } from "../map/machine.ts";
import { arrayBuckets } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import type { GoType } from "../types/gotype.ts";
import type { MapType } from "../types/maptype.ts";
import { ByteStream, type ValueCodec } from "./value.ts";

/** The numbers of a checkpoint. */
export interface StateSummary {
  readonly count: number;
  readonly flags: number;
  readonly B: number;
  readonly noverflow: number;
  readonly hash0: number;
  readonly nevacuate: number;
  readonly growing: number;
  /** Number, within its array, of the next spare bucket; -1 when there is none. */
  readonly nextOverflow: number;
  readonly freeOverflow: number;
}

/** Writes a map's whole state as the bytes of which a checkpoint holds the digest. */
export class StateStream {
  readonly #go: Machine;
  readonly #type: MapType;
  readonly #values: ValueCodec;
  readonly #out = new ByteStream();

  constructor(go: Machine, type: MapType, values: ValueCodec) {
    this.#go = go;
    this.#type = type;
    this.#values = values;
  }

  /** The numbers of the header. */
  summary(h: Address): StateSummary {
    const { memory } = this.#go;
    const extra = memory.loadPointer(h + HMAP.extra);
    const spare = extra === 0 ? 0 : memory.loadPointer(extra + MAPEXTRA.nextOverflow);
    const B = memory.load8(h + HMAP.B);
    const number = (spare - memory.loadPointer(h + HMAP.buckets)) / this.#type.bucketSize;
    return {
      count: memory.load32(h + HMAP.count),
      flags: memory.load8(h + HMAP.flags),
      B,
      noverflow: memory.load16(h + HMAP.noverflow),
      hash0: memory.load32(h + HMAP.hash0) >>> 0,
      nevacuate: memory.load32(h + HMAP.nevacuate),
      growing: growing(memory, h) ? 1 : 0,
      nextOverflow: spare === 0 ? -1 : number,
      freeOverflow: spare === 0 ? 0 : arrayBuckets(this.#type, B) - number,
    };
  }

  /** The bytes of the state. Overwritten by the next call. */
  write(h: Address): Uint8Array {
    const { memory } = this.#go;
    const state = this.summary(h);
    const out = this.#out;
    out.reset();
    out.word(state.count);
    out.word(0);
    out.byte(state.flags);
    out.byte(state.B);
    out.byte(state.noverflow);
    out.byte(state.noverflow >>> 8);
    out.word(state.hash0);
    out.word(state.nevacuate);
    out.word(0);
    const buckets = memory.loadPointer(h + HMAP.buckets);
    out.byte((buckets === 0 ? 0 : 1) | (state.growing << 1));
    out.word(state.nextOverflow);
    if (buckets !== 0) this.#array(buckets, 2 ** state.B);
    if (state.growing === 1) {
      this.#array(memory.loadPointer(h + HMAP.oldbuckets), oldBucketCount(memory, h));
    }
    return out.written;
  }

  #array(array: Address, length: number): void {
    const { memory } = this.#go;
    const { bucketSize, overflowOffset } = this.#type;
    const end = array + arrayBuckets(this.#type, Math.log2(length)) * bucketSize;
    for (let number = 0; number < length; number++) {
      for (let b = array + number * bucketSize; b !== 0; ) {
        const next = memory.loadPointer(b + overflowOffset);
        this.#bucket(b, b >= array && b < end ? (b - array) / bucketSize : -1);
        this.#out.byte(next === 0 ? 0 : 1);
        b = next;
      }
    }
  }

  #bucket(b: Address, place: number): void {
    const t = this.#type;
    this.#out.word(place);
    this.#out.copy(this.#go.memory.bytes.subarray(b, b + BUCKET_CELLS));
    this.#slots(t.key, b + DATA_OFFSET, t.keySlot, t.indirectKey);
    this.#slots(t.elem, b + t.elemOffset, t.elemSlot, t.indirectElem);
  }

  /** Eight slots, what they point to for indirect ones. */
  #slots(type: GoType, a: Address, size: number, indirect: boolean): void {
    const { memory } = this.#go;
    if (!indirect && type.layout.offsets.length === 0 && type.kind !== "struct" && type.kind !== "array") {
      this.#out.copy(memory.bytes.subarray(a, a + BUCKET_CELLS * size));
      return;
    }
    for (let cell = 0; cell < BUCKET_CELLS; cell++, a += size) {
      if (!indirect) {
        this.#values.read(type, a, this.#out);
        continue;
      }
      const p = memory.loadPointer(a);
      this.#out.byte(p === 0 ? 0 : 1);
      if (p !== 0) this.#values.read(type, p, this.#out);
    }
  }
}
