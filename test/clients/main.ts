import { readFile, writeFile } from "node:fs/promises";
import { clientSet, clientSets } from "./client-sets.ts";
import { compatibilityDocument, compatibilityFiles, triedClients } from "./compatibility-document.ts";
import { runSets } from "./run-sets.ts";

/**
 * `npm run test:clients` installs every set of clients beside the project and runs its suites; `-- oldest genkit` some of
 * them. What a set told in which all is as expected is kept in docs/compatibility.json, from which docs/compatibility.md
 * is made. Exits with 1 when a fact is not as expected.
 */

const names = process.argv.slice(2);
const tried = await runSets(names.length > 0 ? names.map(clientSet) : clientSets, (line) =>
  process.stdout.write(`${line}\n`),
);
await keep();
process.exitCode = tried.some(({ failures }) => failures.length > 0) ? 1 : 0;

/** The newest of each set that there still is, in the sets' order. */
async function keep(): Promise<void> {
  const before = triedClients.parse(JSON.parse(await readFile(compatibilityFiles.results, "utf8")));
  const clients = clientSets.flatMap(({ name }) => {
    const now = tried.find((one) => one.name === name && one.failures.length === 0);
    return now?.clients ?? before.filter(({ set }) => set === name);
  });
  await writeFile(compatibilityFiles.results, `${JSON.stringify(clients, null, 2)}\n`);
  await writeFile(compatibilityFiles.document, compatibilityDocument(clients));
}
