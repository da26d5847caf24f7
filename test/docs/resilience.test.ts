import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultDeadlines } from "#core/routing/route.ts";
import { defaultResilience, fallbackCauses } from "#core/routing/route-resilience.ts";
import { waitingRoomDefaults } from "#core/resilience/waiting-room.ts";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/operating/resilience.md"), "utf8");

test("the configuration in docs/operating/resilience.md loads, and says what it seems to", () => {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const loaded = loadConfiguration(text, () => "key", { chains: [] });
  if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "resilience.md")).join("\n"));
  expect(loaded.value.configuration.routes.get("support")).toMatchObject({
    fallbacks: ["small"],
    deadlines: { firstTokenMs: 8_000, idleMs: 15_000, totalMs: 60_000 },
    resilience: {
      attemptsMax: 3,
      priority: 0,
      hedge: { share: 0.05, spendMax: 1_000_000_000_000, tools: false },
      fallbackCauses: new Map([["small", fallbackCauses]]),
      fallbackOutputTokens: new Map([["small", 500]]),
      keptAnswers: { ageMsMax: 3_600_000, shared: false },
    },
  });
});

test("the defaults it names are those in force", () => {
  const row = (key: string) => document.split("\n").find((line) => line.startsWith(`| \`${key}\``)) ?? "";
  expect(row("retries.attempts")).toContain(`| ${defaultResilience.attemptsMax} |`);
  expect(row("deadlines.first_token")).toContain(`| ${defaultDeadlines.firstTokenMs / 1000} s |`);
  expect(row("deadlines.idle")).toContain(`| ${defaultDeadlines.idleMs / 1000} s |`);
  expect(row("deadlines.total")).toContain(`| ${defaultDeadlines.totalMs / 60_000} min |`);
  expect(document).toContain(`At most ${waitingRoomDefaults.placesMax} wait`);
});
