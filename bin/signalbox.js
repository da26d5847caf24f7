#!/usr/bin/env node
// Starts Signalbox: from its TypeScript sources in the repository, from the compiled files in the published package
// (Node strips no types under node_modules). The guard is imported first, so that an old Node is told what to do.

import "./require-node.js";
import { existsSync } from "node:fs";

const source = new URL("../src/main.ts", import.meta.url);
const compiled = new URL("../dist/src/main.js", import.meta.url);

await import(existsSync(source) ? source.href : compiled.href);
