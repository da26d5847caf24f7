import { describe, expect, test } from "vitest";
import { problemText, type LoadedConfiguration } from "./index.ts";
import { loadConfiguration } from "./load-configuration.ts";

const key = "AIza-not-to-be-seen";
const withKey = { GEMINI_API_KEY: key };

function load(text: string, variables: Readonly<Record<string, string>> = {}): LoadedConfiguration {
  const loaded = loadConfiguration(text, (name) => variables[name], { chains: ["summarise"] });
  if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "file")).join("\n"));
  return loaded.value;
}

function problems(text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  const loaded = loadConfiguration(text, (name) => variables[name], { chains: ["summarise"] });
  return loaded.ok ? [] : loaded.error.map((problem) => problemText(problem, "signalbox.yaml"));
}

const complete = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", tags: { region: eu } }
  in-house: { dialect: openai-chat, base_url: "http://\${HOST}:8000/v1/", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash, weight: 2 }
  qwen: { provider: in-house, model: qwen3-32b, capabilities: { context_tokens: 32768, media: [], tools: false } }
variants:
  a:
    pool: [flash, gemini-3.8-flash]
    parameters: { temperature: 0.2, top_p: 0.9, top_k: 40, max_output_tokens: 800, thinking: low, stop: [END], seed: 7 }
  b: { pool: [qwen] }
routes:
  support:
    strategy: { weighted: { a: 80%, b: 20% } }
    fallbacks: [b]
    deadlines: { first_token: 8s, idle: 500ms, total: 2m }
chains:
  summarise: { route: support }
