import { defineCollection } from "astro:content";
import { docsLoader } from "@astrojs/starlight/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
import { z } from "astro/zod";

/** The pages of the site. Lessons also carry jupytext's front matter, so that Jupyter opens the same file. */
export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: docsSchema({ extend: z.object({ jupyter: z.record(z.string(), z.unknown()).optional() }) }),
  }),
};
