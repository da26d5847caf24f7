import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { chainDefinitions } from "#features/chains/index.ts";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";
import { root } from "../architecture/repository.ts";
import { moduleFolder } from "../support/module-folder.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/chains.md"), "utf8");
const loading = [...document.matchAll(/<!-- loads -->\n```yaml\n([\s\S]*?)```/g)].map(
  ([, text = ""]) => text,
);
const [configuration = "", ofModule = ""] = loading;
const [, source = ""] = /<!-- runs as chains\/second-look\.ts -->\n```ts\n([\s\S]*?)```/.exec(document) ?? [];
const ready = chainDefinitions.map(({ name }) => name);

describe("docs/chains.md", () => {
  test("its configuration loads", () => {
    const loaded = loadConfiguration(configuration, () => undefined, { chains: ready });
    if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "chains.md")).join("\n"));
    expect([...loaded.value.configuration.ownChains.keys()]).toEqual([
      "reply",
      "weigh",
      "translate",
      "helper",
    ]);
  });

  test("its chains run, and its commands as printed", async () => {
    await using signalbox = await startTestSignalbox({ configuration });
    const invoke = (chain: string, input: object) =>
      fetch(`${signalbox.url}/v1/chains/${chain}/invoke`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input }),
      });
    const runs = [
      invoke("reply", { text: "[[say:delivery]]" }),
      invoke("weigh", { plan: "Move." }),
      invoke("weigh@1", { plan: "Move." }),
      invoke("translate", { text: "Good morning. ".repeat(2_000) }),
      invoke("helper", { task: '[[call:weigh {"plan":"Move."}]]' }),
    ];
    for (const run of runs) expect((await run).status).toBe(200);
    const blocks = markedBlocks(document);
    expect(blocks).toHaveLength(1);
    for (const { script } of blocks) {
      const command = script.replaceAll("http://127.0.0.1:8080", signalbox.url).replace("curl", "curl -sSf");
      const { stdout } = await promisify(execFile)("bash", ["-c", command]);
      expect(JSON.parse(stdout)).toMatchObject({ output: expect.any(String), repairs: 0 });
    }
  });

  test("its module runs", async () => {
    using folder = moduleFolder({ "chains/second-look.ts": source });
    expect(loading).toHaveLength(2);
    await using signalbox = await startTestSignalbox({ configuration: ofModule, folder: folder.path });
    const response = await signalbox.post("/v1/chains/second-look/invoke", {
      input: { question: "[[say:Photosynthesis works in moonlight.]]" },
    });
    expect(await response.json()).toMatchObject({
      // The emulator's prose is about words of what it is asked: the second look was given the first answer.
      output: expect.stringContaining("Photosynthesis"),
      requests: [{ step: "module-1" }, { step: "module-1.look", deployment: "gemini-3.8-flash" }],
    });
  });

  test.each(ready)("names the ready chain %s", (name) => {
    expect(document).toContain(`| \`${name}\` |`);
  });

  test.each(["text", "json", "enum", "list", "xml", "regex", "sql", "citations"])(
    "names the form %s",
    (form) => {
      expect(document).toContain(`| \`${form}\` |`);
    },
  );
});
