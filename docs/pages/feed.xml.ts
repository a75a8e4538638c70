import type { APIRoute } from "astro";
import changelog from "../../CHANGELOG.md?raw";

/** What is new, for feed readers (Atom, RFC 4287): one entry for each part of the changelog. */
export const GET: APIRoute = ({ site }) => {
  const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
  const home = new URL(base, site ?? "http://localhost:4321").href;
  const built = new Date().toISOString();
  const entries = changelog
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const heading = part.slice(0, part.indexOf("\n")).trim();
      const day = /\d{4}-\d\d-\d\d/.exec(heading)?.[0];
      const updated = day ? `${day}T00:00:00Z` : built;
      const link = `${home}changelog/`;
      return `<entry><id>${link}#${encodeURIComponent(heading)}</id><title>hmap: ${xml(heading)}</title><updated>${updated}</updated><link href="${link}"/><content type="text">${xml(part.slice(heading.length).trim())}</content></entry>`;
    });
  const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${home}</id><title>hmap</title><subtitle>Go’s map, opened up</subtitle><author><name>hmap</name></author><updated>${built}</updated><link href="${home}"/><link rel="self" href="${home}feed.xml"/>${entries.join("")}</feed>
`;
  return new Response(feed, { headers: { "content-type": "application/atom+xml; charset=utf-8" } });
};

const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
