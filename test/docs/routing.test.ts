import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { explain } from "#core/routing/explain.ts";
import { fieldNames } from "#core/routing/expressions/fields.ts";
import { operators } from "#core/routing/expressions/operators.ts";
import { chatFacts } from "#core/routing/request-facts.ts";
import { strategyKinds } from "#core/routing/strategies/registry.ts";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";
import { RequestView, routingState } from "#features/gateway/request-view.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/routing.md"), "utf8");

function configuration() {
  const [, text = ""] = /<!-- loads -->\n```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const loaded = loadConfiguration(text, () => undefined, { chains: [] });
  if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "routing.md")).join("\n"));
  return loaded.value.configuration;
}

/** The rows of the table of questions. */
const [table = ""] = (document.split("<!-- asks -->\n")[1] ?? "").split("\n\n");
const asked = table
  .split("\n")
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, route = "", message = "", tags = "", wanted = ""]) => [route, message, tags, wanted] as const);

test("the table of questions is read", () => {
  expect(asked.length).toBeGreaterThan(8);
});

test.each(asked)("%s, %s (%s): %s", (name, message, tagText, wanted) => {
  const route = configuration().routes.get(name);
  const decoded = openaiChat.server.decodeRequest(
    { model: name, messages: [{ role: "user", content: message }] },
    {},
  );
  if (!route || !decoded.ok) expect.unreachable("the route is there and the request can be read");
  const tags = Object.fromEntries(tagText === "" ? [] : [tagText.split("=")]);
  const arrival = { requestId: "r", startedAtMs: 0, startedMs: 0, queueMs: 0, dialect: openaiChat, tags };
  const { decision } = explain({
    route,
    facts: chatFacts(decoded.value, { tags }),
    nowMs: Date.parse("2026-11-25T12:00:00Z"),
    variantDraw: 0.5,
    view: new RequestView({ arrival, request: decoded.value }, routingState()),
  });
  const likely = decision.candidates.filter(({ probability }) => probability > 0);
  expect(likely.map(({ variant, probability }) => `${variant} ${probability}`).join(", ")).toBe(wanted);
  if (tagText.startsWith("require") || name === "europe") {
    expect(decision.stages.flatMap(({ pool }) => pool.map((deployment) => deployment.name))).toEqual([
      "fast-eu",
    ]);
  }
});

describe("the document names", () => {
  test.each(strategyKinds.map(({ keyword }) => keyword))("the strategy %s", (keyword) => {
    expect(document).toContain(`| \`${keyword}: `);
  });

  test.each([...fieldNames, ...Object.keys(operators)])("%s", (name) => {
    expect(document).toContain(`\`${name}\``);
  });
});
