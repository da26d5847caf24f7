import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultCatalog } from "#emulator/faults/catalog.ts";
import { startEmulator, type Emulator } from "#emulator/start-emulator.ts";
import { ask, type ClientName, type SeenAnswer } from "../support/fault-client.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** What the client sees of a fault that strikes the first deployment. */
type Effect =
  /** The answer is whole and the first deployment's. */
  | "intact"
  /** The same, without any words. */
  | "empty"
  /** The first deployment fails before any content: a fallback answers, or the client gets an error. */
  | "before"
  /** It fails after content: an error frame and a broken connection, whoever could have taken over. */
  | "after"
  /** The request itself is refused: no other deployment is asked. */
  | "refused";

interface Expected {
  readonly stream: Effect;
  readonly whole: Effect;
  /** How the log calls it, where there is one word for both upstream dialects. */
  readonly failure?: string;
  /** Parameters that make the fault quick, or its moment certain. */
  readonly parameters?: string;
  /** More faults that play with it. */
  readonly also?: string;
}

const both = (effect: Effect, failure?: string): Expected => ({
  stream: effect,
  whole: effect,
  ...(failure !== undefined && { failure }),
});
/** Bytes go out one frame after the other, so that what was sent before a fault has arrived when it strikes. */
const frameByFrame = "[[fault:slow-drip=4096 ms=20]]";

const expectations: Readonly<Record<string, Expected>> = {
  "429-minute": both("before"),
  "429-tokens": both("before"),
  "429-day": both("before"),
  "429-both": both("before"),
  "429-limit-0": both("before", "quota-zero"),
  "429-help-only": both("before"),
  "429-shared": both("before"),
  "429-retry-after": both("before"),
  "400": both("refused", "invalid-request"),
  "401": both("before", "credential"),
  "403": both("before", "credential"),
  "404": both("before", "model-gone"),
  "500": both("before", "server-error"),
  "503": both("before", "overloaded"),
  "504": both("before", "server-error"),
  "html-502": both("before", "server-error"),
  "html-200": both("before", "malformed-answer"),
  reset: both("before", "reset"),
  "stall-before-headers": both("before", "first-token-timeout"),
  "stall-before-first-token": both("before", "first-token-timeout"),
  "stall-after-tokens": { stream: "after", whole: "before", failure: "idle-timeout", also: frameByFrame },
  "empty-deltas-first": both("intact"),
  "keep-alives-only": { ...both("before", "first-token-timeout"), parameters: "interval=20" },
  "cut-after-tokens": { stream: "after", whole: "before", failure: "reset", also: frameByFrame },
  "malformed-frame": { stream: "after", whole: "before", failure: "malformed-answer" },
  "truncated-frame": { stream: "after", whole: "before", failure: "malformed-answer" },
  // A body that comes in one piece has no frames and no middle.
  "error-frame": { stream: "after", whole: "intact", failure: "overloaded" },
  "end-after-tokens": { stream: "after", whole: "intact", failure: "incomplete-answer" },
  "no-finish-reason": { stream: "after", whole: "before", failure: "incomplete-answer" },
  "empty-answer": both("before", "incomplete-answer"),
  "empty-content": both("empty"),
  "slow-drip": { ...both("intact"), parameters: "bytes=40 ms=1" },
  "line-end-lf": both("intact"),
  "line-end-crlf": both("intact"),
  "line-end-cr": both("intact"),
  "multi-line-data": both("intact"),
  comments: both("intact"),
};

/** Faults of the listener; they have tests of their own below. A precondition means another thing in each dialect. */
const elsewhere = ["refuse-connections", "reset-connections", "400-precondition"];

/** Providers at a listener that is no good: one for each way to meet that. */
const farAway = ["far-1", "far-2", "far-3", "far-4"];

const deadlines = "deadlines: { first_token: 250ms, answer: 400ms, idle: 250ms, total: 3s }";
/** Over in the middle of an answer that goes on and on. */
const shortDeadlines = "deadlines: { first_token: 250ms, idle: 250ms, total: 700ms }";

/**
 * Everything has providers of its own, since what befalls one deployment keeps others of its credential or quota from being
 * asked, too. The one that is alone is asked once: it is known elsewhere when it is asked again.
 */
