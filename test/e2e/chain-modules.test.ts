import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { moduleFolder } from "../support/module-folder.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

/** Type annotations stand in it, so that it is TypeScript that is loaded. */
const modules = `
export const greet = ({ model, prompt }: { model: any; prompt: any }) => prompt("greeting@1").pipe(model());
export const two = ({ model }: { model: any }) => async ({ text }: { text: string }) => {
  const [good, bad] = await Promise.all([
    model("flash", "good").invoke("[[say:+]] " + text),
    model(undefined, "bad").invoke("[[say:-]] " + text),
  ]);
  return { good: good.text, bad: bad.text };
};
export const many = ({ model }: { model: any }) => async () => {
  for (;;) await model().invoke("[[say:again]]");
};
export const broken = () => () => { throw new TypeError("the word secret-content is the input's"); };
export const nothing = () => undefined;
export const shapeless = () => () => 42;
export const circular = () => () => { const one: any = {}; one.one = one; return one; };
export const long = () => () => "x".repeat(100);
export const deaf = () => () => new Promise(() => {});
export const asking = ({ model }: { model: any }) => () => model().invoke("asked");
export default () => async ({ text }: { text: string }) => "default " + text;
`;

const configuration = `${testConfiguration}
prompts:
  greeting:
    versions:
      1: { messages: [{ system: "Be brief." }, { user: "[[say:Hello there.]] [[frame-tokens=1]] {name}" }] }
chains:
  greet: { variables: { name: {} }, module: "./chains/work.ts#greet" }
  two: { variables: { text: {} }, module: "./chains/work.ts#two", output: json, route: lite }
  default: { variables: { text: {} }, module: ./chains/work.ts }
  many: { module: "./chains/work.ts#many", limits: { calls: 3 } }
  broken: { module: "./chains/work.ts#broken" }
  nothing: { module: "./chains/work.ts#nothing" }
  shapeless: { module: "./chains/work.ts#shapeless" }
  circular: { module: "./chains/work.ts#circular", output: json }
  long: { module: "./chains/work.ts#long", limits: { output_length: 10 } }
  deaf: { module: "./chains/work.ts#deaf", limits: { deadline: 100ms } }
  asking: { module: "./chains/work.ts#asking" }
  around:
    variables: { text: {} }
    steps: [{ map: { over: text, item: part, chunk: { size: 100 }, steps: [{ call: { chain: two, input: { text: "{part}" } } }] } }]
  versions:
    versions:
      1: { module: ./chains/first.ts }
      2: { module: ./chains/second.ts }
`;

let signalbox: TestSignalbox;
const folder = moduleFolder({
  "chains/work.ts": modules,
  "chains/first.ts": "export default () => () => 'first';",
  "chains/second.ts": "export default () => () => 'second';",
});

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration, folder: folder.path });
});

afterAll(async () => {
  await signalbox.close();
  folder[Symbol.dispose]();
});

const post: TestSignalbox["post"] = (...call) => signalbox.post(...call);

async function json(response: Promise<Response>): Promise<JsonObject> {
  const value: unknown = await (await response).json();
  if (!isJsonObject(value)) throw new Error("The answer is no JSON object");
  return value;
}

const invoke = (chain: string, input: unknown = {}) => json(post(`/v1/chains/${chain}/invoke`, { input }));

