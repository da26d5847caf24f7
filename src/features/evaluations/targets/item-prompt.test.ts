import { describe, expect, test } from "vitest";
import { must } from "../../../../test/support/must.ts";
import { itemPrompt } from "./item-prompt.ts";

describe("the prompt of an item", () => {
  test("a text is filled from the fields", () => {
    const prompt = must(itemPrompt("Q: {{question}}\nA:"));
    expect(prompt({ question: "2 + 2?", answer: "4" })).toEqual({
      ok: true,
      value: [{ role: "user", content: "Q: 2 + 2?\nA:" }],
    });
  });

  test("messages are as prompts of the configuration, pictures among them", () => {
    const prompt = must(
      itemPrompt({
        messages: [
          { system: "You are {role}." },
          { user: [{ text: "What is on it?" }, { image: "{photo}", detail: "low" }] },
        ],
      }),
    );
    expect(must(prompt({ role: "brief", photo: "https://x.test/a.png" }))).toEqual([
      { role: "system", content: "You are brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is on it?" },
          { type: "image_url", image_url: { url: "https://x.test/a.png", detail: "low" } },
        ],
      },
    ]);
  });

  test("an item that lacks a field is told which", () => {
    const prompt = must(itemPrompt("{{question}} {{context}}"));
    const filled = prompt({ question: "x" });
    expect(filled.ok ? "" : filled.error).toContain('"context"');
  });

  test("a template that cannot be read is told at once", () => {
    const read = itemPrompt("{{#open}}");
    expect(read.ok ? "" : read.error.wanted).toContain("a template");
  });

  test("without one, items bring their own messages or a text", () => {
    const prompt = must(itemPrompt(undefined));
    const messages = [{ role: "user", content: "hi" }];
    expect(must(prompt({ messages }))).toEqual(messages);
    expect(must(prompt({ question: "why?" }))).toEqual([{ role: "user", content: "why?" }]);
    const none = prompt({ text: "?" });
    expect(none.ok ? "" : none.error).toContain("`prompt`");
  });
});
