/**
 * `createServer` of node:http. Not by an import: that evaluates every export of the module, WebSocket among them, and
 * with it loads Node's own copy of undici, which takes 16 MB and is never used (Node 26.10, measured 2026-11-25).
 */
export const { createServer } = process.getBuiltinModule("node:http");
