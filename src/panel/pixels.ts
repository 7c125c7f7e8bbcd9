/** Images that hold their own pixels and nothing else. */
const RASTER = /^image\/(png|jpeg|gif|webp)$/;
const BASE64 = /^[a-z0-9+/=\s]+$/i;

/** The image as a URL that holds it; null for what is none, or might fetch something. */
export function pixelsOf(mime: string, data: unknown): string | null {
  return typeof data === 'string' && RASTER.test(mime) && BASE64.test(data)
    ? `data:${mime};base64,${data.replace(/\s/g, '')}`
    : null;
}