function configuration(places: readonly Place[], second: string): string {
  const each = (text: (place: Place, name: string) => string): string =>
    places.map((place) => `  ${text(place, placeName(place))}`).join("\n");
  return `
version: 1
providers:
  google: { ${providers.gemini} }
${farAway.map((far) => `  ${far}: { ${providers.openai.replace("EMULATOR", second)} }`).join("\n")}
${each(({ way }, name) => `${name}: { ${providers[way.upstream]} }`)}
${each((_place, name) => `lite-${name}: { ${providers.gemini} }`)}
deployments:
${farAway.map((far) => `  ${far}: { provider: ${far}, model: qwen3-32b }`).join("\n")}
  lite: { provider: lite-${placeName(places[0])}, model: gemini-3.5-flash-lite }
${each(({ way }, name) => `${name}: { provider: ${name}, model: ${upstreamModels[way.upstream]} }`)}
${each((_place, name) => `lite-${name}: { provider: lite-${name}, model: gemini-3.5-flash-lite }`)}
variants:
${farAway.map((far) => `  ${far}: { pool: [${far}] }`).join("\n")}
  lite: { pool: [lite] }
${each((_place, name) => `${name}: { pool: [${name}] }`)}
${each((_place, name) => `lite-${name}: { pool: [lite-${name}] }`)}
routes:
${farAway
  .flatMap((far) => [
    `  ${far}-guarded: { strategy: { use: ${far} }, fallbacks: [lite], retries: { attempts: 2 }, ${deadlines} }`,
    `  ${far}-alone: { strategy: { use: ${far} }, retries: { attempts: 1 }, ${deadlines} }`,
  ])
  .join("\n")}
${each(({ what, way }, name) =>
  way.guarded
    ? `at-${name}: { strategy: { use: ${name} }, fallbacks: [lite-${name}], retries: { attempts: 2 }, ${what === drawnOut.what ? shortDeadlines : deadlines} }`
    : `at-${name}: { strategy: { use: ${name} }, retries: { attempts: 1 }, ${deadlines} }`,
)}
`;
}

const providers = {
  gemini: 'dialect: gemini, api_key: "${GEMINI_API_KEY}", emulate: without_key',
  openai: 'dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "${IN_HOUSE_KEY}", private_network: true',
} as const;

const upstreamModels = { gemini: "gemini-3.8-flash", openai: "qwen3-32b" } as const;
/** Enough tokens for every fault to strike in their middle. */
const words = "One two three four five six seven eight nine ten eleven twelve.";

/** One way to meet a fault. */
interface Way {
  readonly client: ClientName;
  readonly upstream: keyof typeof upstreamModels;
  readonly guarded: boolean;
  readonly stream: boolean;
}

const clients: readonly ClientName[] = ["openai", "gemini", "anthropic"];

const ways: readonly Way[] = clients.flatMap((client) =>
  (["openai", "gemini"] as const).flatMap((upstream) =>
    [true, false].flatMap((guarded) =>
      [true, false].map((stream) => ({ client, upstream, guarded, stream })),
    ),
  ),
);

/** What is met there, and the way to it. */
interface Place {
  readonly what: string;
  readonly way: Way;
}

/** One that nobody else goes to. */
function placeName(place: Place | undefined): string {
  if (!place) throw new Error("There is no such place");
  const { client, upstream, guarded, stream } = place.way;
  return [place.what, client, upstream, guarded ? "guarded" : "alone", stream ? "stream" : "whole"].join("-");
}

const misplaced: Place = {
  what: "400-precondition",
  way: { client: "gemini", upstream: "gemini", guarded: true, stream: false },
};
const hurried: Place = {
  what: "hurried",
  way: { client: "openai", upstream: "gemini", guarded: true, stream: false },
};
const drawnOut: Place = {
  what: "drawn-out",
  way: { client: "openai", upstream: "gemini", guarded: true, stream: true },
};

interface LoggedAttempt {
  readonly deployment: string;
  readonly outcome: string;
  readonly failure: string | null;
}

interface Logged {
  readonly outcome: string;
  readonly emulated: boolean;
  readonly attempts: readonly LoggedAttempt[];
  readonly decision: { readonly propensity: number };
}

