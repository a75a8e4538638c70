import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Heap } from "./heap.ts";
import { allPointers, noPointers } from "./layout.ts";
import { formatAddress, Memory } from "./memory.ts";
import { CLASS_PAGES, CLASS_SIZES, occupiedSize, PAGE_SIZE, roundupsize, sizeClass } from "./sizeclasses.ts";

test("what is stored as words is read back as bytes, low byte first", () => {
  const memory = new Memory();
  memory.store32(16, 0x11223344);
  expect([16, 17, 18, 19].map((a) => memory.load8(a))).toEqual([0x44, 0x33, 0x22, 0x11]);
  expect(memory.load16(17)).toBe(0x2233);
  memory.store16(21, 0xbeef);
  expect(memory.load32Unaligned(19)).toBe(0xbeef0011 | 0);
});

test("growing keeps what is there and gives zeroes", () => {
  const memory = new Memory();
  memory.store32(8, 42);
  expect(memory.size).toBeLessThan(5_000_000);
  memory.ensure(5_000_000);
  expect(memory.size).toBeGreaterThanOrEqual(5_000_000);
  expect(memory.load32(8)).toBe(42);
  expect(memory.load32(4_999_996)).toBe(0);
});

test("more than 2 GiB is refused in one sentence", () => {
  expect(() => new Memory().ensure(2 ** 31 + 1)).toThrow("2 GiB is all that addresses reach");
});

test("a platform that does not give as much as would be handy is asked for what is needed", () => {
  const memory = new Memory();
  const shared = memory.shared as { grow(pages: number): number };
  const grow = vi.spyOn(shared, "grow").mockImplementationOnce(() => {
    throw new RangeError("too much");
  });
  memory.ensure(5_000_000);
  expect(grow).toHaveBeenCalledTimes(2);
  expect(memory.size).toBe(77 * 65_536); // the next whole page
  grow.mockImplementation(() => {
    throw new RangeError("too much");
  });
  expect(() => memory.ensure(6_000_000)).toThrow("this machine does not give the engine 6000000 bytes");
  expect(memory.size).toBe(77 * 65_536);
});

test("pages that are asked for ahead change nowhere", () => {
  const memory = new Memory();
  memory.bytes.fill(255, 0, 40_000);
  memory.clear(8200, 5 * 4096);
  const before = memory.bytes.slice(0, 40_000);
  memory.prefault(8200, 5 * 4096);
  expect(memory.bytes.slice(0, 40_000)).toEqual(before);
});

