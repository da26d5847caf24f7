import { expect, test } from "vitest";
import { loadConfiguration, problemText } from "./index.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function load(hook: string, variables: Readonly<Record<string, string>> = { CRM_SECRET: secret }) {
  const text = `version: 1\noutcomes: { webhooks: { crm: ${hook} } }`;
  return loadConfiguration(text, (name) => variables[name], { chains: [] });
}

function problems(hook: string, variables?: Readonly<Record<string, string>>): string {
  const loaded = load(hook, variables);
  return loaded.ok ? "" : loaded.error.map((problem) => problemText(problem, "signalbox.yaml")).join("\n");
}

test("a webhook says where in a body what stands; its secret is apart", () => {
  const loaded = load(
    '{ secret: "${CRM_SECRET}", name: purchase, unit: data.customer.id, outcome: data.lines.0.amount, score: 1, at: paid, id: id, when: { type: order.paid, live: true } }',
  );
  if (!loaded.ok) expect.unreachable();
  expect(loaded.value.configuration.outcomes.webhooks.get("crm")).toEqual({
    name: "purchase",
    source: "code",
    assumesUtc: false,
    fields: new Map<string, unknown>([
      ["unit", ["data", "customer", "id"]],
      ["outcome", ["data", "lines", "0", "amount"]],
      ["score", 1],
      ["at", ["paid"]],
      ["id", ["id"]],
    ]),
    when: [
      { path: ["type"], value: "order.paid" },
      { path: ["live"], value: true },
    ],
  });
  expect(loaded.value.webhookSecrets.get("crm")?.reveal()).toBe(secret);
  expect(JSON.stringify([loaded.value.configuration, [...loaded.value.webhookSecrets]])).not.toContain(
    secret,
  );
});

test("without the section there is none", () => {
  const loaded = loadConfiguration("version: 1\noutcomes:\n", () => undefined, { chains: [] });
  expect(loaded).toMatchObject({ ok: true, value: { configuration: { outcomes: { webhooks: new Map() } } } });
});

test.each([
  [
    '{ secret: "${CRM_SECRET}", name: p, outcome: a }',
    "exactly one of request_id, response_id, conversation, unit",
  ],
  ['{ secret: "${CRM_SECRET}", name: p, unit: a, conversation: b, outcome: c }', "exactly one of request_id"],
  ['{ secret: "${CRM_SECRET}", name: p, unit: a }', "at least one of outcome, score, label"],
  ['{ secret: "${CRM_SECRET}", name: p, unit: a..b, outcome: c }', "names of keys, and positions in lists"],
  ['{ secret: "${CRM_SECRET}", name: 1p, unit: a, outcome: c }', "a letter, then letters, digits"],
  [`{ secret: ${secret}, name: p, unit: a, outcome: c }`, "a reference to an environment variable"],
])("what is wrong with %s is said", (hook, wanted) => {
  expect(problems(hook)).toContain(wanted);
  expect(problems(hook)).not.toContain(secret);
});

test.each([
  [{}, "got no such variable"],
  [{ CRM_SECRET: "hunter2" }, "got another text"],
])("a secret must be there and be one: %j", (variables, actual) => {
  const said = problems('{ secret: "${CRM_SECRET}", name: p, unit: a, outcome: c }', variables);
  expect(said).toContain("outcomes.webhooks.crm.secret");
  expect(said).toContain("the environment variable CRM_SECRET to hold 24 to 64 bytes in base64");
  expect(said).toContain(actual);
});
