import { Agent } from "undici";
import { z } from "zod";
import { SeededChance } from "../../test/support/seeded-chance.ts";
import { mapConcurrently } from "../ledger/map-concurrently.ts";
import type { BankingQuestions } from "./banking-models.ts";

/** Requests of a conversation are from one to so many, each number as likely. */
export const requestsMax = 3;
/** Feedback that one call may bring. */
const feedbackMax = 100;

/** Conversations of customers with a bank over Signalbox, and what is said about each answer. */
export interface BankingTalk {
  /** The route that is asked; its name is in each prompt, so that other routes have other luck. */
  readonly route: string;
  /** Numbers of the conversations. */
  readonly from: number;
  readonly to: number;
  /** Conversations under way at once. */
  readonly concurrency: number;
  /** In whose conversation a request counts; each in its own unless said otherwise. */
  readonly conversationOf?: (conversation: number) => string;
  /** Whether requests may fail, which are then rated by nobody; one that does ends the proof unless said otherwise. */
  readonly mayFail?: boolean;
}

/** What came of conversations. */
export interface Talked {
  readonly requests: number;
  /** Of answers, by the variant that gave them. */
  readonly counted: ReadonlyMap<string, Counted>;
}

/** What the client counted of one variant. */
export interface Counted {
  readonly right: number;
  readonly answers: number;
}

const completion = z.looseObject({
  choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]),
});

/** Who asks and rates, as an application does: over HTTP, by the header of the conversation, feedback in lists. */
export class BankingClient implements AsyncDisposable {
  readonly #agent = new Agent({ connections: null, keepAliveTimeout: 30_000 });
  readonly #url: string;
  readonly #questions: BankingQuestions;

  constructor(url: string, questions: BankingQuestions) {
    this.#url = url;
    this.#questions = questions;
  }

  /** Holds conversations and rates their answers. */
  async talk(asked: BankingTalk): Promise<Talked> {
    const counted = new Map<string, Counted>();
    let requests = 0;
    const rated: object[] = [];
    const { from, to, concurrency } = asked;
    await mapConcurrently(to - from, concurrency, async (place) => {
      for (const question of this.#questionsOf(asked.route, from + place)) {
        requests += 1;
        const answer = await this.#ask(asked, question);
        if (!answer) continue;
        const { id, variant, isRight } = answer;
        const before = counted.get(variant) ?? { right: 0, answers: 0 };
        counted.set(variant, { right: before.right + Number(isRight), answers: before.answers + 1 });
        rated.push({ request_id: id, name: "right", score: Number(isRight), source: "code" });
        if (rated.length >= feedbackMax) await this.#rate(rated.splice(0, feedbackMax));
      }
    });
    if (rated.length > 0) await this.#rate(rated);
    return { requests, counted };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  /** A conversation is about one subject, so that its answers are right or wrong together a little. */
  #questionsOf(route: string, conversation: number): readonly Asked[] {
    const chance = new SeededChance(conversation, route);
    const subject =
      this.#questions.categories[chance.integer(0, this.#questions.categories.length - 1)] ?? [];
    return Array.from({ length: chance.integer(1, requestsMax) }, (_, turn) => {
      const question = subject[chance.integer(0, subject.length - 1)];
      if (!question) throw new Error("Cannot ask: a subject with questions is wanted");
      return { conversation, turn, question };
    });
  }

  async #ask(
    { route, conversationOf = String, mayFail = false }: BankingTalk,
    { conversation, turn, question }: Asked,
  ) {
    const content = `Ticket ${route}-${conversation}.${turn}. Which label fits what the customer says?\n\n${question.text}`;
    const { headers, json, status } = await this.post("/v1/chat/completions", {
      body: { model: route, messages: [{ role: "user", content }] },
      headers: { "x-signalbox-conversation": conversationOf(conversation) },
    });
    if (status !== 200 && mayFail) return undefined;
    if (status !== 200) throw new Error(`Cannot talk over "${route}": ${status} ${JSON.stringify(json)}`);
    return {
      id: headers["x-signalbox-request-id"],
      variant: String(headers["x-signalbox-variant"]),
      isRight: completion.parse(json).choices[0].message.content === question.category,
    };
  }

  async #rate(feedback: readonly object[]): Promise<void> {
    const { status, json } = await this.post("/v1/feedback", { body: feedback });
    const { results } = z.object({ results: z.array(z.looseObject({ status: z.int() })) }).parse(json);
    const refused = results.find((one) => one.status >= 300);
    if (status >= 300 || refused)
      throw new Error(`Cannot rate: ${status} ${JSON.stringify(refused ?? json)}`);
  }

  /** Any call of Signalbox with a body. */
  async post(
    path: string,
    { body, headers = {} }: { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> },
  ) {
    const response = await this.#agent.request({
      origin: this.#url,
      path,
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.statusCode, headers: response.headers, json: await response.body.json() };
  }

  /** What Signalbox answers to a question about itself. */
  async get(path: string): Promise<unknown> {
    const { body } = await this.#agent.request({ origin: this.#url, path, method: "GET" });
    return body.json();
  }
}

interface Asked {
  readonly conversation: number;
  readonly turn: number;
  readonly question: { readonly text: string; readonly category: string };
}
