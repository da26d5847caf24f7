import type { UpstreamHandle, UpstreamListener } from "#adapters/upstream/upstream-port.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { Answering, ModelCallOptions } from "./chat-model.ts";
import { readAnswer } from "./model-answer.ts";
import { modelFailure } from "./model-failure.ts";
import type { ModuleModels } from "./module-model.ts";
import { readRequest, type AnswerForm, type ModelRequest } from "./read-request.ts";
import { RefusedRequest } from "./refused-request.ts";
import { AnswerStream, chatCompletion, type AnswerFacts } from "./write-answer.ts";

/** One call of a model: LangChain's promises on one side, the gateway's events on the other. */
export class ModuleCall implements UpstreamHandle {
  readonly #listener: UpstreamListener;
  readonly #models: ModuleModels;
  readonly #aborting = new AbortController();
  #started = false;
  #paused: PromiseWithResolvers<void> | undefined;

  constructor(models: ModuleModels, listener: UpstreamListener) {
    this.#models = models;
    this.#listener = listener;
  }

  /** Ends once the model has settled, which may be long after an abort. Never rejects. */
  async run(body: string, facts: Omit<AnswerFacts, "model">): Promise<void> {
    // What the gateway does with the handle comes first.
    await Promise.resolve();
    if (this.#isOver) return;
    this.#listener.sent();
    try {
      // JSON.parse answers `any`; what it gives is JSON by definition. The gateway wrote it.
      const request = readRequest(JSON.parse(body) as Json);
      await this.#answer(request, { ...facts, model: request.model });
    } catch (error) {
      this.#fail(error);
    }
  }

  abort(): void {
    this.#aborting.abort(new DOMException("Aborted by the gateway", "AbortError"));
    this.resume();
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers();
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  get #isOver(): boolean {
    return this.#aborting.signal.aborted;
  }

  async #answer(request: ModelRequest, facts: AnswerFacts): Promise<void> {
    const options: ModelCallOptions = {
      signal: this.#aborting.signal,
      ...(request.stop && { stop: request.stop }),
    };
    const model = this.#models.get(request.model, request.settings);
    const formed = request.form;
    if (formed) return this.#whole(await this.#inForm(request, formed, options), request, facts);
    const asked = request.tools ? bound(model, request.tools) : model;
    if (request.stream) return this.#stream(await asked.stream(request.messages, options), facts);
    return this.#whole(await asked.invoke(request.messages, options), request, facts);
  }

  /** What LangChain read in the wanted form, as the text of its message: a model may give it as a tool call. */
  async #inForm(request: ModelRequest, form: AnswerForm, options: ModelCallOptions): Promise<unknown> {
    const model = this.#models.get(request.model, request.settings);
    if (!model.withStructuredOutput)
      throw new RefusedRequest(
        `Cannot ask "${request.model}" for a form: its class has no structured output`,
      );
    const given = await model
      .withStructuredOutput(form.schema, form.options)
      .invoke(request.messages, options);
    if (typeof given !== "object" || given === null) return given;
    const raw: unknown = Reflect.get(given, "raw");
    const parsed: unknown = Reflect.get(given, "parsed");
    if (typeof raw !== "object" || raw === null || parsed === undefined || parsed === null) return raw;
    const facts = {
      usage_metadata: Reflect.get(raw, "usage_metadata"),
      response_metadata: Reflect.get(raw, "response_metadata"),
    };
    return { type: "ai", content: JSON.stringify(parsed), ...facts };
  }

  #whole(value: unknown, { stream, form }: ModelRequest, facts: AnswerFacts): void {
    if (this.#isOver) return;
    const answer = readAnswer(value);
    // A form's call is what gave the answer, not a call to the client's own tool.
    const told =
      answer && form && answer.finishReason === "tool_calls" ? { ...answer, finishReason: "stop" } : answer;
    if (!told) {
      this.#started = true;
      this.#listener.started(502, { "content-type": "application/json" });
      this.#data(JSON.stringify(notAnAnswer));
    } else if (stream) {
      const written = new AnswerStream(facts);
      this.#start("text/event-stream");
      this.#frame(written.chunk({ finishReason: "stop", ...told }));
      for (const payload of written.end()) this.#frame(payload);
    } else {
      this.#start("application/json");
      this.#data(JSON.stringify(chatCompletion(told, facts)));
    }
    this.#listener.ended();
  }

  async #stream(chunks: unknown, facts: AnswerFacts): Promise<void> {
    if (this.#isOver) return closeUnread(chunks);
    const written = new AnswerStream(facts);
    if (!isIterable(chunks)) {
      this.#start("text/event-stream");
      this.#frame(notAnAnswer);
      return this.#listener.ended();
    }
    for await (const chunk of chunks) {
      await this.#paused?.promise;
      // Leaving the loop closes the stream.
      if (this.#isOver) return;
      this.#start("text/event-stream");
      const answer = readAnswer(chunk);
      this.#frame(answer ? written.chunk(answer) : notAnAnswer);
      if (!answer) break;
    }
    if (this.#isOver) return;
    this.#start("text/event-stream");
    for (const payload of written.end()) this.#frame(payload);
    this.#listener.ended();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    const failure = modelFailure(error, this.#models.secrets);
    if (failure.kind !== "answered") return this.#listener.failed(failure.kind, failure.message);
    if (this.#started) {
      const { error: told } = failure.body;
      this.#frame({ error: { ...told, status: failure.status } });
    } else {
      this.#started = true;
      this.#listener.started(failure.status, { "content-type": "application/json", ...failure.headers });
      this.#data(JSON.stringify(failure.body));
    }
    this.#listener.ended();
  }

  #start(contentType: string): void {
    if (this.#started) return;
    this.#started = true;
    this.#listener.started(200, { "content-type": contentType });
  }

  #frame(payload: JsonObject | string | undefined): void {
    if (payload === undefined) return;
    this.#data(`data: ${typeof payload === "string" ? payload : JSON.stringify(payload)}\n\n`);
  }

  #data(text: string): void {
    // The listener may abort at any frame and hears nothing after that.
    if (!this.#isOver) this.#listener.data(Buffer.from(text));
  }
}

/** What is written in place of a value that is no message: no reader of chat completions takes it for an answer. */
const notAnAnswer: JsonObject = {
  error: { type: "langchain_module", code: "server_error", message: "The module's model gave no message" },
};

function bound(
  model: { bindTools?(tools: readonly JsonObject[], options: JsonObject): Answering },
  { declared, options }: NonNullable<ModelRequest["tools"]>,
): Answering {
  if (model.bindTools) return model.bindTools(declared, options);
  throw new RefusedRequest("Cannot bind tools: the module's class takes none");
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** A stream that nobody reads any more. */
async function closeUnread(chunks: unknown): Promise<void> {
  if (isIterable(chunks)) await chunks[Symbol.asyncIterator]().return?.();
}
