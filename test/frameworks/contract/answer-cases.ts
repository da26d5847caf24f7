import { HumanMessage, SystemMessage, type AIMessage } from "@langchain/core/messages";
import { expect } from "vitest";
import type { LedgerRow } from "#emulator/ledger.ts";
import { onePixelPng } from "../../support/one-pixel-png.ts";
import type { TestSignalbox } from "../../support/test-signalbox.ts";
import { summed, type ContractCase } from "./contract-case.ts";

/** What was asked of the provider last. */
function lastRow(signalbox: TestSignalbox): LedgerRow {
  const row = signalbox.ledger().at(-1);
  if (!row) throw new Error("The emulator served nothing");
  return row;
}

/** What the provider counted, in LangChain's words. */
function usageOf(row: LedgerRow) {
  const output = row.outputTokensSent + row.thoughtTokens;
  return { input_tokens: row.promptTokens, output_tokens: output, total_tokens: row.promptTokens + output };
}

function finishReasonOf(message: AIMessage): string {
  const { finish_reason, finishReason } = message.response_metadata;
  return String(finish_reason ?? finishReason).toLowerCase();
}

/** Answers, whole and streamed, with what is known of them. */
export const answerCases: readonly ContractCase[] = [
  {
    fact: "invoke gives the text and why it ended",
    async holds({ make }) {
      const answer = await make({}).invoke([
        new SystemMessage("Be brief"),
        new HumanMessage("[[say:Hello there]]"),
      ]);
      expect(answer.text).toBe("Hello there");
      expect(finishReasonOf(answer)).toBe("stop");
    },
  },
  {
    fact: "invoke reports the tokens that the provider counted, thinking included",
    async holds({ make, signalbox }) {
      const answer = await make({}).invoke("[[tokens=12]] [[thoughts=7]] Hi");
      expect(answer.usage_metadata).toMatchObject(usageOf(lastRow(signalbox)));
    },
  },
  {
    fact: "a stream comes in pieces whose sum is the answer",
    async holds({ make }) {
      const said = "one two three four five six seven eight nine ten";
      const { message, count } = await summed(
        await make({}).stream(`[[say:${said}]] [[frame-tokens=2]] [[fault:slow-drip=60]]`),
      );
      expect(message.text).toBe(said);
      expect(count).toBeGreaterThan(2);
      expect(finishReasonOf(message)).toBe("stop");
    },
  },
  {
    fact: "the summed chunks report the tokens once, thinking included",
    async holds({ make, signalbox }) {
      const { message } = await summed(await make({}).stream("[[tokens=30]] [[thoughts=7]] Hi"));
      expect(message.usage_metadata).toMatchObject(usageOf(lastRow(signalbox)));
    },
  },
  {
    fact: "batch answers each question in its place",
    async holds({ make }) {
      const answers = await make({}).batch(["[[say:one]]", "[[say:two]]", "[[say:three]]"], {
        maxConcurrency: 2,
      });
      expect(answers.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    },
  },
  {
    fact: "an answer at its bound says so",
    async holds({ make }) {
      const answer = await make({}).invoke("[[finish=MAX_TOKENS]] Tell a story");
      expect(finishReasonOf(answer)).toMatch(/length|max_tokens/);
    },
  },
  {
    fact: "content-block events give text, tokens and why it ended",
    async holds({ make, signalbox }) {
      const stream = make({}).streamEvents("[[say:Hello there]] [[finish=MAX_TOKENS]]");
      expect(await stream.text).toBe("Hello there");
      const output = await stream.output;
      expect(output.usage_metadata).toMatchObject(usageOf(lastRow(signalbox)));
      expect(finishReasonOf(output)).toMatch(/length|max_tokens/);
    },
  },
  {
    fact: "reads a picture in LangChain's standard block",
    async holds({ make, signalbox }) {
      const picture = { type: "image" as const, mimeType: "image/png", data: onePixelPng };
      const asked = new HumanMessage({ contentBlocks: [{ type: "text", text: "What is this?" }, picture] });
      await make({}).invoke([asked]);
      expect(lastRow(signalbox).promptTokens).toBeGreaterThan(100);
    },
  },
  {
    fact: "reads a picture in OpenAI's part",
    async holds({ make, signalbox }) {
      const picture = { type: "image_url", image_url: { url: `data:image/png;base64,${onePixelPng}` } };
      await make({}).invoke([
        new HumanMessage({ content: [{ type: "text", text: "What is this?" }, picture] }),
      ]);
      expect(lastRow(signalbox).promptTokens).toBeGreaterThan(100);
    },
  },
  {
    fact: "reads a file in LangChain's standard block",
    async holds({ make, signalbox }) {
      const data = Buffer.from(`%PDF-1.4 ${"a report ".repeat(20_000)}`).toString("base64");
      const file = {
        type: "file" as const,
        mimeType: "application/pdf",
        data,
        metadata: { filename: "report.pdf" },
      };
      const asked = new HumanMessage({ contentBlocks: [{ type: "text", text: "Sum this up" }, file] });
      const answer = await make({}).invoke([asked]);
      expect(answer.text).not.toBe("");
      expect(lastRow(signalbox).promptTokens).toBeGreaterThan(100);
    },
  },
];
