import { isUtf8 } from "node:buffer";
import { Pieces } from "#core/kernel/pieces.ts";
import { sizeText } from "#core/kernel/size-text.ts";
import { unreadable } from "./unreadable.ts";

/** Largest file that is read whole, bytes: YAML takes some 50 times as many. */
const wholeBytesMax = 8_000_000;

/**
 * The text of a file that can only be read whole.
 * @throws AppError `invalid-request` for a file that is larger, or no UTF-8
 */
export async function wholeText(chunks: AsyncIterable<Buffer>, name: string): Promise<string> {
  const pieces = new Pieces();
  for await (const chunk of chunks) {
    pieces.add(Buffer.from(chunk));
    if (pieces.size > wholeBytesMax) {
      const wanted = `at most ${sizeText(wholeBytesMax)} in this format (JSON Lines may have any size)`;
      throw unreadable(name, { wanted, actual: "it has more" });
    }
  }
  const bytes = pieces.bytes();
  if (!isUtf8(bytes)) throw unreadable(name, { wanted: "UTF-8", actual: "the file holds other bytes" });
  return bytes.toString("utf8");
}
