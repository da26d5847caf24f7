import type { LogWriterPort } from "./log-writer-port.ts";
import type { LogWriter } from "./log-writer.ts";

/** A log writer in the thread of its caller: where log and database are in memory and nothing is to outlive the process. */
export function inProcessLogWriter(writer: LogWriter): LogWriterPort {
  return {
    write: (entries) => writer.write(Buffer.from(entries.join("\n"))),
    writeContent: (content) => writer.writeContent(content),
    state: () => writer.state(),
    flush: (deadlineMs) => writer.flush(deadlineMs),
    close: (deadlineMs) => writer.close(deadlineMs),
  };
}
