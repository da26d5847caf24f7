import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import type { LoadedConfiguration } from "../configuration.ts";
import { loadConfiguration } from "../load-configuration.ts";
import { planConfiguration, writtenChanges } from "./plan-configuration.ts";

const variables: Readonly<Record<string, string>> = { KEY: "sk-first", OTHER_KEY: "sk-second" };

function loaded(text: string): LoadedConfiguration["configuration"] {
  const result = loadConfiguration(text, (name) => variables[name], { chains: ["summarise"] });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.configuration;
}

const base = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${KEY}" }
  vertex-eu: { dialect: gemini, api_key: "\${KEY}", base_url: "https://eu.example/v1beta" }
  in-house: { dialect: openai-chat, base_url: "https://models.example/v1" }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  qwen: { provider: in-house, model: qwen3-32b, price: { input: "$0.10", output: "$0.30" } }
variants:
  support-flash: { pool: [flash], parameters: { temperature: 0.2 } }
  support-lite: { pool: [lite] }
routes:
  support:
    strategy: { weighted: { support-flash: 80%, support-lite: 20% } }
    fallbacks: [support-lite]
    deadlines: { first_token: 8s }
`;

/** The plan from the base to the base with some text replaced. */
function planned(...replacements: readonly (readonly [from: string, to: string])[]) {
  const text = replacements.reduce((current, [from, to]) => {
    if (!current.includes(from)) throw new Error(`"${from}" is not in the configuration`);
    return current.replace(from, to);
  }, base);
  return planConfiguration(loaded(base), loaded(text));
}

describe("a plan says in words", () => {
  test("that nothing changes, whatever comments and order", () => {
    expect(planConfiguration(loaded(base), loaded(`# other\n${base}\nchains: {}\nlog: null\n`))).toEqual([]);
  });

  test("that a share changed", () => {
    expect(
      planned(["support-flash: 80%, support-lite: 20%", "support-flash: 70%, support-lite: 30%"]),
    ).toEqual([
      {
        kind: "change",
        path: "routes.support.strategy.weighted.support-flash",
        text: "route support: variant support-flash 80% -> 70%",
        notes: [],
      },
      {
        kind: "change",
        path: "routes.support.strategy.weighted.support-lite",
        text: "route support: variant support-lite 20% -> 30%",
        notes: [],
      },
    ]);
  });

  test("that a deployment is new, and where", () => {
    expect(
      planned([
        "  lite:",
        "  flash-eu: { provider: vertex-eu, model: gemini-3.8-flash, weight: 2 }\n  lite:",
      ]),
    ).toMatchObject([
      {
        kind: "add",
        path: "deployments.flash-eu",
        text: "deployment flash-eu added (gemini-3.8-flash at vertex-eu)",
      },
    ]);
  });

  test("that a key is another one, and neither key nor variable", () => {
    const changes = planned([
      'google: { dialect: gemini, api_key: "${KEY}" }',
      'google: { dialect: gemini, api_key: "${OTHER_KEY}" }',
    ]);
    expect(changes).toMatchObject([{ kind: "change", text: "provider google: api_key changed" }]);
    expect(JSON.stringify(changes)).not.toMatch(/KEY|sk-/);
  });

  test("that a price changed", () => {
    expect(planned(['input: "$0.10"', 'input: "$0.12"'])).toMatchObject([
      { path: "deployments.qwen.price.input", text: "price of qwen: input $0.10 -> $0.12" },
    ]);
  });

  test("that a strategy took the place of another", () => {
    expect(
      planned(["{ weighted: { support-flash: 80%, support-lite: 20% } }", "{ use: support-flash }"]),
    ).toMatchObject([
      {
        kind: "change",
        path: "routes.support.strategy",
        text: "route support: strategy { weighted: { support-flash: 80%, support-lite: 20% } } -> { use: support-flash }",
      },
    ]);
  });

  test("that a list, a deadline, and a setting with a default changed", () => {
    const changes = planned(
      ["fallbacks: [support-lite]", "fallbacks: [support-lite, support-flash]"],
      ["first_token: 8s", "first_token: 9s, idle: 4s"],
      ["routes:\n  support:", "routes:\n  support:\n    capture: full"],
    );
    expect(changes.map(({ text }) => text)).toEqual([
      "route support: fallbacks [support-lite] -> [support-lite, support-flash]",
      "route support: deadlines first_token 8s -> 9s",
      "route support: deadlines idle 4s added",
      "route support: capture metadata (the default) -> full",
    ]);
  });

  test("that a default is only written out", () => {
    expect(planned(["model: qwen3-32b,", "model: qwen3-32b, weight: 1,"])).toMatchObject([
      {
        kind: "add",
        text: "deployment qwen: weight 1 (the default) -> 1",
        notes: ["that is the default: the same holds as before"],
      },
    ]);
  });

  test("that a setting of the log changed, and when it takes effect", () => {
    const changes = planConfiguration(
      loaded(base),
      loaded(`${base}log: { spool: { size: 2GB }, retention: { rows: 30d } }\n`),
    );
    expect(changes).toMatchObject([
      { text: "log: spool size 1GB (the default) -> 2GB", notes: ["takes effect at the next start"] },
      { text: "log: retention rows 90d (the default) -> 30d", notes: [] },
    ]);
  });

  test("that a route is gone, and what callers get", () => {
    const [route = ""] = /routes:[^]*/.exec(base) ?? [];
    expect(planned([route, ""])).toMatchObject([
      {
        kind: "remove",
        path: "routes.support",
        text: "route support removed",
        notes: ['requests for "support" find no such model from then on'],
      },
    ]);
  });
});

