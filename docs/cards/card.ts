/** Whether a page has a card of its own: all but the reference, whose pages are many and are not sent around. */
export const hasCard = (id: string, title: string): boolean => title !== "" && !/^(?:de\/)?api\//.test(id);

/** The name of a page's card, without `.png`. The home page has no id. */
export const cardName = (id: string): string => id || "index";

/** What a link to a page looks like where people post it: title, name of the site, a row of buckets. 1200 × 630 pixels. */
export function cardSvg(title: string): string {
  const lines = wrap(title, 26);
  const size = lines.length > 2 ? 72 : 88;
  const text = lines
    .map(
      (line, n) =>
        `<text x="80" y="${250 + n * size * 1.15}" font-size="${size}" font-weight="700">${escaped(line)}</text>`,
    )
    .join("");
  const slots = Array.from({ length: 8 }, (_, n) => {
    const live = n < 5;
    return `<rect x="${80 + n * 132}" y="510" width="120" height="48" rx="6" fill="${live ? "#144a66" : "#262d34"}" stroke="${live ? "#56b4e9" : "#39424a"}" stroke-width="2"/>`;
  }).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630" font-family="Liberation Sans, DejaVu Sans, Arial, sans-serif" fill="#f4f6f8"><rect width="1200" height="630" fill="#12161a"/><text x="80" y="120" font-size="40" font-weight="700" fill="#4fb9d8" font-family="Liberation Mono, DejaVu Sans Mono, monospace">hmap</text><text x="1120" y="120" font-size="30" text-anchor="end" fill="#98a2ac">Go 1.23’s map, opened up</text>${text}${slots}</svg>`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