describe("a module of a chain", () => {
  test("is a runnable of prompt and model, whose usage and cost are summed", async () => {
    expect(await invoke("greet", { name: "Ada" })).toMatchObject({
      output: "Hello there.",
      route: "chat",
      usage: { total_tokens: expect.any(Number) },
      cost_usd: expect.any(String),
      requests: [{ step: "module-1", route: "chat" }],
    });
  });

  test("streams what its runnable streams", async () => {
    const text = await (await post("/v1/chains/greet/stream", { input: { name: "Ada" } })).text();
    const pieces = [...text.matchAll(/^event: chunk\ndata: \{"text":(".*")\}$/gm)].map(
      ([, piece = ""]): unknown => JSON.parse(piece),
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("Hello there.");
    expect(text).toMatch(/event: end\ndata: \{"output":"Hello there\."/);
  });

  test("is a function that asks routes under names of its own, each request found by the run's id", async () => {
    const answer = await invoke("two", { text: "x" });
    expect(answer).toMatchObject({ output: { good: "+", bad: "-" }, requests: { length: 2 } });
    const { request_id: runId } = answer as { readonly request_id: string };
    const found = await json(fetch(`${signalbox.url}/api/requests?tag=chain_run=${runId}`));
    const steps = JSON.stringify(found);
    expect(steps).toContain('"chain_step":"module-1.good"');
    expect(steps).toContain('"chain_step":"module-1.bad"');
  });

  test("tells its step with its requests", async () => {
    const text = await (await post("/v1/chains/two/events", { input: { text: "x" } })).text();
    const [, end = ""] = /^event: step-end\ndata: (.*)$/m.exec(text) ?? [];
    expect(JSON.parse(end)).toMatchObject({
      step: "module-1",
      kind: "module",
      outcome: "completed",
      output_length: '{"good":"+","bad":"-"}'.length,
      requests: { length: 2 },
    });
  });

  test("is run in batches, within other chains, by its default export, in versions", async () => {
    expect(
      await json(post("/v1/chains/default/batch", { inputs: [{ text: "a" }, { text: "b" }] })),
    ).toMatchObject({
      output: ["default a", "default b"],
    });
    expect(await invoke("around", { text: "x" })).toMatchObject({ output: [{ good: "+", bad: "-" }] });
    expect(await invoke("versions")).toMatchObject({ output: "second", version: 2 });
    expect(await invoke("versions@1")).toMatchObject({ output: "first", version: 1 });
    const listed = await json(fetch(`${signalbox.url}/api/chains`));
    expect(JSON.stringify(listed)).toContain('"module":"./chains/work.ts#greet"');
  });

  test.each([
    ["many", 422, "limit-exceeded"],
    ["long", 422, "limit-exceeded"],
    ["deaf", 504, "upstream-timeout"],
    ["broken", 500, "internal"],
    ["nothing", 500, "internal"],
    ["shapeless", 500, "internal"],
    ["circular", 500, "internal"],
  ])("%s ends with %i %s, and tells nothing of content", async (chain, status, code) => {
    const response = await post(`/v1/chains/${chain}/invoke`, { input: {} });
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).toContain(`"${code}"`);
    expect(text).not.toContain("secret-content");
    const streamed = await (await post(`/v1/chains/${chain}/events`, { input: {} })).text();
    expect(streamed).toContain(code);
    expect(streamed).not.toContain("secret-content");
  });

  test("a client that leaves cancels the requests that it has under way", async () => {
    const leaving = new AbortController();
    signalbox.addFault({ fault: "stall-before-headers", count: 1 });
    const gone = expect(post("/v1/chains/asking/invoke", { input: {} }, leaving.signal)).rejects.toThrow();
    await signalbox.eventually(() => signalbox.faultsWaiting() === 0);
    const before = signalbox.ledger().length;
    leaving.abort();
    await gone;
    await signalbox.eventually(() => signalbox.ledger().length > before);
    expect(signalbox.ledger().at(-1)?.outcome).toBe("aborted");
    await signalbox.eventually(async () => {
      const [newest] = await signalbox.requests();
      return newest?.["outcome"] === "aborted" && isOf(newest["tags"], "asking");
    });
  });
});

function isOf(tags: unknown, chain: string): boolean {
  return isJsonObject(tags) && tags["chain"] === chain;
}

describe("a module that cannot be loaded is refused with file and reason, and what is in force stays", () => {
  test.each([
    ["./chains/absent.ts", /module "\.\/chains\/absent\.ts" of chain "bad@1": .*ENOENT/],
    ["./chains/work.ts#absent", /an exported function "absent" is wanted, it is absent/],
    ["./chains/word.ts", /an exported function "default" is wanted, it is string/],
    ["./chains/throws.ts", /of chain "bad@1": at import/],
    ["./chains/wrong.ts", /of chain "bad@1": /],
    ["./chains/link.ts", /a file below the configuration's folder is wanted/],
  ])("%s", async (module, reason) => {
    folder.write("chains/word.ts", "export default 'a word';");
    folder.write("chains/throws.ts", "throw new Error('at import');");
    folder.write("chains/wrong.ts", "export default () => {");
    const outside = mkdtempSync(join(tmpdir(), "signalbox-outside-"));
    writeFileSync(join(outside, "outside.ts"), "export default () => () => 'outside';");
    rmSync(join(folder.path, "chains", "link.ts"), { force: true });
    symlinkSync(join(outside, "outside.ts"), join(folder.path, "chains", "link.ts"));
    const before = await json(fetch(`${signalbox.url}/api/configuration`));
    const applied = await applyWith(`  bad: { module: "${module}" }\n`);
    rmSync(outside, { recursive: true });
    expect(applied.status).toBe(422);
    expect((await json(Promise.resolve(applied)))["detail"]).toMatch(reason);
    expect(await json(fetch(`${signalbox.url}/api/configuration`))).toEqual(before);
    expect(await invoke("default", { text: "a" })).toMatchObject({ output: "default a" });
  });

  test.each([
    "../work.ts",
    "./../work.ts",
    "/etc/work.ts",
    "./chains/work.sh",
    "./.hidden/work.ts",
    "work.ts",
  ])("%s is no path of one", async (module) => {
    const applied = await applyWith(`  bad: { module: "${module}" }\n`);
    expect(applied.status).toBe(422);
    expect(await applied.text()).toContain("a file below the configuration's folder");
  });

  test("steps beside a module, and an output without one", async () => {
    const steps = "[{ ask: { messages: [{ human: Hi }] } }]";
    const text = await (await applyWith(`  bad: { module: ./chains/work.ts, steps: ${steps} }\n`)).text();
    expect(text).toContain("steps or a module");
    expect(await (await applyWith("  bad: { output: json }\n")).text()).toContain("an output of a module");
  });
});

test("a file that has changed is loaded anew with the next configuration", async () => {
  folder.write("chains/changing.ts", "export default () => () => 'before';");
  expect((await applyWith("  changing: { module: ./chains/changing.ts }\n")).status).toBe(200);
  expect(await invoke("changing")).toMatchObject({ output: "before" });
  folder.write("chains/changing.ts", "export default () => () => 'after';");
  expect(await invoke("changing")).toMatchObject({ output: "before" });
  const described = "  changing: { module: ./chains/changing.ts, description: Changed. }\n";
  expect((await applyWith(described)).status).toBe(200);
  expect(await invoke("changing")).toMatchObject({ output: "after" });
});

/** Applies the configuration with one more chain. */
function applyWith(chain: string): Promise<Response> {
  const text = (configuration + chain).replaceAll("EMULATOR", signalbox.emulatorUrl);
  return post("/api/configuration/apply", { text });
}
