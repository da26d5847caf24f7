import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { databaseImage } from "../support/database-image.ts";
import { eventually } from "../support/eventually.ts";
import { moduleFolder } from "../support/module-folder.ts";
import { SignalboxProcess } from "../support/signalbox-process.ts";

/** A class and a chain that leave failing promises behind, as a stream of a LangChain class does that is cut. */
const files = {
  "models/late.ts": `
    export class Late {
      _modelType() { return "base_chat_model"; }
      async invoke() {
        setTimeout(() => void Promise.reject(new RangeError("secret words of the class")), 1);
        return { type: "ai", content: "answered" };
      }
      async stream() { return (async function* () {})(); }
    }`,
  "chains/late.ts": `
    export default () => () => {
      void Promise.resolve().then(() => { throw new SyntaxError("secret words of the chain"); });
      return "answered";
    };`,
  "signalbox.yaml": `
version: 1
modules: { allow: [./models/late.ts] }
providers:
  late: { kind: langchain, module: ./models/late.ts, export: Late }
deployments:
  late: { provider: late, model: late-1 }
chains:
  late: { variables: { text: {} }, module: ./chains/late.ts }
`,
};

test("what modules leave failing behind is told in the log, and Signalbox serves on", async () => {
  using folder = moduleFolder(files);
  const image = await databaseImage();
  cpSync(image.directory, join(folder.path, "data"), { recursive: true });
  await using signalbox = SignalboxProcess.start({
    SIGNALBOX_CONFIG: join(folder.path, "signalbox.yaml"),
    SIGNALBOX_DATA_DIR: join(folder.path, "data"),
  });
  const url = await signalbox.url();
  const ask = (model: string) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
    });
  for (const [model, module, error] of [
    ["late", "./models/late.ts", "RangeError"],
    ["chain/late", "./chains/late.ts", "SyntaxError"],
  ] as const) {
    expect(await (await ask(model)).json()).toMatchObject({
      choices: [{ message: { content: "answered" } }],
    });
    await eventually(() => unheard(signalbox.stderr, module, error));
  }
  expect(signalbox.stderr).not.toContain("secret words");
  expect((await ask("late")).status).toBe(200);
});

function unheard(log: string, module: string, error: string): boolean {
  return log
    .split("\n")
    .some((line) => [module, error, "module-failed-unheard"].every((part) => line.includes(part)));
}
