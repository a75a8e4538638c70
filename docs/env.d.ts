/// <reference types="astro/client" />
/// <reference types="@astrojs/starlight" />

declare namespace StarlightApp {
  /** Words of this site beside Starlight's own: docs/content/i18n. */
  interface I18n {
    "hmap.footer": string;
    "hmap.version": string;
    "hmap.notebook": string;
  }
}