describe("a variant that becomes another one is told", () => {
  test("with its parameters", () => {
    const changes = planned(["temperature: 0.2", "temperature: 0.4, top_k: 3"]);
    expect(changes.map(({ notes }) => notes.map((note) => note.split(";")[0]))).toEqual([
      ["variant support-flash is a new version because its parameters changed"],
      [],
    ]);
  });

  test("with the model of its deployment", () => {
    const [change] = planned([
      "flash: { provider: google, model: gemini-3.8-flash }",
      "flash: { provider: google, model: gemini-4-argon }",
    ]);
    expect(change?.text).toBe("deployment flash: model gemini-3.8-flash -> gemini-4-argon");
    expect(change?.notes[0]).toMatch(
      /^variant support-flash is a new version because its model changed \(gemini-3.8-flash -> gemini-4-argon\)/,
    );
  });

  test("and not when only its pool grows", () => {
    const changes = planned(
      ["  lite:", "  flash-eu: { provider: vertex-eu, model: gemini-3.8-flash }\n  lite:"],
      ["pool: [flash]", "pool: [flash, flash-eu]"],
    );
    expect(changes.flatMap(({ notes }) => notes)).toEqual([]);
  });
});

test("names with dots are told apart", () => {
  const before = base.replace(
    "  support:",
    "  support.strategy:\n    strategy: { use: support-lite }\n  support:",
  );
  const changes = planConfiguration(
    loaded(before),
    loaded(
      before
        .replace("    fallbacks: [support-lite]\n", "")
        .replace("strategy: { use: support-lite }", "strategy: { use: support-flash }"),
    ),
  );
  expect(changes).toMatchObject([
    { text: "route support.strategy: strategy use support-lite -> support-flash", notes: [] },
    { text: "route support: fallbacks [support-lite] -> [] (the default)", notes: [] },
  ]);
});

test("a route may have the name of something that every object has", () => {
  expect(
    planned(["routes:\n", "routes:\n  constructor: { strategy: { use: support-lite } }\n"]),
  ).toMatchObject([
    { kind: "add", path: "routes.constructor", text: "route constructor added (use support-lite)" },
  ]);
});

test("that the emulator answers from now on is told", () => {
  const [change] = planned([
    'google: { dialect: gemini, api_key: "${KEY}" }',
    'google: { dialect: gemini, api_key: "${KEY}", emulate: always }',
  ]);
  expect(change).toMatchObject({
    text: "provider google: emulate never (the default) -> always",
    notes: ["the built-in emulator answers in place of google"],
  });
});

test("a section that has no words of its own is told as it is written", () => {
  const rollout = { route: "support", steps: { a: "50%" }, api_key: "${X}", note: "sk-abcdef" };
  expect(writtenChanges({ version: 1 }, { version: 1, rollouts: { tone: rollout } })).toMatchObject([
    {
      path: "rollouts.tone.route",
      text: "rollouts: tone route support added",
    },
    { text: "rollouts: tone steps a 50% added" },
    { text: "rollouts: tone api_key added" },
    { text: "rollouts: tone note (a key, not shown) added" },
  ]);
});

test("an experiment is told by what it compares, a change of it by what changed", () => {
  const tone = { route: "support", variants: { fast: "50%", argon: "50%" } };
  const after = { version: 1, experiments: { tone } };
  expect(writtenChanges({ version: 1 }, after)).toMatchObject([
    { text: "experiment tone added (fast: 50%, argon: 50% on route support)" },
  ]);
  const changed = { version: 1, experiments: { tone: { ...tone, coverage: "20%" } }, holdout: "2%" };
  expect(writtenChanges(after, changed)).toMatchObject([
    { text: "experiment tone: coverage 100% (the default) -> 20%" },
    { text: "holdout: 2% added" },
  ]);
});

describe("of any two configurations", () => {
  const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("20%", "a"), fc.constant([1, 2]));
  const written = fc.dictionary(
    fc.constantFrom("routes", "deployments", "log"),
    fc.dictionary(fc.constantFrom("x", "y"), fc.dictionary(fc.constantFrom("k", "l"), leaf, { maxKeys: 2 }), {
      maxKeys: 2,
    }),
  ) as fc.Arbitrary<JsonObject>;

  test("the plan to itself is empty, and one that is not empty has each path once", () => {
    fc.assert(
      fc.property(written, written, (before, after) => {
        expect(writtenChanges(before, structuredClone(before))).toEqual([]);
        const paths = writtenChanges(before, after).map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });

  test("the plan back has the same paths, with adding and removing exchanged", () => {
    const opposite = { add: "remove", remove: "add", change: "change" } as const;
    fc.assert(
      fc.property(written, written, (before, after) => {
        const there = writtenChanges(before, after).map(({ path, kind }) => `${path} ${opposite[kind]}`);
        const back = writtenChanges(after, before).map(({ path, kind }) => `${path} ${kind}`);
        expect(back.toSorted()).toEqual(there.toSorted());
      }),
    );
  });
});

test("a chain of one's own is told as a whole when it comes, and by what changes in its steps", () => {
  const chain = (text: string) =>
    loaded(`${base}\nchains:\n  mine: { steps: [{ ask: { messages: [{ human: "${text}" }] } }] }\n`);
  const words = (changes: ReturnType<typeof planConfiguration>) =>
    changes.map((one) => JSON.stringify(one)).join();
  expect(words(planConfiguration(loaded(base), chain("one")))).toContain("chain mine added");
  expect(words(planConfiguration(chain("one"), chain("two")))).toMatch(/chain mine: steps .*one.*two/);
});
