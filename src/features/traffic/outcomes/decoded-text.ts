import { AppError } from "#core/kernel/app-error.ts";
import { unreadable } from "./file-row.ts";

/** Largest file, bytes: half a million rows. */
export const fileBytesMax = 64 * 1024 * 1024;

/**
 * The text of a file that comes in pieces, without its byte-order mark.
 * @throws AppError `invalid-request` where it is no UTF-8 (names in another encoding would become other names),
 *   `payload-too-large` from `fileBytesMax` on
 */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > fileBytesMax) throw tooLarge();
    yield decoded(() => decoder.decode(piece, { stream: true }));
  }
  yield decoded(() => decoder.decode());
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    throw unreadable("UTF-8", "the file holds other bytes", error);
  }
}

/** The error of a file of too many bytes. */
export function tooLarge(): AppError {
  return new AppError(
    "payload-too-large",
    `Cannot import outcomes: at most ${fileBytesMax / 1024 / 1024} MiB are wanted, the file has more; import it in parts`,
  );
}
