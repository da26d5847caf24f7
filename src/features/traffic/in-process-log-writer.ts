import type { CapturedContent } from "./captured-content.ts";
import type { LogWriterPort } from "./log-writer-port.ts";
import type { LogWriter } from "./log-writer.ts";
import type { UnredactedContent } from "./unredacted-content.ts";
import { writeRedacted } from "./write-redacted.ts";

/** A log writer in the thread of its caller: where log and database are in memory and nothing is to outlive the process. */
export function inProcessLogWriter(
  writer: LogWriter,
  redact: (content: UnredactedContent) => CapturedContent,
): LogWriterPort {
  return {
    write: (entries) => writer.write(Buffer.from(entries.join("\n"))),
    writeContent: (content) => writeRedacted(writer, content, redact),
    get full() {
      return writer.full;
    },
    state: () => writer.state(),
    flush: (deadlineMs) => writer.flush(deadlineMs),
    close: (deadlineMs) => writer.close(deadlineMs),
  };
}
