import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { DocumentText } from "#http/openapi/cached-document.ts";

/** Everything from here, nothing from elsewhere, no inline script. Swagger UI draws its icons from data: URLs. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The files of Swagger UI that its page needs; the package holds 20 MB of others. */
const swaggerFiles: ReadonlySet<string> = new Set(["/swagger-ui.css", "/swagger-ui-bundle.js"]);

const pages: Readonly<Record<string, string>> = {
  "/": "index.html",
  "/docs": "docs.html",
  "/playground": "playground.html",
};

/** Serves the pages, the files they use, and `/openapi.json`. */
export async function registerPages(app: FastifyInstance, document: () => DocumentText): Promise<void> {
  app.get("/openapi.json", (request, reply) => {
    const { json, etag } = document();
    void reply.headers({ etag, "cache-control": "no-cache" });
    if (request.headers["if-none-match"] === etag) return reply.code(304).send();
    return reply.type("application/json").send(json);
  });
  // Pages are few and small and live in this folder, in the repository and in the package alike.
  await app.register(fastifyStatic, {
    root: join(import.meta.dirname, "static"),
    prefix: "/pages/",
    index: false,
    cacheControl: false,
    setHeaders: setPageHeaders,
  });
  await app.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json")),
    prefix: "/docs/assets/",
    decorateReply: false,
    index: false,
    cacheControl: false,
    allowedPath: (path) => swaggerFiles.has(path),
    setHeaders: setPageHeaders,
  });
  for (const [path, file] of Object.entries(pages)) {
    app.get(path, (_request, reply) => reply.sendFile(file));
  }
}

function setPageHeaders(reply: FastifyReply): void {
  void reply.headers({ "content-security-policy": pagePolicy, "cache-control": "no-cache" });
}
