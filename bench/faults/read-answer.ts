/** What a client saw of an answer. */
export interface Seen extends AnswerRead {
  /** Properly by HTTP, by a broken connection, or never. */
  readonly ended: "properly" | "broken" | "never";
  readonly tookMs: number;
}

/** What a client reads from the bytes of an answer. */
export interface AnswerRead {
  /** Absent where the connection broke before the head. */
  readonly status?: number;
  /** Seconds that `retry-after` says. */
  readonly retryAfterSeconds?: number;
  /** Content, put together. */
  readonly text: string;
  readonly finish?: string;
  /** Whether a stream was closed by `[DONE]`. */
  readonly isDone: boolean;
  /** Whether a whole answer could be read. */
  readonly isReadable: boolean;
  readonly error?: SeenError;
}

/** An error object of the dialect. */
export interface SeenError {
  readonly message: string;
  /** `code`, or else `type`. */
  readonly code: string;
}

/** Reads an answer as OpenAI's clients do. */
export function readAnswer(
  answer: {
    readonly status?: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly text: string;
  },
  asksStream: boolean,
): AnswerRead {
  const { status, headers, text } = answer;
  const isStream =
    asksStream && status === 200 && (headers["content-type"] ?? "").includes("text/event-stream");
  const read = isStream ? readStream(text) : readWhole(text);
  const seconds = headers["retry-after"] === undefined ? undefined : Number(headers["retry-after"]);
  return {
    ...read,
    ...(status !== undefined && { status }),
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  };
}

type BodyRead = Omit<AnswerRead, "status" | "retryAfterSeconds">;

function readWhole(text: string): BodyRead {
  const body = parsed(text);
  const [choice] = listOf(field(body, "choices"));
  const error = errorOf(body);
  const finish = field(choice, "finish_reason");
  return {
    text: stringOf(field(field(choice, "message"), "content")),
    ...(typeof finish === "string" && { finish }),
    isDone: false,
    isReadable: choice !== undefined,
    ...(error && { error }),
  };
}

function readStream(text: string): BodyRead {
  let content = "";
  let finish: string | undefined;
  let isDone = false;
  let error: SeenError | undefined;
  for (const data of payloadsOf(text)) {
    if (data === "[DONE]") isDone = true;
    else {
      const frame = parsed(data);
      error ??= errorOf(frame);
      const [choice] = listOf(field(frame, "choices"));
      content += stringOf(field(field(choice, "delta"), "content"));
      const told = field(choice, "finish_reason");
      if (typeof told === "string") finish ??= told;
    }
  }
  return {
    text: content,
    ...(finish !== undefined && { finish }),
    isDone,
    isReadable: true,
    ...(error && { error }),
  };
}

/** The data of each event that was ended by a blank line. */
function payloadsOf(text: string): readonly string[] {
  const events = text.replaceAll(/\r\n?/g, "\n").split("\n\n");
  return events
    .slice(0, -1)
    .map((event) =>
      event
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice("data:".length).trimStart())
        .join("\n"),
    )
    .filter((data) => data !== "");
}

/** An error object with a text and a word to act on; anything else is no typed error. */
function errorOf(body: unknown): SeenError | undefined {
  const error = field(body, "error");
  const message = stringOf(field(error, "message"));
  const code = [field(error, "code"), field(error, "type")].find(
    (word) => typeof word === "string" && word !== "",
  );
  return message === "" || typeof code !== "string" ? undefined : { message, code };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
