// @ts-check
import { satteri } from "@astrojs/markdown-satteri";
import mdx from "@astrojs/mdx";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import starlightTypeDoc from "starlight-typedoc";
import { alerts } from "./docs/markdown/alerts.ts";
import { cells, codeTheme, listings, tokenClasses } from "./docs/markdown/code.ts";
import { kernelClientOnly } from "./tools/siteclient.ts";
import { contentSecurityPolicy } from "./tools/sitecsp.ts";
import { cellLanguageOnly } from "./tools/sitelanguage.ts";
import { offline } from "./tools/siteoffline.ts";
import { prerenderedOutputs } from "./tools/siteoutputs.ts";
import { partsOnDemand } from "./tools/siteparts.ts";
import { translatedLabels } from "./tools/sitewords.ts";

// The site has no address of its own yet. SITE_BASE puts it below a folder of somebody's host ("/hmap"); links and
// assets follow. Nothing here loads a font, a script or a pixel from anywhere else.
export default defineConfig({
  base: process.env.SITE_BASE ?? "/",
  // With SITE_URL ("https://example.org") the pages name their address, and there are a sitemap and a feed.
  ...(process.env.SITE_URL ? { site: process.env.SITE_URL } : {}),
  srcDir: "./docs",
  publicDir: "./docs/public",
  outDir: "./dist/site",
  trailingSlash: "always",
  // A page is read for minutes: its links can wait for the click.
  prefetch: false,
  devToolbar: { enabled: false },
  markdown: {
    processor: satteri({ mdastPlugins: [alerts()] }),
    shikiConfig: {
      // One set of tokens, coloured by the style sheet: light, dark and the editor share the palette in docs/styles.
      theme: codeTheme,
      transformers: [tokenClasses(), listings(), cells()],
    },
  },
  integrations: [
    // First, so that search reads the finished pages.
    prerenderedOutputs(),
    translatedLabels(),
    starlight({
      title: "hmap",
      description: "Go's map, opened up: the runtime map of Go 1.23, drawn so that you can watch it work.",
      favicon: "/favicon.svg",
      locales: { root: { label: "English", lang: "en" }, de: { label: "Deutsch", lang: "de" } },
      expressiveCode: false,
      // SITE_EDIT is where a file of this folder can be edited: "https://github.com/OWNER/NAME/edit/main/".
      ...(process.env.SITE_EDIT ? { editLink: { baseUrl: process.env.SITE_EDIT } } : {}),
      plugins: [
        // The reference is made of the doc comments at every build, into docs/content/docs/api.
        starlightTypeDoc({
          entryPoints: ["engine/index.ts", "engine/diagram/index.ts", "kernel/index.ts"],
          tsconfig: "tsconfig.json",
          typeDoc: {
            name: "API reference",
            readme: "docs/reference.md",
            excludeInternal: true,
            excludePrivate: true,
            disableSources: true,
            hideBreadcrumbs: true,
            useCodeBlocks: true,
            logLevel: "Error",
            skipErrorChecking: true,
          },
        }),
      ],
      customCss: ["theme", "code", "cell", "diagram", "lesson"].map((name) => `./docs/styles/${name}.css`),
      components: {
        SiteTitle: "./docs/components/SiteTitle.astro",
        Footer: "./docs/components/Footer.astro",
        Head: "./docs/components/Head.astro",
        PageTitle: "./docs/components/PageTitle.astro",
        Search: "./docs/components/Search.astro",
        Hero: "./docs/components/Hero.astro",
      },
      sidebar: [
        {
          label: "Lessons",
          translations: { de: "Lektionen" },
          items: [
            { autogenerate: { directory: "lessons" } },
            { label: "Your progress", translations: { de: "Dein Fortschritt" }, link: "/course/" },
          ],
        },
        { label: "Playground", translations: { de: "Spielplatz" }, link: "/playground/" },
        { label: "Questions", translations: { de: "Fragen" }, link: "/questions/" },
        {
          label: "Guides",
          translations: { de: "Anleitungen" },
          items: [{ autogenerate: { directory: "guides" } }],
        },
        { label: "Gallery", translations: { de: "Galerie" }, link: "/gallery/" },
        { label: "API reference", link: "/api/modules/" },
        {
          label: "About",
          translations: { de: "Über hmap" },
          items: ["go-versions", "glossary", "changelog"],
        },
      ],
    }),
    mdx(),
    contentSecurityPolicy(),
    offline(),
  ],
  vite: {
    plugins: [kernelClientOnly()],
    worker: { format: "es", plugins: () => [partsOnDemand(), cellLanguageOnly()] },
    build: { chunkSizeWarningLimit: 1000 },
  },
});
