import { beforeEach, expect, test } from "vitest";
import { decidedValue, isSwapped, reviewId } from "#core/evaluations/reviews/review.ts";
import { controlPlaneWorld, type World } from "./control-plane.test-support.ts";

let world: World;
beforeEach(async () => {
  world = await controlPlaneWorld();
});

const pair = (id: string) => ({ id, input: `${id}?`, answers: [`${id} first`, `${id} second`] });

function add(items: readonly object[], more: object = {}) {
  const payload = { queue: "q", criteria: "right?", items, ...more };
  return world.app.inject({ method: "POST", url: "/api/reviews", payload });
}

async function next(reviewer: string) {
  return (await world.app.inject(`/api/reviews/next?queue=q&reviewer=${reviewer}`)).json().review;
}

function judge(id: string, reviewer: string, verdict: string) {
  return world.app.inject({
    method: "POST",
    url: `/api/reviews/${id}/verdicts`,
    payload: { reviewer, verdict },
  });
}

async function labels(more = "") {
  return (await world.app.inject(`/api/reviews/labels?queue=q${more}`)).json();
}

test("reviewers see answers without whose they are, in orders of chance that labels do not know of", async () => {
  await add([pair("q1")], { reviewers: 20 });
  const id = reviewId({ queue: "q", item: "q1" });
  const reviewers = Array.from({ length: 20 }, (_, at) => `r${at}`);
  for (const reviewer of reviewers) {
    const shown = await next(reviewer);
    const [first, second] = isSwapped(id, reviewer) ? ["second", "first"] : ["first", "second"];
    expect(shown).toEqual({
      id,
      criteria: "right?",
      input: "q1?",
      answer: null,
      a: `q1 ${first}`,
      b: `q1 ${second}`,
    });
    // Everybody prefers the first answer, wherever it stands.
    expect((await judge(id, reviewer, shown.a === "q1 first" ? "a" : "b")).statusCode).toBe(200);
  }
  expect(new Set(reviewers.map((reviewer) => isSwapped(id, reviewer))).size).toBe(2);
  expect((await labels()).rows).toEqual([
    {
      id: "q1",
      input: "q1?",
      output_1: "q1 first",
      output_2: "q1 second",
      label: 1,
      verdicts: 20,
      tags: {},
    },
  ]);
  expect(await next("late")).toBeNull();
});

test("known items stay, ratings have words of their own, and what is undecided has no label", async () => {
  const rated = { id: "q2", input: "?", answer: "Paris.", tags: { topic: "x" } };
  expect((await add([rated], { reviewers: 2 })).json()).toEqual({ added: 1, known: 0 });
  expect((await add([rated, pair("q3")])).json()).toEqual({ added: 1, known: 1 });
  const id = reviewId({ queue: "q", item: "q2" });
  const wrong = await judge(id, "ann", "a");
  expect(wrong.statusCode).toBe(400);
  expect(wrong.json().detail).toContain("pass or fail is wanted, it is a");
  await judge(id, "ann", "pass");
  const rows = async () => (await labels()).rows.find((row: { readonly id: string }) => row.id === "q2");
  expect(await rows()).toMatchObject({ answer: "Paris.", label: "pass", verdicts: 1, tags: { topic: "x" } });
  await judge(id, "bob", "fail");
  expect(decidedValue([1, 0])).toBeUndefined();
  expect(await rows()).toMatchObject({ label: null, verdicts: 2 });
  expect((await judge(`rev_${"0".repeat(24)}`, "ann", "pass")).statusCode).toBe(404);
});

test("reviewers are compared, and a queue is forgotten", async () => {
  const items = ["q1", "q2", "q3", "q4"].map((id) => ({ id, input: "?", answer: id }));
  await add(items, { reviewers: 2 });
  for (const [at, { id: item }] of items.entries()) {
    const id = reviewId({ queue: "q", item });
    await judge(id, "ann", at < 2 ? "pass" : "fail");
    await judge(id, "bob", at < 3 ? "pass" : "fail");
  }
  const { pairs } = (await world.app.inject("/api/reviews/agreement?queue=q")).json();
  expect(pairs).toMatchObject([{ reviewers: ["ann", "bob"], items: 4, alike: 0.75, kappa: 0.5 }]);
  const first = await labels("&limit=3");
  const second = await labels(`&limit=3&cursor=${first.next_cursor}`);
  expect([first.rows.length, second.rows.length, second.next_cursor]).toEqual([3, 1, null]);
  const gone = await world.app.inject({ method: "DELETE", url: "/api/reviews?queue=q" });
  expect(gone.json()).toEqual({ removed: 4 });
  expect((await labels()).rows).toEqual([]);
});

test.each([
  [{ items: [{ id: "q", input: "?" }] }, "either `answer` or `answers`"],
  [{ items: [] }, "items"],
  [{ reviewers: 0 }, "reviewers"],
])("%j is refused", async (more, why) => {
  const answer = await add([pair("q1")], more);
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain(why);
});