`;

describe("a configuration", () => {
  const { configuration, secrets } = load(complete, { ...withKey, HOST: "10.0.0.5" });

  test("resolves providers, with keys kept apart", () => {
    expect(configuration.providers.get("google")).toEqual({
      name: "google",
      dialect: "gemini",
      baseUrl: "https://generativelanguage.googleapis.com/v1beta",
      privateNetwork: false,
      emulated: false,
      promptCache: { ttlMs: 300_000, tokensMin: 1_024 },
      tags: { region: "eu" },
    });
    expect(configuration.providers.get("in-house")).toMatchObject({
      baseUrl: "http://10.0.0.5:8000/v1",
      privateNetwork: true,
      emulated: false,
    });
    expect([...secrets.keys()]).toEqual(["google"]);
    expect(secrets.get("google")?.reveal()).toBe(key);
    expect(JSON.stringify([configuration.written, [...configuration.providers]])).not.toContain(key);
  });

  test("resolves deployments with what their models can do", () => {
    expect(configuration.deployments.get("flash")).toMatchObject({
      provider: "google",
      weight: 2,
      model: { id: "gemini-3.8-flash", contextTokens: 1_048_576 },
    });
    expect(configuration.deployments.get("qwen")?.model).toMatchObject({
      contextTokens: 32_768,
      media: [],
      tools: false,
      structuredOutput: true,
    });
  });

  test("resolves variants with their parameters", () => {
    expect(configuration.variants.get("a")).toMatchObject({
      modelId: "gemini-3.8-flash",
      pool: [{ name: "flash" }, { name: "gemini-3.8-flash" }],
      parameters: {
        temperature: 0.2,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 800,
        thinking: { level: "low" },
        stop: ["END"],
        seed: 7,
      },
    });
  });

  test("resolves routes with durations in ms", () => {
    const route = configuration.routes.get("support");
    expect(route).toMatchObject({
      kind: "route",
      fallbacks: ["b"],
      deadlines: { firstTokenMs: 8_000, idleMs: 500, totalMs: 120_000 },
      strategy: { keyword: "weighted", variants: ["a", "b"] },
    });
    expect([...(route?.variants.keys() ?? [])]).toEqual(["a", "b"]);
  });

  test("resolves what chains ask", () => {
    expect([...configuration.chains]).toEqual([["summarise", { route: "support" }]]);
    expect(
      load("chains: { summarise: { route: gemini-3.8-flash } }\nversion: 1", withKey).configuration.chains
        .size,
    ).toBe(1);
    expect(load("version: 1\nchains:\n").configuration.chains.size).toBe(0);
  });

  test("has a version that depends on what is written, not on comments, order or keys", () => {
    const reordered = complete
      .replace("idle: 500ms, total: 2m", "total: 2m, idle: 500ms")
      .replace("routes:", "routes: # names");
    const other = complete.replace("80%", "79.9%");
    const variables = { GEMINI_API_KEY: "another", HOST: "10.0.0.5" };
    expect(configuration.version).toMatch(/^[0-9a-f]{12}$/);
    expect(load(reordered, variables).configuration.version).toBe(configuration.version);
    expect(load(other, variables).configuration.version).not.toBe(configuration.version);
  });

  test("has variants whose hash changes with what decides their answers", () => {
    const hash = (text: string) =>
      load(text, { ...withKey, HOST: "10.0.0.5" }).configuration.variants.get("a")?.hash;
    expect(hash(complete.replace("weight: 2", "weight: 3"))).toBe(hash(complete));
    expect(hash(complete.replace("temperature: 0.2", "temperature: 0.3"))).not.toBe(hash(complete));
  });
});

describe("without any configuration", () => {
  test("every catalog model has a deployment as soon as the key is there", () => {
    const { configuration, secrets } = load("", withKey);
    expect(configuration.deployments.get("gemini-4-argon")).toMatchObject({ provider: "google" });
    expect(secrets.has("google")).toBe(true);
  });

  test("there is nothing without the key, and no emulation that nobody asked for", () => {
    const { configuration } = load("");
    expect(configuration.providers.size).toBe(0);
    expect(configuration.deployments.size).toBe(0);
  });

  test("sections that are empty or null are as good as absent", () => {
    expect(load("version: 1\nproviders:\nroutes: {}\n").configuration.routes.size).toBe(0);
  });
});

describe("emulation", () => {
  const google = (emulate: string) =>
    `version: 1\nproviders:\n  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}"${emulate} }\n`;
  const emulated = (text: string, variables = {}) =>
    load(text, variables).configuration.providers.get("google")?.emulated;

  test("without_key emulates when the key is absent, and only then", () => {
    expect(emulated(google(", emulate: without_key"))).toBe(true);
    expect(emulated(google(", emulate: without_key"), withKey)).toBe(false);
  });

  test("always emulates whatever the key, which is then not kept", () => {
    const loaded = load(google(", emulate: always"), withKey);
    expect(loaded.configuration.providers.get("google")?.emulated).toBe(true);
    expect(loaded.secrets.size).toBe(0);
  });

  test.each(["", ", emulate: never"])("otherwise a missing key refuses to start (%s)", (emulate) => {
    expect(problems(google(emulate))).toEqual([
      "signalbox.yaml:3:39 providers.google.api_key: wanted the environment variable GEMINI_API_KEY to hold the key (or emulate: without_key), got no such variable",
    ]);
  });
});

