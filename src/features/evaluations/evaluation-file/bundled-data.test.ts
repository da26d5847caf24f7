import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { must } from "../../../../test/support/must.ts";
import { readEvaluation } from "./read-evaluation.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-evaluation-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function evaluation(text: string) {
  const path = join(folder, "evaluation.yaml");
  await writeFile(path, `name: try\ntargets: {a: {model: assistant}}\n${text}`);
  return readEvaluation(path);
}

describe("an evaluation of a bundled set", () => {
  test("is asked and scored as usual where it says nothing else", async () => {
    const { data, targets, scorers, written } = await evaluation("data: {set: gsm8k, limit: 1}");
    expect(data.source).toBe("gsm8k");
    expect([...scorers]).toMatchObject([["right", { kind: "numeric", reference: "answer" }]]);
    const [item] = await Array.fromAsync(data.read().items);
    const [message] = must(targets[0]?.prompt(item?.fields ?? {}) ?? expect.unreachable());
    expect(message?.["content"]).toContain("Janet");
    // What a set's usual prompt and scorers are may change: a run that goes on must be of the same.
    expect(written).toMatchObject({ prompt: expect.stringContaining("####"), scorers: { right: {} } });
  });

  test("says otherwise what it wants otherwise", async () => {
    const own = await evaluation(
      'data: {set: gsm8k}\nprompt: "{{question}}"\nscorers: {short: {kind: contains, expected: "4"}}',
    );
    expect([...own.scorers.keys()]).toEqual(["short"]);
    expect(must(own.targets[0]?.prompt({ question: "?" }) ?? expect.unreachable())).toEqual([
      { role: "user", content: "?" },
    ]);
  });

  test("that there is not is refused with its line", async () => {
    await expect(evaluation("data: {set: gsm9k}")).rejects.toThrow(
      /evaluation\.yaml:3.*one of banking77, bbh/s,
    );
  });
});
