import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: gemini-3.5-flash-lite } }
variants:
  calm: { pool: [flash], parameters: { temperature: 0 } }
  lively: { pool: [flash], parameters: { temperature: 1 } }
routes:
  chat: { strategy: { use: calm } }
  quiet: { strategy: { use: calm } }
experiments:
  tone:
    route: chat
    incumbent: calm
    unit: conversation
    variants: { calm: 50%, lively: 50% }
    primary: { schema_failure_rate: { minimum_effect: -2pp } }
    secondary: [regeneration_rate, feedback_rate]
    minimum: { units: 2, days: 0 }
  quietly:
    mode: shadow
    route: quiet
    variants: [calm, lively]
    sample: 100%
    budget: { usd_per_day: 5 }
    primary: { schema_failure_rate: { minimum_effect: -2pp } }
    minimum: { units: 2, days: 0 }
`;
const conversations = 30;

const results = z.looseObject({
  variants: z.array(z.looseObject({ name: z.string(), units: z.int() })),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      variants: z.array(z.looseObject({ variant: z.string(), value: z.number().nullable() })),
    }),
  ),
  findings: z.array(z.looseObject({ code: z.string(), text: z.string() })),
});

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  for (const name of ["tone", "quietly"])
    expect((await box.post(`/api/experiments/${name}/start`, {})).status).toBe(200);
});
afterAll(() => box.close());

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const city: object = { type: "json_schema", json_schema: { name: "city", schema } };
const unknown: object = {
  type: "json_schema",
  json_schema: { name: "city", schema: { ...schema, dependentRequired: { city: ["river"] } } },
};

/** Asks for JSON of a schema; the model says what it is told to. */
async function ask(
  conversation: number,
  says: string,
  { model = "chat", stream = false, format = city } = {},
) {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": `c${conversation}` },
    body: JSON.stringify({
      model,
      stream,
      messages: [{ role: "user", content: `Which city? [[say:${says}]]` }],
      response_format: format,
    }),
  });
  expect(response.status, await response.text()).toBe(200);
  const header = (name: string) => response.headers.get(`x-signalbox-${name}`) ?? "";
  return { id: header("request-id"), variant: header("variant"), experiment: header("experiment") };
}

async function read(experiment = "tone") {
  const response = await fetch(`${box.url}/api/experiments/${experiment}/results`);
  return results.parse(await response.json());
}

/** What became of the requests of a conversation. */
interface Counts {
  readonly variant: string;
  readonly requests: number;
  readonly checked: number;
  readonly missed: number;
  readonly regenerated: number;
  readonly rated: number;
}

/** Asks a question that is answered well or not, in some conversations twice, and rates some answers twice. */
async function converse(conversation: number): Promise<Counts> {
  const isMissed = conversation % 3 === 0;
  const isRegenerated = conversation % 5 === 0;
  const isRated = conversation % 2 === 0;
  const says = isMissed ? "Ulm, I think" : '{"city":"Ulm"}';
  const stream = conversation % 4 === 1;
  const { id, variant } = await ask(conversation, says, { stream });
  if (isRegenerated) await ask(conversation, says, { stream });
  if (isRated)
    for (const name of ["thumbs", "stars"])
      expect((await box.post("/v1/feedback", { request_id: id, name, score: 1 })).status).toBeLessThan(300);
  const requests = isRegenerated ? 2 : 1;
  const missed = isMissed ? requests : 0;
  const regenerated = Number(isRegenerated);
  return { variant, requests, checked: requests, missed, regenerated, rated: Number(isRated) };
}

function sumsOf(asked: readonly Counts[], variant: string): Omit<Counts, "variant"> {
  const own = asked.filter((one) => one.variant === variant);
  const sum = (count: keyof Omit<Counts, "variant">) => own.reduce((total, one) => total + one[count], 0);
  return {
    requests: sum("requests"),
    checked: sum("checked"),
    missed: sum("missed"),
    regenerated: sum("regenerated"),
    rated: sum("rated"),
  };
}

test("schema failures, regenerations and feedback are told of each variant, from real requests", async () => {
  const nothing = { missed: 0, regenerated: 0, rated: 0 };
  const first = await ask(conversations, '{"city":"Ulm"}', { format: unknown });
  expect(first.experiment).toBe("tone@1");
  await box.eventually(async () => (await box.requests()).some(({ id }) => id === first.id));
  expect((await box.request(first.id))["decision"]).toMatchObject({ format: "unchecked" });

  const asked: Counts[] = [{ variant: first.variant, requests: 1, checked: 0, ...nothing }];
  for (let conversation = 0; conversation < conversations; conversation++)
    asked.push(await converse(conversation));

  const known = async () => (await read()).variants.reduce((sum, { units }) => sum + units, 0);
  await box.eventually(async () => (await known()) === conversations + 1);
  const { metrics, findings } = await read();
  for (const variant of ["calm", "lively"]) {
    const { requests, checked, missed, regenerated, rated } = sumsOf(asked, variant);
    const valueOf = (name: string) =>
      metrics.find((metric) => metric.name === name)?.variants.find((of) => of.variant === variant)?.value;
    expect(valueOf("schema_failure_rate")).toBeCloseTo(missed / checked, 12);
    expect(valueOf("regeneration_rate")).toBeCloseTo(regenerated / requests, 12);
    expect(valueOf("feedback_rate")).toBeCloseTo(rated / requests, 12);
  }
  const [unchecked] = findings.filter(({ code }) => code === "unchecked-answers");
  expect(unchecked?.text).toMatch(/^schema_failure_rate leaves out 1 answers /);

  const { out } = await runSignalbox(box.url, "experiment", "results", "tone");
  expect(out).toMatch(/\n {2}schema_failure_rate +primary +calm +\d+(?:\.\d)? %/);
  expect(out).toMatch(/\n {2}regeneration_rate +secondary +calm +\d/);
  expect(out).toMatch(/\n {2}feedback_rate +secondary +calm +\d/);
}, 60_000);

test("off-line, both answers to a request are held against the schema that it asked for", async () => {
  for (const conversation of [1, 2, 3, 4])
    await ask(conversation, conversation === 1 ? "Ulm, I think" : '{"city":"Ulm"}', { model: "quiet" });
  await box.eventually(async () => {
    const told = (await read("quietly")).variants;
    return told.length === 2 && told.every(({ units }) => units === 4);
  });
  const { metrics } = await read("quietly");
  const metric = metrics.find(({ name }) => name === "schema_failure_rate");
  expect(metric?.variants.map(({ variant, value }) => [variant, value])).toEqual([
    ["calm", 0.25],
    ["lively", 0.25],
  ]);
});