describe("problems", () => {
  test("are all said at once, in the order of the file, each with its line, column and key", () => {
    const text = `version: 2
providrs: {}
providers:
  google: { dialect: gemni, emulate: sometimes }
  five: { dialect: gemini, apikey: x }
deployments:
  flash: { provider: gogle, model: gemini-3.8-flash }
  lite: { provider: google }
variants:
  a: { pool: [flash, flahs] }
  b: { pool: [], parameters: { temprature: 1, temperature: 3 } }
routes:
  r1:
    strategy: { weighted: { a: 50%, b: 40% } }
    deadlines:
      first_token: soon
      idle: 0s
  r2: { strategy: { use: a, priority: [a] } }
  r3: { strategy: { weighted: { a: 50%, ab: 50% } }, fallbacks: [zzz] }
  r4:
`;
    expect(problems(text)).toEqual([
      "signalbox.yaml:1:10 version: wanted 1, got 2",
      'signalbox.yaml:2:1 providrs: wanted one of version, modules, providers, deployments, prompts, variants, routes, chains, evaluations, metrics, experiments, holdout and 3 more (did you mean "providers"?), got an unknown key',
      'signalbox.yaml:4:22 providers.google.dialect: wanted one of gemini, openai-chat, got "gemni"',
      'signalbox.yaml:4:38 providers.google.emulate: wanted one of without_key, always, never, got "sometimes"',
      'signalbox.yaml:5:28 providers.five.apikey: wanted one of kind, dialect, module, export, options, api_key, emulate, base_url, vertex, private_network, tags, prompt_cache (did you mean "api_key"?), got an unknown key',
      'signalbox.yaml:7:22 deployments.flash.provider: wanted one of google, five (did you mean "google"?), got "gogle"',
      "signalbox.yaml:8:3 deployments.lite.model: wanted a text, got nothing",
      'signalbox.yaml:10:22 variants.a.pool.1: wanted one of flash, lite (did you mean "flash"?), got "flahs"',
      "signalbox.yaml:11:14 variants.b.pool: wanted at least one deployment, got an empty list",
      'signalbox.yaml:11:32 variants.b.parameters.temprature: wanted one of temperature, top_p, top_k, max_output_tokens, thinking, stop, seed (did you mean "temperature"?), got an unknown key',
      "signalbox.yaml:11:60 variants.b.parameters.temperature: wanted at most 2, got 3",
      "signalbox.yaml:14:27 routes.r1.strategy.weighted: wanted shares that sum to 100%, got a sum of 90%",
      'signalbox.yaml:16:20 routes.r1.deadlines.first_token: wanted a duration such as 8s, got "soon"',
      'signalbox.yaml:17:13 routes.r1.deadlines.idle: wanted a duration above 0 and below 25 days, got "0s"',
      "signalbox.yaml:18:19 routes.r2.strategy: wanted one strategy: use, weighted, priority, round_robin, first_match, cheapest, fastest, headroom, consistent_hash or complexity, got use and priority",
      'signalbox.yaml:19:41 routes.r3.strategy.weighted: wanted one of a, b (did you mean "a"?), got "ab"',
      'signalbox.yaml:19:66 routes.r3.fallbacks.0: wanted one of a, b, got "zzz"',
      "signalbox.yaml:20:6 routes.r4: wanted a map, got nothing",
    ]);
  });

  const google = 'providers: { google: { dialect: gemini, api_key: "${GEMINI_API_KEY}" } }';
  const body = (text: string) => problems(`version: 1\n${google}\n${text}`, withKey);

  test.each([
    [
      "a route that shadows a catalog model",
      "variants: { a: { pool: [gemini-3.8-flash] } }\nroutes: { gemini-3.8-flash: { strategy: { use: a } } }",
      "signalbox.yaml:4:11 routes.gemini-3.8-flash: wanted a name of its own, got that of a catalog model, which would no longer be reachable by it",
    ],
    [
      "a route that shadows a deployment",
      "deployments: { d: { provider: google, model: m } }\nvariants: { a: { pool: [d] } }\nroutes: { d: { strategy: { use: a } } }",
      "signalbox.yaml:5:11 routes.d: wanted a name of its own, got that of a deployment, which would no longer be reachable by it",
    ],
    [
      "a deployment named after another model than its own",
      "deployments: { gemini-3.8-flash: { provider: google, model: gemini-2.5-flash } }",
      "signalbox.yaml:3:16 deployments.gemini-3.8-flash: wanted another name, or the model of that name, got the name of a catalog model for gemini-2.5-flash",
    ],
    [
      "a pool of two models",
      "variants: { a: { pool: [gemini-3.8-flash, gemini-4-argon] } }",
      "signalbox.yaml:3:24 variants.a.pool: wanted deployments of one model, so that the variant is one thing to compare, got those of gemini-3.8-flash and gemini-4-argon",
    ],
    [
      "a level of thinking that the model has not",
      "variants: { a: { pool: [gemini-3.8-flash], parameters: { thinking: xhigh } } }",
      'signalbox.yaml:3:68 variants.a.parameters.thinking: wanted one of low, medium, high, the levels of gemini-3.8-flash, got "xhigh"',
    ],
    [
      "a longer answer than the model gives",
      "variants: { a: { pool: [gemini-3.8-flash], parameters: { max_output_tokens: 70000 } } }",
      "signalbox.yaml:3:77 variants.a.parameters.max_output_tokens: wanted at most 65536, the limit of gemini-3.8-flash, got 70000",
    ],
    [
      "a phase longer than the whole",
      "variants: { a: { pool: [gemini-3.8-flash] } }\nroutes: { r: { strategy: { use: a }, deadlines: { idle: 20s, total: 10s } } }",
      'signalbox.yaml:4:57 routes.r.deadlines.idle: wanted at most the total of the route, got "20s"',
    ],
    [
      "a name with a blank",
      "deployments: { my flash: { provider: google, model: m } }",
      "signalbox.yaml:3:16 deployments.my flash: wanted a name of letters, digits, '.', '_' and '-' that begins with a letter or digit, got the key \"my flash\"",
    ],
    [
      "a list for a map",
      "routes: [a]",
      "signalbox.yaml:3:9 routes: wanted a map from the name of each route to its settings, got a list",
    ],
    [
      "a chain that there is not",
      "chains: { sumarise: { route: gemini-3.8-flash } }",
      'signalbox.yaml:3:11 chains.sumarise: wanted one of summarise (did you mean "summarise"?), got an unknown chain',
    ],
    [
      "a chain that asks a route that there is not",
      "deployments: { flash: { provider: google, model: m } }\nvariants: { a: { pool: [flash] } }\nroutes: { chat: { strategy: { use: a } } }\nchains: { summarise: { route: chta } }",
      expect.stringMatching(
        /^signalbox\.yaml:6:31 chains\.summarise\.route: wanted one of chat, flash, .* \(did you mean "chat"\?\), got "chta"$/,
      ),
    ],
    [
      "a chain that asks what embeds",
      "chains: { summarise: { route: gemini-embedding-2 } }",
      'signalbox.yaml:3:31 chains.summarise.route: wanted a route, deployment or model that chats, got "gemini-embedding-2", which does not',
    ],
    [
      "a chain that asks a route which is wrong itself, only once",
      "routes: { chat: { strategy: { use: a } } }\nchains: { summarise: { route: chat } }",
      'signalbox.yaml:3:36 routes.chat.strategy.use: wanted a name that is defined (none is), got "a"',
    ],
    [
      "a chain without a route",
      "chains: { summarise: {} }",
      "signalbox.yaml:3:11 chains.summarise.route: wanted a name of letters, digits, '.', '_' and '-' that begins with a letter or digit, got nothing",
    ],
    [
      "a provider that is no catalog of keys",
      "deployments: { d: { provider: constructor, model: m } }",
      'signalbox.yaml:3:31 deployments.d.provider: wanted one of google, got "constructor"',
    ],
  ])("%s", (_what, text, wanted) => {
    expect(body(text)).toEqual([wanted]);
  });

  test("never show a key, wherever it was put", () => {
    const secret = "sk-live-0123456789";
    const said = [
      ...problems(`version: 1\nproviders: { p: { dialect: gemini, api_key: ${secret} } }`),
      ...problems(`version: 1\nproviders: { p: { dialect: ${secret}, api_key: { x: ${secret} } } }`),
      ...problems(
        `version: 1\nproviders: { p: { dialect: openai-chat, base_url: "https://u:${secret}@example.com" } }`,
      ),
      ...problems(
        `version: 1\nproviders: { p: { dialect: openai-chat, base_url: "https://e.com/?k=${secret}" } }`,
      ),
    ];
    expect(said.length).toBeGreaterThanOrEqual(5);
    expect(said.join("\n")).not.toContain(secret);
  });

  test("a value that came by an anchor is pointed at where it stands", () => {
    const text = `version: 1
variants: { a: &a { pool: [] }, b: *a }
`;
    expect(problems(text)).toEqual([
      "signalbox.yaml:2:27 variants.a.pool: wanted at least one deployment, got an empty list",
      "signalbox.yaml:2:27 variants.b.pool: wanted at least one deployment, got an empty list",
    ]);
  });
});

