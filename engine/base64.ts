/** What this file needs of the platform: present in every browser and in Node. */
interface Platform {
  atob(base64: string): string;
  btoa(binary: string): string;
}
const platform = globalThis as unknown as Platform;

/** Characters that are made at once: as many as a call takes arguments everywhere. */
const AT_ONCE = 0x8000;

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += AT_ONCE) {
    binary += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  }
  return platform.btoa(binary);
}

/**
 * The bytes of some base64.
 *
 * @throws DOMException for what is none
 */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(platform.atob(base64), (character) => character.charCodeAt(0));
}
