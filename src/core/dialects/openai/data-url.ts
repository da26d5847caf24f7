/** What a `data:` URL of base64 holds. */
export interface DataUrl {
  readonly mimeType: string;
  readonly base64: string;
}

/** Longest head (media type and parameters) that is read, characters. */
const headLengthMax = 256;

/** Reads a base64 `data:` URL; undefined when the text is none. Looks at its head only: the data may be long. */
export function readDataUrl(url: string): DataUrl | undefined {
  const comma = url.slice(0, headLengthMax).indexOf(",");
  if (comma === -1 || !/^data:/i.test(url)) return undefined;
  const [mimeType = "", ...parameters] = url.slice("data:".length, comma).split(";");
  if (!parameters.some((parameter) => parameter.trim().toLowerCase() === "base64")) return undefined;
  return { mimeType: mimeType.trim().toLowerCase() || "text/plain", base64: url.slice(comma + 1) };
}

/** Whether a text claims to be a `data:` URL, readable or not. */
export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/** Writes base64 as a `data:` URL. */
export function writeDataUrl({ mimeType, base64 }: DataUrl): string {
  return `data:${mimeType};base64,${base64}`;
}