let box: TestSignalbox;
let second: Emulator;
beforeAll(async () => {
  second = await startEmulator();
  const places = Object.keys(expectations).flatMap((what) => ways.map((way) => ({ what, way })));
  box = await startTestSignalbox({
    configuration: configuration([...places, misplaced, hurried, drawnOut], second.url),
  });
});
afterAll(async () => {
  await box.close();
  await second.close();
});

/** The request as the log has it. */
async function logged(answer: SeenAnswer): Promise<Logged> {
  const id = answer.headers.get("x-signalbox-request-id") ?? "none";
  let found: unknown;
  await box.eventually(async () => {
    found = await box.request(id).catch(() => undefined);
    return found !== undefined;
  });
  // What the schema of this endpoint promises.
  return found as Logged;
}

async function meet(place: Place, faults: string) {
  const { way } = place;
  const answer = await ask(box.url, {
    client: way.client,
    model: `at-${placeName(place)}`,
    stream: way.stream,
    prompt: `[[say:${words}]] [[frame-tokens=1]] ${faults}`,
  });
  return { way, answer, record: await logged(answer) };
}

const failed = (failure: unknown) => ({ outcome: "failed", failure });
const completed = { outcome: "completed", failure: null };

/** Whoever answers, the answer is whole and ends as its dialect says. */
function expectWhole({ way, answer }: Awaited<ReturnType<typeof meet>>): void {
  expect(answer).toMatchObject({ status: 200, error: undefined, broken: false });
  expect(answer.finishReason?.toLowerCase()).toBe(way.client === "anthropic" ? "end_turn" : "stop");
  expect(answer.endMark).toBe(way.client !== "gemini" && way.stream);
}

function expectEffect(
  effect: Effect,
  met: Awaited<ReturnType<typeof meet>>,
  failure: string | undefined,
): void {
  const { answer, record, way } = met;
  const attempts = record.attempts.map(({ outcome, failure }) => ({ outcome, failure }));
  const kind = failure ?? expect.any(String);
  expect(record.decision.propensity).toBe(1);
  expect(answer.headers.get("x-signalbox-attempts")).toBe(String(attempts.length));
  // The in-house provider is no emulated one, though an emulator plays it here.
  const isFallback = record.attempts.at(-1)?.deployment.startsWith("lite-") ?? false;
  const isEmulated = isFallback || way.upstream === "gemini";
  expect([record.emulated, answer.headers.get("x-signalbox-emulated") === "true"]).toEqual([
    isEmulated,
    isEmulated,
  ]);
  switch (effect) {
    case "intact":
    case "empty":
      expectWhole(met);
      expect(answer.text).toBe(effect === "empty" ? "" : words);
      expect(attempts).toEqual([completed]);
      return;
    case "before":
      if (way.guarded) {
        expectWhole(met);
        expect(answer.text).toBe(words);
        expect(attempts).toEqual([failed(kind), completed]);
        expect(isFallback).toBe(true);
      } else {
        expectError(met);
        expect(attempts).toEqual([failed(kind)]);
      }
      return;
    case "after":
      expect(answer).toMatchObject({ status: 200, broken: true, endMark: false, finishReason: undefined });
      expect(answer.error).toEqual(expect.any(String));
      expect(answer.text).not.toBe("");
      expect(words.startsWith(answer.text)).toBe(true);
      expect(attempts).toEqual([failed(kind)]);
      return;
    case "refused":
      expectError(met);
      expect(answer.status).toBe(400);
      expect(attempts).toEqual([failed(kind)]);
  }
}

function expectError({ answer, record }: Awaited<ReturnType<typeof meet>>): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer).toMatchObject({ text: "", broken: false, error: expect.any(String) });
  expect(record.outcome).toBe("failed");
}

test("every fault of the emulator is expected here", () => {
  const names = faultCatalog.map(({ name }) => name);
  expect([...Object.keys(expectations), ...elsewhere].toSorted()).toEqual(names.toSorted());
});

