import { expect, test } from "vitest";
import { loadConfiguration, type Configuration } from "#features/configuration/index.ts";
import { FakeTime } from "../../test/support/fake-time.ts";
import { EndingModels } from "./ending-models.ts";

const hourMs = 3_600_000;

function configured(deployments: string): Configuration {
  const text = `version: 1\nproviders:\n  google: { dialect: gemini, emulate: always }\ndeployments:\n${deployments}`;
  const loaded = loadConfiguration(text, () => undefined, { chains: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.configuration;
}

const old = "  old: { provider: google, model: gemini-2.5-flash";
const both = configured(`${old} }\n  new: { provider: google, model: gemini-3.8-flash }\n`);

function world(configuration: Configuration) {
  const time = new FakeTime(Date.UTC(2026, 10, 25, 12));
  const warnings: unknown[] = [];
  const state = { configuration };
  const models = new EndingModels({
    configuration: () => state.configuration,
    clock: time,
    timers: time,
    logger: { warn: (facts: unknown, kind?: unknown) => void warnings.push([kind, facts]) },
  });
  return { time, warnings, state, models };
}

test("a configured model that ends is told once a day, with the days that are left; others are not", () => {
  const { time, warnings } = world(both);
  expect(warnings).toEqual([
    [
      "model-ends",
      {
        deployment: "old",
        model: "gemini-2.5-flash",
        state: "deprecated",
        shut_down_on: "2026-12-01",
        replacement: "gemini-3.5-flash-lite",
        warning: "gemini-2.5-flash is shut down on 2026-12-01, in 6 days; use gemini-3.5-flash-lite instead",
      },
    ],
  ]);
  time.advance(11 * hourMs);
  expect(warnings).toHaveLength(1);
  time.advance(hourMs);
  expect(warnings.at(-1)).toMatchObject(["model-ends", { warning: expect.stringContaining("in 5 days") }]);
  time.advance(6 * 24 * hourMs);
  expect(warnings).toHaveLength(7);
  expect(warnings.at(-1)).toMatchObject([
    "model-ends",
    {
      state: "shut-down",
      warning: "gemini-2.5-flash was shut down on 2026-12-01; use gemini-3.5-flash-lite instead",
    },
  ]);
});

test("another configuration is told of what is new in it, and who is asked in the place of what ends", () => {
  const { warnings, state, models } = world(
    configured("  new: { provider: google, model: gemini-3.8-flash }\n"),
  );
  expect(warnings).toEqual([]);
  state.configuration = configured(`${old}, replace_ended: true }\n`);
  models.look();
  models.look();
  expect(warnings).toMatchObject([
    [
      "model-ends",
      {
        warning: expect.stringMatching(
          /gemini-3\.5-flash-lite is asked in its place then \(replace_ended\)$/,
        ),
      },
    ],
  ]);
});

test("disposed of, it leaves no timer", () => {
  const { time, models } = world(both);
  models[Symbol.dispose]();
  expect(time.waiting).toBe(0);
});
