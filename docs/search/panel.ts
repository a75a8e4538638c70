// @ts-expect-error The package has no types. https://pagefind.app/docs/ui/ describes the options.
import { PagefindUI } from "@pagefind/default-ui";
// As text: Astro links the style sheets of modules that load late into the page all the same.
import panelCss from "./panel.css?inline";

/** Puts Pagefind's search into `place`. Its index is part of the built site and is read in pieces, as needed. */
export function openPanel(place: HTMLElement, translations: Record<string, string>): void {
  if (import.meta.env.DEV) {
    place.textContent = "The index is made by the build: npm start, without --dev, has a search.";
    return;
  }
  const styles = new CSSStyleSheet();
  styles.replaceSync(panelCss);
  document.adoptedStyleSheets.push(styles);
  new PagefindUI({
    element: place,
    baseUrl: import.meta.env.BASE_URL,
    bundlePath: `${import.meta.env.BASE_URL.replace(/\/$/, "")}/pagefind/`,
    showImages: false,
    showSubResults: true,
    resetStyles: false,
    translations,
  });
}
