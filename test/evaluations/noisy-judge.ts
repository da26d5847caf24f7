import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SeededChance } from "../support/seeded-chance.ts";

/** What is wrong with a judge, each a probability. */
export interface JudgeNoise {
  /** With which it says A, whatever stands there. */
  readonly position: number;
  /** Else, with which it says the longer one. */
  readonly length: number;
  /** Else, with which it is right. */
  readonly accuracy: number;
  /** With which it writes prose before all that. */
  readonly prose?: number;
  /** With which it writes a right answer where nobody asks for a verdict. */
  readonly quality?: number;
}

/** A server whose model judges with a known noise; right is the answer with the word "right". The same question has the same verdict. */
export class NoisyJudge {
  readonly #server: Server;
  readonly #noise: JudgeNoise;
  readonly #seed: number;
  /** Calls so far. */
  calls = 0;
  /** Calls that are answered with an error first. */
  failing = 0;

  private constructor(noise: JudgeNoise, seed: number) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#noise = noise;
    this.#seed = seed;
  }

  static async start(noise: JudgeNoise, seed: number): Promise<NoisyJudge> {
    const judge = new NoisyJudge(noise, seed);
    await new Promise<void>((resolve) => judge.#server.listen(0, "127.0.0.1", resolve));
    return judge;
  }

  get url(): string {
    // Listening on a port, so that it is no name of a pipe.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const written = await text(request);
    this.calls++;
    const { status, body } = this.#reply(written);
    response.writeHead(status, { "content-type": "application/json", "x-signalbox-cost-usd": "0.001" });
    response.end(JSON.stringify(body));
  }

  #reply(written: string): { readonly status: number; readonly body: object } {
    if (this.failing > 0) {
      this.failing--;
      return { status: 400, body: { error: { code: "broken", message: "on purpose" } } };
    }
    const content = said(written, this.#noise, new SeededChance(this.#seed, written));
    return {
      status: 200,
      body: {
        model: "noisy",
        choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 10, completion_tokens: 5 },
      },
    };
  }
}

function said(
  body: string,
  { prose = 0, quality = 0.3, position, length, accuracy }: JudgeNoise,
  chance: SeededChance,
): string {
  if (chance.happens(prose)) return "Both have their merits.";
  // The request's own text, with escapes: what is looked for has none.
  const [a, b] = [answerIn(body, "ANSWER A"), answerIn(body, "ANSWER B")];
  if (a === undefined || b === undefined) {
    const answer = answerIn(body, "ANSWER");
    if (answer === undefined) return chance.happens(quality) ? "right" : "wrong";
    const isRight = chance.happens(accuracy) === answer.includes("right");
    return JSON.stringify({ reason: "by chance", verdict: isRight ? "pass" : "fail" });
  }
  return JSON.stringify({ better: better() });

  function better(): "A" | "B" {
    if (chance.happens(position)) return "A";
    if (chance.happens(length)) return (a ?? "").length > (b ?? "").length ? "A" : "B";
    return chance.happens(accuracy) === (a ?? "").includes("right") ? "A" : "B";
  }
}

function answerIn(body: string, name: string): string | undefined {
  const from = body.indexOf(`===== ${name}\\n`);
  return from < 0 ? undefined : body.slice(from, body.indexOf(`===== END OF ${name}`, from));
}
