import { clientSet, clientSets } from "../../test/clients/client-sets.ts";
import { runSets } from "../../test/clients/run-sets.ts";
import type { Claim } from "../claim.ts";

/** The set that is installed and run in the shortest time. */
const shortest = "langserve";

/** Clients in their oldest and newest versions, each set installed beside the project; docs/compatibility.md has the table. */
export const claim: Claim = {
  id: "clients",
  title:
    "Clients work in their oldest and newest versions, Genkit, LangGraph and LangServe's RemoteRunnable too",
  wanted: "every fact as expected, but what docs/compatibility.md tells of a client",
  async run({ short }) {
    const sets = short ? [clientSet(shortest)] : clientSets;
    const tried = await runSets(sets, () => undefined);
    const clients = tried.flatMap(({ clients }) => clients);
    const failures = tried.flatMap(({ failures }) => failures);
    const passed = tried.reduce((sum, one) => sum + one.passed, 0);
    const names = new Set(clients.map(({ client }) => client));
    const held = clients.map(
      ({ client, age, held, facts }) => `${client}, ${age}: ${held} of ${facts} facts hold`,
    );
    return {
      ok: failures.length === 0,
      figure: `${passed} of ${passed + failures.length} facts as expected, ${names.size} clients`,
      ...(short && { judgedBy: `the set ${shortest} alone` }),
      details: [...held, ...failures],
    };
  },
};
