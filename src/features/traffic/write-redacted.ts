import type { CapturedContent } from "./captured-content.ts";
import type { LogWriter } from "./log-writer.ts";
import type { UnredactedContent } from "./unredacted-content.ts";

/** Redacts content and writes what is left of it; what cannot be redacted is not written. */
export function writeRedacted(
  writer: LogWriter,
  content: UnredactedContent,
  redact: (content: UnredactedContent) => CapturedContent,
): void {
  let captured: CapturedContent;
  try {
    captured = redact(content);
  } catch (error) {
    writer.refuseContent(content.requestId, error instanceof Error ? error.message : String(error));
    return;
  }
  writer.writeContent(captured);
}