test("pointers look like Go's heap addresses", () => {
  const memory = new Memory();
  memory.storePointer(64, 0x1040);
  expect([...memory.bytes.subarray(64, 72)]).toEqual([0x40, 0x10, 0, 0, 0xc0, 0, 0, 0]);
  expect(memory.loadPointer(64)).toBe(0x1040);
  memory.storePointer(64, 0);
  expect([...memory.bytes.subarray(64, 72)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(formatAddress(0x1040)).toBe("0xc000001040");
  expect(formatAddress(0)).toBe("nil");
});

test("there are 67 size classes, and a span wastes at most an eighth at its end", () => {
  expect(CLASS_SIZES).toHaveLength(67);
  expect(CLASS_PAGES).toHaveLength(67);
  for (const [i, size] of CLASS_SIZES.entries()) {
    const span = (CLASS_PAGES[i] as number) * PAGE_SIZE;
    expect(span % size, `class of ${size}`).toBeLessThanOrEqual(span / 8);
  }
});

test("each size gets the least class that holds it", () => {
  for (let size = 1; size <= 32_768; size++) {
    const index = sizeClass(size);
    expect(CLASS_SIZES[index]).toBeGreaterThanOrEqual(size);
    if (index > 0) expect(CLASS_SIZES[index - 1]).toBeLessThan(size);
  }
});

test("over 512 bytes, memory with pointers gives eight of them to a type header", () => {
  expect(roundupsize(512, false)).toBe(512);
  expect(roundupsize(520, false)).toBe(568);
  expect(roundupsize(520, true)).toBe(576);
  expect(occupiedSize(520, false)).toBe(576);
  expect(roundupsize(32_760, false)).toBe(32_760);
  expect(roundupsize(32_761, true)).toBe(32_768); // whole pages from here on
  expect(roundupsize(32_769, true)).toBe(40_960);
  expect(roundupsize(0, true)).toBe(0);
});

test("the heap counts size classes and pages, not requests", () => {
  const memory = new Memory();
  const heap = new Heap(memory, 4096);
  heap.allocate(33, allPointers);
  expect(heap.heapAlloc).toBe(48);
  heap.allocate(40_000, noPointers);
  expect(heap.heapAlloc).toBe(48 + 40_960);
  heap.allocate(0, noPointers);
  expect(heap.heapAlloc).toBe(48 + 40_960);
});

test("objects of a class stand side by side; with a header they begin behind it", () => {
  const heap = new Heap(new Memory(), 4096);
  const first = heap.allocate(48, allPointers);
  expect(heap.allocate(48, allPointers) - first).toBe(48);
  expect(heap.allocate(600, allPointers) % PAGE_SIZE).toBe(8);
});

test("tiny pointer-free objects share a block of 16 bytes", () => {
  const heap = new Heap(new Memory(), 4096);
  const a = heap.allocate(3, noPointers);
  const b = heap.allocate(4, noPointers); // aligned to 4
  const c = heap.allocate(8, noPointers); // aligned to 8
  expect([b - a, c - a]).toEqual([4, 8]);
  expect(heap.heapAlloc).toBe(16);
  heap.allocate(1, noPointers);
  expect(heap.heapAlloc).toBe(32);
});

test("a collection frees what no root reaches, and gives its memory out again", () => {
  const memory = new Memory();
  const heap = new Heap(memory, 4096);
  const root = heap.allocate(48, allPointers);
  const kept = heap.allocate(48, noPointers);
  const lost = heap.allocate(48, noPointers);
  const large = heap.allocate(100_000, noPointers);
  memory.storePointer(root + 8, kept);
  memory.store32(lost, 7);
  heap.collect([[root, 0]]);
  expect(heap.heapAlloc).toBe(96);
  expect([root, kept, lost, large].map((a) => heap.isAllocated(a))).toEqual([true, true, false, false]);
  const again = heap.allocate(48, noPointers);
  expect(again).toBe(lost);
  expect(memory.load32(again)).toBe(0);
  expect(heap.allocate(90_000, noPointers)).toBe(large);
});

test("pages behind a large object count as no object, keep none, and come and go with it", () => {
  const memory = new Memory();
  const heap = new Heap(memory, 4096);
  const root = heap.allocate(48, allPointers);
  const large = heap.allocate(100_000, noPointers, 200_000);
  const pages = 13 * PAGE_SIZE;
  expect(heap.heapAlloc).toBe(48 + pages);
  expect(heap.allocate(PAGE_SIZE * 5, noPointers)).toBe(large + pages + 25 * PAGE_SIZE);
  memory.store32(large, 1);
  memory.store32(large + pages, 2);
  expect(heap.isAllocated(large + pages)).toBe(false);
  memory.storePointer(root, large + pages);
  heap.collect([[root, 0]]);
  expect(heap.isAllocated(large)).toBe(false);
  expect(heap.heapAlloc).toBe(48);
  expect(heap.allocate(100_000, noPointers, 200_000)).toBe(large);
  expect([memory.load32(large), memory.load32(large + pages)]).toEqual([0, 2]); // only the object is zeroed
});

test("the collector looks for pointers where the layout has them, and into the middle of objects too", () => {
  const memory = new Memory();
  const heap = new Heap(memory, 4096);
  const root = heap.allocate(64, { period: 32, offsets: [24] });
  const [a, b, c] = [1, 2, 3].map(() => heap.allocate(32, noPointers)) as [number, number, number];
  memory.storePointer(root + 24, a + 16);
  memory.storePointer(root + 56, b);
  memory.storePointer(root, c); // an integer that looks like a pointer
  heap.collect([[root, 0]]);
  expect([a, b, c].map((p) => heap.isAllocated(p))).toEqual([true, true, false]);
});

test("a pointer to where no object is keeps nothing", () => {
  const memory = new Memory();
  const heap = new Heap(memory, 4096);
  const root = heap.allocate(64, allPointers);
  const [kept, lost] = [heap.allocate(48, noPointers), heap.allocate(48, noPointers)];
  memory.storePointer(root, kept);
  heap.collect([[root, 0]]);
  memory.storePointer(root + 8, lost);
  memory.storePointer(root + 16, lost + 48); // never allocated
  heap.collect([[root, 0]]);
  expect([root, kept, lost, lost + 48].map((a) => heap.isAllocated(a))).toEqual([true, true, false, false]);
  expect(heap.heapAlloc).toBe(64 + 48);
});

test("collection after collection, exactly what is reached is kept, with all its bytes", () => {
  const size = fc.oneof(fc.integer({ min: 16, max: 200 }), fc.constantFrom(520, 1024, 9000, 40_000));
  const object = fc.record({ size, hasPointers: fc.boolean() });
  const links = fc.array(fc.record({ from: fc.nat(), word: fc.nat(), to: fc.nat(), into: fc.nat() }));
  const round = fc.record({ objects: fc.array(object, { maxLength: 40 }), links, roots: fc.array(fc.nat()) });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 4 }), (rounds) => {
      const memory = new Memory();
      const heap = new Heap(memory, 4096);
      let living: { address: number; size: number; words: (number | undefined)[] | null }[] = [];
      for (const { objects, links, roots } of rounds) {
        for (const { size, hasPointers } of objects) {
          const address = heap.allocate(size, hasPointers ? allPointers : noPointers);
          if (!hasPointers) memory.store32(address, address);
          living.push({
            address,
            size,
            words: hasPointers ? Array(Math.floor(size / 8)).fill(undefined) : null,
          });
        }
        if (living.length === 0) continue;
        for (const { from, word, to, into } of links) {
          const source = living[from % living.length] as (typeof living)[0];
          const target = to % living.length;
          const { address, size } = living[target] as (typeof living)[0];
          if (source.words === null) continue;
          const at = word % source.words.length;
          source.words[at] = address;
          memory.storePointer(source.address + 8 * at, address + (into % size));
        }
        const reached = new Set(
          roots.map((root) => (living[root % living.length] as (typeof living)[0]).address),
        );
        const held = [...reached];
        for (const address of reached) {
          for (const to of living.find((one) => one.address === address)?.words ?? []) {
            if (to !== undefined) reached.add(to);
          }
        }
        heap.collect(held.map((address) => [address, 0]));
        for (const { address } of living) expect(heap.isAllocated(address)).toBe(reached.has(address));
        living = living.filter(({ address }) => reached.has(address));
        for (const { address, words } of living)
          if (words === null) expect(memory.load32(address)).toBe(address);
      }
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("marks of an earlier collection keep nothing in a later one, however the heap has grown and shrunk", () => {
  const heap = new Heap(new Memory(), 0x10000);
  for (const count of [10, 40_000, 1000, 100_000, 10]) {
    const objects = Array.from({ length: count }, () => heap.allocate(64, noPointers));
    expect(heap.heapAlloc).toBe(count * 64);
    heap.collect([objects[0], objects.at(-1)].map((kept) => [kept as number, 0]));
    expect(heap.heapAlloc).toBe(2 * 64);
    heap.collect([]);
    expect(heap.heapAlloc).toBe(0);
  }
});

test("a collection is due when the heap has reached 4 MiB, and then when it has doubled", () => {
  const heap = new Heap(new Memory(), 4096);
  const root = heap.allocate(4 * 2 ** 20, noPointers);
  expect(heap.isDue).toBe(true);
  heap.collect([[root, 0]]);
  heap.allocate(3 * 2 ** 20, noPointers);
  expect(heap.isDue).toBe(false);
  heap.allocate(2 ** 20, noPointers);
  expect(heap.isDue).toBe(true);
});

test("copying, comparing and clearing do the same however long and wherever the bytes are", () => {
  const memory = new Memory();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), fc.nat(7), (bytes, shift, otherShift) => {
      const from = 1024 + shift;
      const to = 2048 + otherShift;
      memory.bytes.fill(0xee, 2000, 2400);
      memory.bytes.set(bytes, from);
      memory.copy(to, from, bytes.length);
      expect(memory.bytes.slice(to, to + bytes.length)).toEqual(bytes);
      expect(memory.equal(from, to, bytes.length)).toBe(true);
      for (let i = 0; i + 4 <= bytes.length; i++) {
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        expect(memory.load32Unaligned(to + i)).toBe(view.getInt32(i, true));
      }
      if (bytes.length > 0) {
        memory.store8(to + bytes.length - 1, ~memory.load8(to + bytes.length - 1));
        expect(memory.equal(from, to, bytes.length)).toBe(false);
      }
      memory.clear(to, bytes.length);
      expect(memory.bytes.slice(to, to + bytes.length).every((byte) => byte === 0)).toBe(true);
      expect([memory.load8(to - 1), memory.load8(to + bytes.length)]).toEqual([0xee, 0xee]);
    }),
    { numRuns: 500, seed: 1 },
  );
});
