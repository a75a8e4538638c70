import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gallery } from "../engine/diagram/gallery.ts";
import { launchChromium } from "./chromium.ts";

// `npm run gallery -- [--out FOLDER] [NAME...]`: every drawing of the gallery as PNG, to be looked at: as an image on a
// light and on a dark page, in a phone's width, in the site's own colours, light and dark, in forced colours and in print.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string", default: "dist/gallery" } },
});
const samples = gallery().filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const styles = ["theme", "diagram"].map((name) => readFileSync(`docs/styles/${name}.css`, "utf8")).join("\n");
mkdirSync(values.out, { recursive: true });

const looks = [
  { look: "image-light", width: undefined, page: "#ffffff", inline: false },
  { look: "image-dark", width: undefined, page: "#111111", inline: false },
  { look: "phone", width: 360, page: "#ffffff", inline: false },
  { look: "site-dark", width: undefined, page: "#171c21", inline: true },
  { look: "site-dark-phone", width: 360, page: "#171c21", inline: true },
  { look: "forced", width: undefined, page: "Canvas", inline: true },
  { look: "print", width: undefined, page: "#ffffff", inline: true },
] as const;

await using browser = await launchChromium();
for (const { look, width, page: background, inline } of looks) {
  const page = await browser.newPage({ viewport: { width: width ?? 960, height: 200 } });
  await page.emulateMedia({
    media: look === "print" ? "print" : "screen",
    forcedColors: look === "forced" ? "active" : "none",
    colorScheme: "dark",
  });
  for (const { name, drawing } of samples) {
    const svg = width === undefined ? drawing.svg : drawing.svgIn(width);
    const picture = inline
      ? svg
      : `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
    const css = inline ? styles : "";
    await page.setContent(
      `<style>${css} body { margin: 0; background: ${background} } img, svg { display: block }</style>${picture}`,
    );
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) console.log(`${name}, ${look}: ${overflow} pixels wider than the page`);
    await page.screenshot({ path: join(values.out, `${name}.${look}.png`), fullPage: true });
  }
  await page.close();
}
console.log(`${samples.length} drawings, each in ${looks.length} looks, are in ${values.out}/`);
