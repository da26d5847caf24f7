import { expect, test } from "vitest";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";

test("a person is erased by the name that requests had", async () => {
  await using box = await startTestSignalbox();
  for (const unit of ["ann", "bob"]) {
    const answer = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signalbox-unit": unit },
      body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hi" }] }),
    });
    await answer.arrayBuffer();
    await box.post("/v1/feedback", { unit, score: 1 });
  }
  // The log is written a moment later: what is not there yet is found by the next call.
  let requests = 0;
  await box.eventually(async () => {
    const said = await runSignalbox(box.url, "erase", "--unit", "ann", "--json");
    expect(said.status).toBe(0);
    requests += JSON.parse(said.out).requests;
    return requests === 1;
  });
  const feedback = await (await fetch(`${box.url}/api/feedback`)).text();
  expect(JSON.parse(feedback).feedback).toHaveLength(1);
  const said = await runSignalbox(box.url, "erase", "--unit", "ann");
  expect(said).toMatchObject({ status: 0, out: "Erased 0 requests, 0 feedback, 0 sums\n" });
  for (const words of [[], ["--unit", "ann", "--conversation", "c"]])
    expect((await runSignalbox(box.url, "erase", ...words)).status).toBe(2);
  for (const body of [{}, { unit: "ann", conversation: "c" }, { unit: "" }])
    expect((await box.post("/api/erasures", body)).status).toBe(400);
});
