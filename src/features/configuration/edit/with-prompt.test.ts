import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../load-configuration.ts";
import { changedPrompts } from "../plan/changed-prompts.ts";
import { writtenOf } from "../written-of.ts";
import { withPromptLabel, withPromptVersion } from "./with-prompt.ts";

const settings = { messages: [{ user: 'two\nlines: "{a}" # no comment' }] };

const block = `version: 1
prompts:
  support: # ours
    versions:
      1:
        messages:
          - user: one
    # behind
log: { store: none }
`;

function promptsOf(text: string) {
  const loaded = loadConfiguration(text, () => undefined, { chains: [] });
  if (!loaded.ok) expect.unreachable(JSON.stringify(loaded.error));
  return [...loaded.value.configuration.prompts.values()].map(({ name, versions, labels }) => [
    name,
    [...versions.keys()],
    Object.fromEntries(labels),
  ]);
}

describe("a version is added", () => {
  test.each([
    ["to lines", block],
    [
      "to a map in a line",
      "version: 1\nprompts: { support: { versions: { 1: { messages: [{ user: one }] } } } }\n",
    ],
    [
      "to JSON",
      '{"version": 1, "prompts": {"support": {"versions": {"1": {"messages": [{"user": "one"}]}}}}}',
    ],
  ])("%s, and a label goes to it and back", (_what, text) => {
    const added = withPromptVersion(text, { name: "support", version: 2, settings });
    expect(promptsOf(added)).toEqual([["support", [1, 2], {}]]);
    expect(changedPrompts(writtenOf(text), added)).toEqual([]);
    const labelled = withPromptLabel(added, { name: "support", label: "production", version: 2 });
    expect(promptsOf(labelled)).toEqual([["support", [1, 2], { production: 2 }]]);
    const more = withPromptLabel(labelled, { name: "support", label: "candidate", version: 2 });
    const back = withPromptLabel(more, { name: "support", label: "production", version: 1 });
    expect(promptsOf(back)).toEqual([["support", [1, 2], { production: 1, candidate: 2 }]]);
  });

  test("to a prompt that there is not yet", () => {
    const added = withPromptVersion(block, { name: "other", version: 1, settings });
    expect(promptsOf(added).map(([name]) => name)).toEqual(["support", "other"]);
    expect(
      promptsOf(withPromptVersion("version: 1\n", { name: "other", version: 1, settings })),
    ).toHaveLength(1);
  });

  test("not to what stands elsewhere", () => {
    const text = "version: 1\nprompts: { a: &a { versions: { 1: { messages: [{ user: x }] } } }, b: *a }\n";
    expect(() => withPromptVersion(text, { name: "b", version: 2, settings })).toThrow(
      "Cannot add to `prompts.b.versions`",
    );
  });
});

describe("a version with another content is told", () => {
  test("with its place, what differs, and the number that it could have", () => {
    expect(changedPrompts(writtenOf(block), block.replace("user: one", "user: two"))).toMatchObject([
      {
        line: 6,
        keyPath: "prompts.support.versions.1",
        wanted: expect.stringContaining("(write it as version 2)"),
        actual: "another one: messages.0.user differs",
      },
    ]);
  });

  test("unless it says the same in other lines, or is gone", () => {
    expect(changedPrompts(writtenOf(block), block.replace("user: one", "'user': \"one\" # same"))).toEqual(
      [],
    );
    expect(changedPrompts(writtenOf(block), "version: 1\n")).toEqual([]);
  });
});
