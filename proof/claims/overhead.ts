import type { JudgedFigure } from "../../bench/overhead/figure.ts";
import { readOptions } from "../../bench/overhead/options.ts";
import { mainRatioMax } from "../../bench/overhead/wanted.ts";
import { runOverhead } from "../../bench/overhead/run-overhead.ts";
import type { Claim } from "../claim.ts";

/** What stands in the table: who asks for a figure first asks for these. */
const headlines = [
  "pass-openai 2KB, 16 at once: CPU of the main thread",
  "translate 2KB, 16 at once: CPU of the main thread",
  "pass-openai 2KB, one at a time: p50 added",
  "pass-openai stream: first token",
];

/** The bench beside a bare proxy; what is wanted of each figure stands in bench/overhead/wanted.ts. */
export const claim: Claim = {
  id: "overhead",
  title: "Keys, prices, deadlines and the log on, Signalbox costs little more than a bare node:http proxy",
  wanted:
    "every ratio to the bare proxy within its bound (CPU of the main thread: 2x passing, 3x translating)",
  async run({ short }) {
    const { figures } = await runOverhead(readOptions(short ? ["--short"] : []), () => undefined);
    const wanted = figures.filter(({ wantedMax }) => wantedMax !== undefined);
    const failed = wanted.filter(({ verdict }) => verdict === "fails");
    const ratios = figures.filter(
      ({ name, target, unit }) => unit === "x" && target === "postgres" && headlines.includes(name),
    );
    return {
      ok: failed.length === 0,
      ...(short && {
        judgedBy: `no gross loss of speed: main thread at most ${mainRatioMax("pass-openai", true)}x passing, ${mainRatioMax("translate", true)}x translating. The claim's own 2x and 3x are not judged in the short form`,
      }),
      figure: `${wanted.length - failed.length} of ${wanted.length} figures; ${ratios.map(told).join("; ")}`,
      details: [...failed, ...wanted.filter(({ verdict }) => verdict === "holds")].map(
        (figure) =>
          `${figure.verdict}: ${figure.target}, ${told(figure)} (wanted: at most ${figure.wantedMax})`,
      ),
    };
  },
};

function told({ name, value, unit }: JudgedFigure): string {
  return `${name} ${value.toPrecision(3)} ${unit}`;
}