test("a circular anchor is a problem, not an endless loop", () => {
  expect(problems("version: 1\nproviders: &a { p: *a }\n")).toEqual([
    "signalbox.yaml:2:20: wanted anchors that end, got one inside itself",
  ]);
});

test("a file that is no map is a problem", () => {
  expect(problems("- a\n")).toEqual(["signalbox.yaml:1:1: wanted a map, got a list"]);
  expect(problems("hello\n")).toEqual(['signalbox.yaml:1:1: wanted a map, got "hello"']);
});

describe("Vertex AI", () => {
  const vertex = (more: string, variables: Readonly<Record<string, string>> = {}) =>
    load(`version: 1\nproviders: { v: { dialect: gemini, ${more} } }`, variables).configuration.providers.get(
      "v",
    );

  test.each([
    ["europe-west4", "https://europe-west4-aiplatform.googleapis.com"],
    ["global", "https://aiplatform.googleapis.com"],
    ["eu", "https://aiplatform.eu.rep.googleapis.com"],
    ["us", "https://aiplatform.us.rep.googleapis.com"],
  ])("is called at the host of its location %s", (location, host) => {
    expect(
      vertex(`vertex: { project: "\${GCP_PROJECT}", location: ${location} }`, { GCP_PROJECT: "my-project" }),
    ).toMatchObject({
      baseUrl: `${host}/v1/projects/my-project/locations/${location}/publishers/google`,
      vertex: { project: "my-project", location },
    });
  });

  test("is served anywhere where nothing is said, and at another host where that is", () => {
    expect(
      vertex("vertex: { project: my-project }, base_url: https://vertex.internal.example.com/")?.baseUrl,
    ).toBe("https://vertex.internal.example.com/v1/projects/my-project/locations/global/publishers/google");
  });

  test("takes the credential that is written, else the one Google's libraries look at first, else none", () => {
    const file = (more: string, variables: Readonly<Record<string, string>>) =>
      vertex(`vertex: { project: my-project${more} }`, variables)?.vertex?.credentialsFile;
    const variables = { KEYS: "/run/keys", GOOGLE_APPLICATION_CREDENTIALS: "/default.json" };
    expect(file(', credentials_file: "${KEYS}/vertex.json"', variables)).toBe("/run/keys/vertex.json");
    expect(file("", variables)).toBe("/default.json");
    expect(file("", {})).toBeUndefined();
  });

  test("is refused with all that is wrong", () => {
    const text = `version: 1
providers:
  v:
    dialect: openai-chat
    api_key: "\${GEMINI_API_KEY}"
    emulate: without_key
    vertex: { project: "\${NONE}", location: europe-west4 }
  w: { dialect: gemini, vertex: { project: "a/b", location: Europe } }
  x: { dialect: gemini, vertex: { project: "a/b" } }`;
    const found = problems(text, withKey).join("\n");
    for (const part of [
      "gemini, which is what Vertex AI speaks",
      "no key: Vertex AI is called with a token",
      "always or never: Vertex AI has no key",
      "the environment variable NONE to be set",
      "a location of Google Cloud such as europe-west4",
      "the id of a Google Cloud project such as my-project",
    ])
      expect(found).toContain(part);
  });
});

test("a deployment's limits are written as a person writes them; what cannot be is refused", () => {
  const limits = (written: string) => `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}" } }
deployments: { flash: { provider: google, model: gemini-3.8-flash, limits: ${written} } }`;
  const { configuration } = load(limits("{ rpm: 2000, tpm: 3M, concurrency: 64 }"), withKey);
  expect(configuration.deployments.get("flash")?.limits).toEqual({
    requestsPerMinute: 2_000,
    tokensPerMinute: 3_000_000,
    concurrency: 64,
  });
  expect(problems(limits("{}"), withKey)).toEqual([
    expect.stringContaining("at least one of rpm, tpm, concurrency"),
  ]);
  expect(problems(limits("{ rpm: 0 }"), withKey)).toEqual([
    expect.stringContaining("a whole number from 1 to"),
  ]);
  expect(problems(limits("{ rpm: 100, tpm: 50 }"), withKey)).toEqual([
    expect.stringContaining("deployments.flash.limits.tpm: wanted a tpm of rpm or more"),
  ]);
});
