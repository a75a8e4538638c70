import { expect, test } from "vitest";
import { gallery } from "./gallery.ts";

test.each(gallery().map((sample) => [sample.name, sample] as const))(
  "%s is drawn as its golden files show it",
  async (name, { drawing }) => {
    await expect(drawing.svg).toMatchFileSnapshot(`golden/${name}.svg`);
    await expect(drawing.svgIn(360)).toMatchFileSnapshot(`golden/${name}.360.svg`);
    await expect(`${drawing.text}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
  },
);

test("the index of the golden files names each drawing and says what it shows", async () => {
  const index = gallery().map(({ name, caption, drawing }) => ({ name, title: drawing.title, alt: caption }));
  await expect(`${JSON.stringify(index, null, 2)}\n`).toMatchFileSnapshot("golden/index.json");
});