describe.each(Object.entries(expectations))("fault %s", (name, expected) => {
  test.each(clients.flatMap((client) => [true, false].map((stream) => [client, stream] as const)))(
    "%s client, stream %s: at both upstreams, with and without a fallback",
    async (client, stream) => {
      const met = await Promise.all(
        ways
          .filter((way) => way.client === client && way.stream === stream)
          .map((way) => {
            const model = upstreamModels[way.upstream];
            const also = (expected.also ?? "").replace("]]", ` model=${model}]]`);
            return meet(
              { what: name, way },
              `[[fault:${name} ${expected.parameters ?? ""} model=${model}]] ${stream ? also : ""}`,
            );
          }),
      );
      for (const one of met) {
        const effect = stream ? expected.stream : expected.whole;
        expectEffect(effect, one, expected.failure);
      }
    },
  );
});

test("the wrong place to ask from is the project's fault at Gemini, and moves on", async () => {
  expectEffect(
    "before",
    await meet(misplaced, `[[fault:400-precondition model=gemini-3.8-flash]]`),
    "credential",
  );
});

describe("a provider that cannot be reached", () => {
  test.each([
    ["refuse-connections", /^connect$/, ["far-1", "far-2"]],
    // Whether the connection counts as made when it is reset at once is up to the system.
    ["reset-connections", /^(connect|reset)$/, ["far-3", "far-4"]],
  ])(
    "%s: the fallback answers, or the client gets an error",
    async (name, failure, [one = "", other = ""]) => {
      for (const [client, far] of [
        ["openai", one],
        ["gemini", other],
      ] as const) {
        second.faults.add({ name, parameters: { ms: "60000" } });
        const prompt = `[[say:${words}]]`;
        const guarded = await ask(box.url, { client, model: `${far}-guarded`, stream: true, prompt });
        const alone = await ask(box.url, { client, model: `${far}-alone`, stream: true, prompt });
        second.faults.clear();
        expect(guarded).toMatchObject({ status: 200, text: words, broken: false });
        expect((await logged(guarded)).attempts.map((attempt) => attempt.failure)).toEqual([
          expect.stringMatching(failure),
          null,
        ]);
        expect(alone).toMatchObject({ text: "", error: expect.any(String) });
        expect(alone.status).toBeGreaterThanOrEqual(502);
        expect((await logged(alone)).attempts.map((attempt) => attempt.failure)).toEqual([
          expect.stringMatching(failure),
        ]);
      }
    },
  );
});

describe("deadlines", () => {
  test("what the client says it waits shortens the route's, and ends in 504", async () => {
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signalbox-deadline-ms": "50" },
      body: JSON.stringify({
        model: `at-${placeName(hurried)}`,
        messages: [{ role: "user", content: "[[fault:stall-before-headers]]" }],
      }),
    });
    expect(response.status).toBe(504);
    await response.arrayBuffer();
    await box.eventually(() => box.ledger().at(-1)?.outcome === "aborted");
  });

  test("a stream longer than the total deadline is broken off with an error", async () => {
    const met = await meet(drawnOut, `[[fault:slow-drip=10 ms=5 model=gemini-3.8-flash]]`);
    expectEffect("after", met, "total-timeout");
  });
});

describe("clients that leave", () => {
  test.each([
    ["before the first token of a stream", true, "stall-before-first-token"],
    ["in the middle of a stream", true, "stall-after-tokens"],
    ["before a whole answer", false, "stall-before-headers"],
  ])("%s: the call upstream is cancelled and recorded", async (_name, stream, fault) => {
    const abort = new AbortController();
    const before = box.ledger().length;
    box.addFault({ fault, count: 1 });
    const asked = fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      signal: abort.signal,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "gemini-3.8-flash",
        stream,
        messages: [{ role: "user", content: `[[say:${words}]] [[frame-tokens=1]]` }],
      }),
    });
    const left = expect(asked.then((response) => response.text())).rejects.toThrow();
    await box.eventually(async () => (await activeFaults()).length === 0);
    if (fault === "stall-after-tokens") await asked;
    abort.abort();
    await left;
    await box.eventually(() =>
      box
        .ledger()
        .slice(before)
        .some(({ outcome }) => outcome === "aborted"),
    );
    await box.eventually(async () => (await box.requests())[0]?.["outcome"] === "aborted");
  });

  async function activeFaults(): Promise<readonly unknown[]> {
    const answer: unknown = await (await fetch(`${box.emulatorUrl}/emulator/faults`)).json();
    // What emulator/README.md promises.
    return (answer as { active: readonly unknown[] }).active;
  }
});
