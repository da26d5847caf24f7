import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const script = (path: string) => `
  import { registerHooks } from "node:module";
  let loaded = 0;
  registerHooks({ load(url, context, next) { loaded += Number(url.includes("@langchain/core")); return next(url, context); } });
  await import(${JSON.stringify(new URL(path, import.meta.url).href)});
  process.stdout.write(String(loaded));
`;

function langChainModulesOf(path: string): number {
  const options = { encoding: "utf8", timeout: 20_000 } as const;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script(path)], options));
}

test("LangChain is loaded when a chain first runs, not when Signalbox starts", () => {
  expect(langChainModulesOf("./index.ts")).toBe(0);
  expect(langChainModulesOf("./run-chain.ts")).toBeGreaterThan(10);
});
