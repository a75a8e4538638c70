import { type CollectionEntry, getCollection } from "astro:content";
import type { APIRoute } from "astro";
import sharp from "sharp";
import { cardName, cardSvg, hasCard } from "../../cards/card.ts";

/** Cards need the site's address in the links to them: without one there are none. */
export async function getStaticPaths() {
  if (!import.meta.env.SITE) return [];
  const pages: CollectionEntry<"docs">[] = await getCollection("docs");
  return pages
    .filter(({ id, data }) => hasCard(id, data.title))
    .map(({ id, data }) => ({
      params: { name: cardName(id === "index" ? "" : id) },
      props: { title: data.title },
    }));
}

export const GET: APIRoute = async ({ props }) => {
  const png = await sharp(Buffer.from(cardSvg(String(props.title))))
    .png({ palette: true })
    .toBuffer();
  return new Response(new Uint8Array(png), { headers: { "content-type": "image/png" } });
};
