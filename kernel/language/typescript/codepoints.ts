/**
 * Jupyter counts cursor positions in Unicode code points, JavaScript in UTF-16 units; these go from one to the other.
 * Positions outside the text are taken as its nearer end.
 */

/** From code points to UTF-16 units. */
export function toOffset(text: string, cursor: number): number {
  let offset = 0;
  for (let count = 0; count < cursor && offset < text.length; count++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

/** From UTF-16 units to code points. An offset inside a pair counts as before it. */
export function toCursor(text: string, offset: number): number {
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const next = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    if (next > offset) break;
    at = next;
  }
  return count;
}
