import { beforeEach, describe, expect, test } from "vitest";
import { controlPlaneWorld, type World } from "./control-plane.test-support.ts";
import { namedText } from "./payloads.test-support.ts";

let world: World;
beforeEach(async () => {
  world = await controlPlaneWorld();
  await world.ports.configuration.service.apply(namedText, { appliedBy: "test" });
});

const design = { route: "other", variants: { fast: "50%", cheap: "50%" } };

async function post(path: string, payload: unknown = {}) {
  const answer = await world.app.inject({
    method: "POST",
    url: `/api/experiments${path}`,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(payload),
  });
  return { status: answer.statusCode, body: answer.json(), type: answer.headers["content-type"] };
}

async function get(path = "") {
  const answer = await world.app.inject(`/api/experiments${path}`);
  return { status: answer.statusCode, body: answer.json() };
}

test("a draft is shown as it is designed, one that runs also with its phase and who started it", async () => {
  expect((await get()).body).toEqual({
    experiments: [
      {
        name: "flash",
        state: "draft",
        since: null,
        design: { route: "assistant", variants: { fast: "50%", cheap: "50%" } },
        configured: true,
        design_changed: [],
        problem: null,
        phase: null,
        winner: null,
        why: null,
        changed_by: null,
        changed_at: null,
        epoch: 0,
      },
    ],
  });
  const started = await post("/flash/start", { why: "go", epoch: 0 });
  expect(started).toMatchObject({
    status: 200,
    body: {
      state: "running",
      phase: 1,
      changed_by: "admin",
      why: "go",
      epoch: 1,
      phases: [{ phase: 1, ended_at: null, configuration: 2, variants: { fast: expect.any(String) } }],
      changes: [{ from: "draft", to: "running", by: "admin", why: "go", phase: 1, epoch: 1 }],
    },
  });
  expect((await get("/flash")).body).toEqual(started.body);
});

test("all the way to a decision", async () => {
  for (const step of ["start", "pause", "resume", "stop"])
    expect(await post(`/flash/${step}`)).toMatchObject({ status: 200 });
  expect(await post("/flash/decide", { winner: null, why: "alike" })).toMatchObject({
    status: 200,
    body: { state: "decided", winner: null, why: "alike" },
  });
  const { body } = await get("/flash");
  expect(body.changes.map(({ to }: { to: string }) => to)).toEqual([
    "decided",
    "stopped",
    "running",
    "paused",
    "running",
  ]);
});

test("a new design is in the configuration when the answer comes", async () => {
  expect(await post("", { name: "tone", design, why: "cheaper?" })).toMatchObject({
    status: 201,
    body: { name: "tone", state: "draft", design, configured: true },
  });
  const { loaded, version } = world.ports.configuration.service.inForce();
  expect([...loaded.configuration.experiments.keys()]).toEqual(["flash", "tone"]);
  expect(version.comment).toBe("design experiment tone: cheaper?");
});

test("what changed of the design since the start is told, and what keeps it from taking requests", async () => {
  await post("/flash/start");
  const { service } = world.ports.configuration;
  const changed = namedText.replace(
    "flash: { route: assistant, var",
    "flash: { route: assistant, coverage: 20%, var",
  );
  await service.apply(changed, { appliedBy: "test" });
  expect((await get("/flash")).body).toMatchObject({
    design_changed: ["experiment flash: coverage 100% (the default) -> 20%"],
    problem: null,
  });
  const without = namedText
    .replace("  flash: { route: assistant, variants: { fast: 50%, cheap: 50% } }\n", "  {}\n")
    .replace(", cheap: { pool: [d] }", "");
  await service.apply(without, { appliedBy: "test" });
  expect((await get()).body.experiments).toMatchObject([
    {
      name: "flash",
      state: "running",
      configured: false,
      design_changed: ["experiment flash removed"],
      problem: "the configuration has no variant cheap any more",
    },
  ]);
});

test.each([
  [
    { metric: { rate: "60%" }, effect: "+2pp", per_day: 2500 },
    { answer: "units", units: 18_666, days: 8, sentences: [/^18,666 units find a change of \+2 pp/] },
  ],
  [
    { metric: { rate: "60%" }, units: 18_666 },
    { answer: "effect", detectable: { upwards: expect.closeTo(0.02, 5) }, sentences: [/or -2.02 pp/] },
  ],
  [
    { metric: { mean: 100, sd: 10 }, effect: "-5", units: 126, shares: ["50%", "50%"] },
    { answer: "power", power: expect.closeTo(0.801, 3), sentences: [/with a chance of 80.1 %$/] },
  ],
  [
    {
      metric: { mean: 12, sd: 6, denominator: { mean: 4, sd: 2, correlation: 0.8 } },
      effect: "+0.5",
      design: { looks: 5 },
      clusters: { size: 8, correlation: 0.2 },
    },
    {
      looks: { kind: "group-sequential", looks: 5 },
      inflation: { clusters: expect.closeTo(2.4, 12) },
      sentences: [/\+0.5/],
    },
  ],
])("what an experiment takes is told before there is one: %j", async (asked, { sentences, ...wanted }) => {
  const { status, body } = await post("/power", asked);
  expect({ status, body }).toMatchObject({ status: 200, body: wanted });
  for (const [at, words] of sentences.entries()) expect(body.sentences[at]).toMatch(words);
});

describe("refused as a problem", () => {
  test.each([
    ["/flash/pause", {}, 409, "running is wanted, it is draft"],
    ["/flash/decide", { winner: "fast", why: "faster" }, 409, "stopped is wanted, it is draft"],
    ["/flash/start", { epoch: 3 }, 409, "epoch 3 of its status is wanted, it is 0: nobody has started it"],
    ["/nothing/start", {}, 404, "none has that name"],
    ["", { name: "flash", design }, 409, "the configuration has one"],
    ["", { name: "tone", design: { ...design, route: "othr" } }, 422, 'did you mean \\"other\\"?'],
    ["", { name: "two words", design }, 422, "a name of letters"],
    ["/flash/decide", { winner: "fast" }, 400, "why"],
    ["/power", { metric: { rate: "60%" } }, 400, "An effect, a margin, or units are wanted"],
    ["/power", { metric: { mean: 8, sd: 2 }, effect: "+2pp" }, 400, "pp are of a rate"],
    ["/power", { metric: { rate: "60%" }, effect: "2pp" }, 400, "a change with its sign"],
    ["/power", { metric: { rate: "60%" }, effect: "+2pp", shares: ["50%", "40%"] }, 400, "sum to 100%"],
    ["/flash/start", { reason: "go" }, 400, "reason"],
  ])("POST /api/experiments%s %j: %i %s", async (path, payload, status, words) => {
    const answer = await post(path, payload);
    expect(answer.status).toBe(status);
    expect(answer.type).toContain("application/problem+json");
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  test("a winner that was not compared", async () => {
    await post("/flash/start");
    await post("/flash/stop");
    expect(await post("/flash/decide", { winner: "argon", why: "better" })).toMatchObject({ status: 400 });
    expect((await get("/flash")).body.state).toBe("stopped");
  });

  test("one that is not there", async () => {
    expect((await get("/nothing")).status).toBe(404);
  });
});
