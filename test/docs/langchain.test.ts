import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { moduleFolder } from "../support/module-folder.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";

const document = readFileSync(join(root, "docs/providers/langchain.md"), "utf8");
const [, configuration = ""] = /<!-- loads -->\n```yaml\n([\s\S]*?)```/.exec(document) ?? [];
const [, source = ""] = /<!-- runs as models\/in-house\.ts -->\n```ts\n([\s\S]*?)```/.exec(document) ?? [];

test("docs/providers/langchain.md: its configuration serves, with its class", async () => {
  using folder = moduleFolder({ "models/in-house.ts": source });
  await using signalbox = await startTestSignalbox({
    configuration: configuration.replace("https://models.example.com", "EMULATOR"),
    folder: folder.path,
    variables: { OPENAI_API_KEY: "any" },
  });
  const ask = async (model: string, content: string): Promise<unknown> => {
    const messages = [{ role: "user", content }];
    const response = await signalbox.post("/v1/chat/completions", { model, messages });
    return response.json();
  };
  expect(await ask("qwen", "[[say:Hello.]]")).toMatchObject({
    choices: [{ message: { content: "Hello." } }],
  });
  expect(await ask("echo", "Hello")).toMatchObject({
    choices: [{ message: { content: "You said: Hello" } }],
  });
});
