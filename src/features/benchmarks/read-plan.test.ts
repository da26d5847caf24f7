import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchmarkOfFile, benchmarkOfFlags } from "./read-plan.ts";

const targets = { one: { url: "http://127.0.0.1:1", model: "m" } };
const profile = { kind: "constant", rate: 5, duration: "10s" };

describe("a benchmark", () => {
  test("needs targets and a profile; the rest has defaults", () => {
    const plan = benchmarkOfFlags({ targets, profile });
    expect(plan).toMatchObject({
      name: "benchmark",
      profile: { kind: "constant", rate: 5, duration: 10_000 },
      targets: { one: { dialect: "openai-chat", stream: true } },
      prompts: { input_tokens: { min: 100, max: 100 } },
      repeats: 1,
      slo: [],
      slo_share: 0.95,
    });
  });

  test.each([
    [20, { min: 20, max: 20 }],
    ["20", { min: 20, max: 20 }],
    ["300-100", { min: 100, max: 300 }],
  ])("lengths of prompts are a number or a range: %s", (written, range) => {
    const { prompts } = benchmarkOfFlags({ targets, profile, prompts: { input_tokens: written } });
    expect(prompts).toMatchObject({ input_tokens: range });
  });

  test("bounds are of metrics, ours and those of tools, by their names with and without the unit", () => {
    const { slo } = benchmarkOfFlags({
      targets,
      profile,
      slo: { ttft: "300ms", tpot_ms: 50, "vllm.e2el": "2s", user_tokens_per_s: 20 },
    });
    expect(slo.map(({ metric, limit }) => [metric.id, limit])).toEqual([
      ["ttft_ms", 300],
      ["tpot_ms", 50],
      ["vllm.e2el_ms", 2_000],
      ["user_tokens_per_s", 20],
    ]);
  });

  test.each([
    [{ profile }, "targets"],
    [{ targets: { one: { url: "ftp://a", model: "m" } }, profile }, "targets.one.url"],
    [{ targets, profile: { ...profile, rate: 0 } }, "profile.rate"],
    [{ targets, profile: { ...profile, users: 3 } }, "profile.users: absent"],
    [{ targets, profile, slo: { speed: "1s" } }, "slo.speed: a metric such as"],
    [{ targets, profile, slo: { ttft: "fast" } }, "slo.ttft: a duration such as 300ms"],
    [{ targets, profile, slo: { output_tokens: 5 } }, "slo.output_tokens: a metric of which"],
    [{ targets, profile, slo: { user_tokens_per_s: "few" } }, "a number above 0"],
    [{ targets, profile, warmup: "10s" }, "warmup: a shorter one"],
    [{ targets, profile: { kind: "sweep", from: 1, to: 5, duration: "5s" }, repeats: 2 }, "repeats: 1 where"],
    [{ targets, profile, prompts: { input_tokens: "some" } }, "prompts"],
    [{ targets, profile: { kind: "closed", users: 3_000, duration: "1s" } }, "outstanding: as many as"],
  ])("%j is refused with its place", (written, reason) => {
    expect(() => benchmarkOfFlags(written)).toThrow(reason);
  });
});

describe("a file", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-plan-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is read, and what is wrong is told at its line", async () => {
    const path = join(folder, "bench.yaml");
    const good = `name: two
targets:
  a: { url: "http://127.0.0.1:1", model: m, prices: { input: $0.10, output: $0.40 } }
  b: { url: "http://127.0.0.1:2", model: m, dialect: gemini }
profile: { kind: ramp, from: 1, to: 10, duration: 30s }
prompts: { input_tokens: 100-300, output_tokens: 50, prefix_tokens: 1000 }
cancel: { share: 10%, after: 500ms }
slo: { ttft: 300ms }
`;
    writeFileSync(path, good);
    expect(await benchmarkOfFile(path)).toMatchObject({
      name: "two",
      profile: { kind: "ramp", arrivals: "poisson", duration: 30_000 },
      prompts: {
        input_tokens: { min: 100, max: 300 },
        output_tokens: { min: 50, max: 50 },
        prefix_groups: 1,
      },
      cancel: { share: 0.1, after: 500 },
    });
    writeFileSync(path, good.replace("ttft: 300ms", "ttft: soon"));
    await expect(benchmarkOfFile(path)).rejects.toThrow(/a duration such as 300ms/);
    await expect(benchmarkOfFile(path)).rejects.toThrow(/8/);
  });
});
