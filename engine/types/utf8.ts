// Strings cross between JavaScript (UTF-16) and Go (bytes, by custom UTF-8). These loops need no TextEncoder, which
// the language itself does not have, and for short strings they are faster. A surrogate that stands alone has no
// UTF-8 form and becomes U+FFFD, as in `TextEncoder`.

const REPLACEMENT = 0xfffd;

/** The code point at index `i` of a string; U+FFFD for half a surrogate pair. */
function codePoint(text: string, i: number): number {
  const point = text.codePointAt(i) as number;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

/** How many bytes {@link encodeUtf8} will write. */
export function encodedUtf8Length(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x80) continue;
    const point = codePoint(text, i);
    size += point < 0x800 ? 1 : 2; // beyond the one counted for each UTF-16 unit
    if (point > 0xffff) i++; // four bytes, and two of them counted as units
  }
  return size;
}

/** Writes the UTF-8 form of a string to `bytes` from offset `to`, which must have room. Returns the end offset. */
export function encodeUtf8(text: string, bytes: Uint8Array, to: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[to++] = unit;
      continue;
    }
    const point = codePoint(text, i);
    if (point < 0x800) {
      bytes[to++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[to++] = 0xe0 | (point >> 12);
      } else {
        bytes[to++] = 0xf0 | (point >> 18);
        bytes[to++] = 0x80 | ((point >> 12) & 0x3f);
        i++;
      }
      bytes[to++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[to++] = 0x80 | (point & 0x3f);
  }
  return to;
}

/** Decodes `size` bytes from offset `from`; bytes that are not UTF-8 become U+FFFD, one for each. */
export function decodeUtf8(bytes: Uint8Array, from: number, size: number): string {
  const end = from + size;
  let text = "";
  // Most strings are ASCII and short: eight characters at a time cost little more than one.
  for (; from + 8 <= end && isAscii(bytes, from, 8); from += 8) text += fromBytes(bytes, from);
  while (from < end) {
    const first = bytes[from] as number;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    const point = length === 0 || from + length > end ? -1 : decodePoint(bytes, from, length);
    text += String.fromCodePoint(point < 0 ? REPLACEMENT : point);
    from += point < 0 ? 1 : length;
  }
  return text;
}

function isAscii(bytes: Uint8Array, from: number, size: number): boolean {
  let all = 0;
  for (let i = 0; i < size; i++) all |= bytes[from + i] as number;
  return all < 0x80;
}

/** The eight characters of eight ASCII bytes. */
function fromBytes(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(
    bytes[from] as number,
    bytes[from + 1] as number,
    bytes[from + 2] as number,
    bytes[from + 3] as number,
    bytes[from + 4] as number,
    bytes[from + 5] as number,
    bytes[from + 6] as number,
    bytes[from + 7] as number,
  );
}

const LEAST_OF_LENGTH = [0, 0, 0x80, 0x800, 0x10000];

/** The code point of the `length` bytes at `from`, or -1 when they are not its one UTF-8 form. */
function decodePoint(bytes: Uint8Array, from: number, length: number): number {
  const first = bytes[from] as number;
  if (length === 1) return first;
  let point = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[from + i] as number;
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const isForm = point >= (LEAST_OF_LENGTH[length] as number) && point <= 0x10ffff;
  return isForm && (point < 0xd800 || point > 0xdfff) ? point : -1;
}
