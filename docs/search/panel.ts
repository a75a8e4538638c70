import "./panel.css";
// @ts-expect-error The package has no types. https://pagefind.app/docs/ui/ describes the options.
import { PagefindUI } from "@pagefind/default-ui";

/** Puts Pagefind's search into `place`. Its index is part of the built site and is read in pieces, as needed. */
export function openPanel(place: HTMLElement, translations: Record<string, string>): void {
  if (import.meta.env.DEV) {
    place.textContent = "The index is made by the build: npm start, without --dev, has a search.";
    return;
  }
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
