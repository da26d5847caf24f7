import { eventually } from "./eventually.ts";

/** A request that was asked and how it ended. */
export interface Asked {
  readonly id: string;
  /** Whom it was served by. */
  readonly deployment: string;
  readonly stream: boolean;
  /** Monotonic times, ms. */
  readonly sentAt: number;
  readonly endedAt: number;
  /** What went wrong; absent where the answer came whole. */
  readonly failure?: string;
}

/** What is asked. */
interface Question {
  readonly stream: boolean;
  /** `chat` when absent. */
  readonly model?: string;
  readonly content?: string;
}

/** Asks once and reads the answer to its end. */
export async function ask(url: string, question: Question): Promise<Asked> {
  return (await begin(url, question)).ended;
}

/** Asks once. Resolves when the answer has begun; `ended` when it was read to its end. */
export async function begin(url: string, question: Question): Promise<{ readonly ended: Promise<Asked> }> {
  const { stream, model = "chat", content = "Name three rivers" } = question;
  const sentAt = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content }] }),
  });
  return { ended: read(response, { stream, sentAt }) };
}

async function read(response: Response, asked: Pick<Asked, "stream" | "sentAt">): Promise<Asked> {
  const text = await response.text();
  const isWhole = asked.stream ? text.endsWith("data: [DONE]\n\n") : text.endsWith("}");
  return {
    ...asked,
    id: response.headers.get("x-signalbox-request-id") ?? "",
    deployment: response.headers.get("x-signalbox-deployment") ?? "",
    endedAt: performance.now(),
    ...((response.status !== 200 || !isWhole) && { failure: `${response.status}: ${text.slice(-200)}` }),
  };
}

/** Clients that ask one request after the other, every second one as a stream, until they are stopped. */
export class SteadyClients implements AsyncDisposable {
  /** Everything that was asked so far and has ended. */
  readonly asked: Asked[] = [];
  readonly #running: Promise<unknown>;
  #stopped = false;

  constructor(url: string, clients: number) {
    this.#running = Promise.all(Array.from({ length: clients }, (_, at) => this.#client(url, at % 2 === 0)));
  }

  get failures(): readonly string[] {
    return this.asked.flatMap(({ failure }) => failure ?? []);
  }

  /** Whom the next so many requests are served by that are sent from now on. */
  async next(count: number): Promise<readonly string[]> {
    const nowAt = performance.now();
    const since = (): readonly Asked[] => this.asked.filter(({ sentAt }) => sentAt >= nowAt);
    await eventually(() => since().length >= count);
    return since().map(({ deployment }) => deployment);
  }

  /** Lets what is under way end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #client(url: string, stream: boolean): Promise<void> {
    while (!this.#stopped) this.asked.push(await ask(url, { stream }));
  }
}
