import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { run } from "#cli/program.ts";

const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`;
const stream = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "a" }),
  chunk({ content: "b" }, "stop"),
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } })}\n\n`,
  "data: [DONE]\n\n",
].join("");

let server: Server;
let url: string;
let folder: string;
let keys: (string | undefined)[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bench-"));
  server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    request.resume();
    if (request.url?.startsWith("/refuses/")) response.writeHead(429).end("{}");
    else response.writeHead(200, { "content-type": "text/event-stream" }).end(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function ran(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  keys = [];
  const code = await run(["bench", ...words], environment, { stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { code, out, err };
}

const shape = z.object({
  valid: z.boolean(),
  keeps_objectives: z.boolean(),
  targets: z.array(
    z.object({
      name: z.string(),
      runs: z.array(
        z.object({
          requests: z.object({ answered: z.int(), failed: z.int(), cancelled: z.int() }),
          metrics: z.record(z.string(), z.object({ count: z.int(), mean: z.number() })),
        }),
      ),
    }),
  ),
});

describe("signalbox bench", () => {
  test("needs no Signalbox: it measures any server, says JSON, and writes reports", async () => {
    const files = ["html", "markdown", "csv"].map((kind) => join(folder, `report.${kind}`));
    const { code, out } = await ran(
      ["--url", url, "--model", "m", "--rate", "50", "--duration", "1s", "--seed", "3", "--json"].concat(
        files.flatMap((file) => [`--${file.split(".").at(-1)}`, file]),
      ),
    );
    const { valid, targets } = shape.parse(JSON.parse(out));
    expect(targets[0]?.runs[0]?.requests).toEqual({ answered: 50, failed: 0, cancelled: 0 });
    expect(targets[0]?.runs[0]?.metrics["output_tokens"]?.mean).toBe(2);
    expect(targets[0]?.runs[0]?.metrics["vllm.ttft_ms"]?.count).toBe(50);
    // A machine that is busy makes a run invalid, which is what it is to say.
    expect(code).toBe(valid ? 0 : 3);
    expect(keys.every((key) => key === undefined)).toBe(true);
    expect(files.map((file) => readFileSync(file, "utf8").slice(0, 6))).toEqual([
      "<!doct",
      "# benc",
      "target",
    ]);
  });

  test("compares targets in one run, with a key of the environment", async () => {
    const words = [
      "--target",
      `one=${url}`,
      "--target",
      `two=${url}`,
      "--model",
      "m",
      "--key-env",
      "SOME_KEY",
    ];
    const { out } = await ran(
      [...words, "--profile", "closed", "--users", "2", "--duration", "1s", "--requests", "10", "--json"],
      {
        SOME_KEY: "secret",
      },
    );
    const { targets } = shape.parse(JSON.parse(out));
    expect(targets.map(({ name, runs }) => [name, runs[0]?.requests.answered])).toEqual([
      ["one", 10],
      ["two", 10],
    ]);
    expect(new Set(keys)).toEqual(new Set(["Bearer secret"]));
    expect(out).not.toContain("secret");
  });

  test("sends the key of Signalbox to Signalbox alone", async () => {
    const words = [
      "--model",
      "m",
      "--profile",
      "closed",
      "--users",
      "1",
      "--duration",
      "1s",
      "--requests",
      "1",
    ];
    await ran(words, { SIGNALBOX_URL: url, SIGNALBOX_KEY: "sb-key" });
    expect(keys).toEqual(["Bearer sb-key"]);
    await ran([...words, "--url", url], { SIGNALBOX_KEY: "sb-key" });
    expect(keys).toEqual([undefined]);
  });

  test("prices tokens, with and without the sign of dollars", async () => {
    const load = ["--url", url, "--model", "m", "--profile", "closed", "--users", "1", "--duration", "1s"];
    const usd = async (prices: string) => {
      const { out } = await ran([...load, "--requests", "2", "--prices", prices, "--json"]);
      return z
        .object({
          targets: z.tuple([z.object({ runs: z.tuple([z.object({ usd_per_request: z.number() })]) })]),
        })
        .parse(JSON.parse(out)).targets[0].runs[0].usd_per_request;
    };
    // 9 tokens in, 2 out.
    expect(await usd("input=1,output=10")).toBeCloseTo(29e-6, 12);
    expect(await usd("input=$1,output=$10")).toBeCloseTo(29e-6, 12);
  });

  test("reads a file in place of flags", async () => {
    const file = join(folder, "bench.yaml");
    writeFileSync(
      file,
      `targets: { one: { url: "${url}", model: m } }\nprofile: { kind: closed, users: 1, duration: 1s }\nrequests: 3\nslo: { ttft: 60s }\n`,
    );
    const { out } = await ran([file, "--json"]);
    const view = shape.parse(JSON.parse(out));
    expect(view.targets[0]?.runs[0]?.requests.answered).toBe(3);
    expect(view.keeps_objectives).toBe(true);
  });

  test.each([
    [["--url", "http://127.0.0.1:1", "--model", "m", "--rate", "0", "--duration", "1s"], "profile.rate"],
    [["--model", "m", "--rate", "fast"], "a number is wanted"],
    [["--model", "m", "--rate", "1", "--duration", "1s", "--slo", "ttft"], "--slo name=value is wanted"],
    [["absent.yaml"], "absent.yaml"],
    [
      ["some.yaml", "--key-env", "X", "--no-stream"],
      'what "some.yaml" says alone is wanted, got --no-stream, --key-env',
    ],
    [["--model", "m", "--url", "http://a", "--target", "b=http://b"], "--url or --target is wanted"],
    [["--model", "m", "--profile", "trace", "--trace", "absent.csv"], "ENOENT"],
  ])("exits with 2 on %j", async (words, reason) => {
    const { code, err } = await ran(words);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  test("exits with 3 where nothing is answered", async () => {
    const words = ["--url", `${url}/refuses`, "--model", "m", "--rate", "20", "--duration", "1s"];
    const { code, err, out } = await ran(words);
    expect(code).toBe(3);
    expect(err).toContain('Cannot benchmark "m": answers are wanted, none came');
    expect(out).toContain("rate-limited");
  });
});

describe("signalbox bench capacity", () => {
  let trace: string;
  beforeAll(() => {
    trace = join(folder, "trace.csv");
    const rows = Array.from({ length: 40 }, (_, at) => `${at < 20 ? at : 10 * at},100,10`);
    writeFileSync(trace, ["time,input_tokens,output_tokens", ...rows].join("\n"));
  });

  test("says how many deployments a trace needs", async () => {
    const words = ["capacity", "--trace", trace, "--bears", "0.5", "--window", "10s", "--headroom", "50%"];
    const { code, out } = await ran([...words, "--json"]);
    expect(code).toBe(0);
    // One a second at first: ten in the busiest ten seconds.
    expect(JSON.parse(out)).toMatchObject({ requests: 40, peak_rate_per_s: 1, deployments: 4 });
    expect((await ran(words)).out).toContain("4 deployments are needed");
  });

  test.each([
    ["--bears", "none"],
    ["--headroom", "100%"],
    ["--window", "long"],
  ])("refuses %s %s", async (flag, value) => {
    const { code, err } = await ran(["capacity", "--trace", trace, "--bears", "1", flag, value]);
    expect(code).toBe(2);
    expect(err).toContain(`Cannot plan capacity: ${flag}`);
  });
});
