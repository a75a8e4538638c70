import type { RecordingJson } from "../trace/recordingjson.ts";

/**
 * A recording as HTML that needs nothing else: the player with its script, and inside it the picture, which is what there
 * is to see where scripts do not run.
 *
 * @param svg the picture
 * @param alternative the picture in words
 * @param script the player as one script, that defines `<hmap-player>`
 */
export function recordingHtml(json: RecordingJson, svg: string, alternative: string, script: string): string {
  const data = JSON.stringify(json).replaceAll("<", "\\u003c"); // nothing in it ends the element
  const image = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  const words = alternative.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return (
    `<hmap-player><script type="application/json">${data}</script>` +
    `<img src="${image.replaceAll("'", "%27")}" alt="${words}"></hmap-player>` +
    `<script>${script.replaceAll("</script", "<\\/script")}</script>`
  );
}
