import { defineCollection } from "astro:content";
import { docsLoader, i18nLoader } from "@astrojs/starlight/loaders";
import { docsSchema, i18nSchema } from "@astrojs/starlight/schema";
import { z } from "astro/zod";
import { words } from "./cells/words.ts";

/** The pages of the site. Lessons also carry jupytext's front matter, so that Jupyter opens the same file. */
export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: docsSchema({ extend: z.object({ jupyter: z.record(z.string(), z.unknown()).optional() }) }),
  }),
  /** Words of the site in other languages, a file for each: Starlight's own, and these. */
  i18n: defineCollection({
    loader: i18nLoader(),
    schema: i18nSchema({
      extend: z.object({
        "hmap.footer": z.string().optional(),
        "hmap.version": z.string().optional(),
        "hmap.notebook": z.string().optional(),
        ...Object.fromEntries(words.map((word) => [`hmap:${word}`, z.string().optional()])),
      }),
    }),
  }),
};
