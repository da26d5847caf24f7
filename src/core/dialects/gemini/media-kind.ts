import type { MediaKind } from "#core/llm/message.ts";

/** What a file is, by its ending, for URLs that come without a media type. IANA registry, read 2026-11-25. */
const mimeTypes: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["webp", "image/webp"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
  ["gif", "image/gif"],
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["csv", "text/csv"],
  ["html", "text/html"],
  ["mp3", "audio/mpeg"],
  ["wav", "audio/wav"],
  ["flac", "audio/flac"],
  ["ogg", "audio/ogg"],
  ["mp4", "video/mp4"],
  ["mov", "video/quicktime"],
  ["webm", "video/webm"],
]);

/** What a media part is. Without a media type the URL's ending decides; films of YouTube have none. */
export function mediaKind(mimeType: string | undefined, url?: string): MediaKind {
  if (
    mimeType === undefined &&
    url !== undefined &&
    /^https:\/\/(www\.)?(youtube\.com|youtu\.be)\//.test(url)
  ) {
    return "video";
  }
  const [family] = (mimeType ?? mimeTypeOfUrl(url ?? "") ?? "").toLowerCase().split("/");
  return family === "image" || family === "audio" || family === "video" ? family : "document";
}

/** The media type that a URL's ending promises; undefined when it says nothing. */
export function mimeTypeOfUrl(url: string): string | undefined {
  const [, ending = ""] = /\.([A-Za-z0-9]+)(?:[?#].*)?$/.exec(url) ?? [];
  return mimeTypes.get(ending.toLowerCase());
}
