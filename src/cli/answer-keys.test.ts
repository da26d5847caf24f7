import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAnswerKeys } from "./answer-keys.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "answer-keys-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const path = join(folder, "keys.yaml");
  writeFileSync(path, text);
  return path;
}

test("answer keys are read as the emulator takes them", async () => {
  const path = written(`
questions:
  - { question: I lost my card, answer: lost_card }
  - { question: Is it 7?, answer: "yes", choices: ["yes", "no"], difficulty: 0.8 }
choices: [lost_card, top_up]
skills: { gemini-3.5-flash-lite: 0.8, gemini-3.8-flash: { easy: 0.98, hard: 0.7 } }
`);
  expect(await readAnswerKeys(path)).toEqual({
    questions: [
      { question: "I lost my card", answer: "lost_card" },
      { question: "Is it 7?", answer: "yes", choices: ["yes", "no"], difficulty: 0.8 },
    ],
    choices: ["lost_card", "top_up"],
    skills: { "gemini-3.5-flash-lite": 0.8, "gemini-3.8-flash": { easy: 0.98, hard: 0.7 } },
  });
});

test("what says nothing sensible is refused, with its line", async () => {
  const refused = async (text: string) =>
    expect(readAnswerKeys(written(text))).rejects.toThrow(
      expect.objectContaining({ code: "invalid-configuration" }),
    );
  await refused("questions: []\nskills: {}");
  await refused("questions:\n- { question: a, answer: b, choices: [c] }\nskills: { m: 1.2 }");
  await refused("questions:\n- { question: a, answer: b, choices: [c] }\nskills: { m: { easy: 1 } }");
  await expect(
    readAnswerKeys(
      written(
        "skills: { m: 1 }\nquestions:\n- { question: a, answer: b }\n- { question: c, answer: d }\nchoices: [b]",
      ),
    ),
  ).rejects.toThrow(/3:.*choices with another answer/);
});
