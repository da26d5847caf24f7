import { connect } from "node:net";

/** What came back over a raw connection. */
export interface RawAnswer {
  /** 0 when no status line came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was sent, chunk sizes and all. */
  readonly body: string;
  /** Everything, as it came. */
  readonly text: string;
}

/** Longest wait for the server to close the connection, ms. */
const patienceMs = 10_000;

/** Sends bytes as they are and reads until the server closes; fails when it does not. */
export function rawExchange(url: string, ...pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      for (const piece of pieces) socket.write(piece);
    });
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    // A server that closes while more is being sent resets the connection; what it said before counts.
    socket.on("error", () => undefined);
    socket.setTimeout(patienceMs, () => {
      socket.destroy();
      reject(new Error(`The server kept the connection open; it had sent: ${text.slice(0, 200)}`));
    });
    socket.on("close", () => resolve(answerOf(text)));
  });
}

/** A whole request as bytes, with `connection: close`. */
export function rawRequest(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = "",
): Uint8Array {
  const lines = Object.entries({
    host: "127.0.0.1",
    connection: "close",
    ...(body.length > 0 && { "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${line} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"),
    Buffer.from(body),
  ]);
}

function answerOf(text: string): RawAnswer {
  const headEnd = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...headerLines] = text.slice(0, Math.max(0, headEnd)).split("\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers: Object.fromEntries(
      headerLines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    ),
    body: headEnd === -1 ? "" : text.slice(headEnd + 4),
    text,
  };
}
