import { expect, test } from "vitest";
import { exampleDeployment, exampleVariant } from "./example.fixture.ts";
import { ladderNames, type Stage } from "./stages.ts";

const [a, b, c] = [exampleDeployment("a"), exampleDeployment("b"), exampleDeployment("c")];

function stage(name: string, pool: Stage["pool"]): Stage {
  return { variant: exampleVariant(name, { pool }), pool };
}

test("the chosen variant's deployments come first, then the fallbacks' in order", () => {
  expect(ladderNames([stage("chosen", [a, b]), stage("fallback", [c])])).toEqual(["a", "b", "c"]);
});

test("a deployment of several stages is named once", () => {
  expect(ladderNames([stage("chosen", [a, b]), stage("fallback", [b, c, a])])).toEqual(["a", "b", "c"]);
});
