// Swagger UI has a dark look and leaves the choice to the page: it follows the system, also when that changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followSystem = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
followSystem();
dark.addEventListener("change", followSystem);

/**
 * Swagger UI walks the whole document for each part that is opened, which takes seconds in one of this size. Whatever
 * stands at `path` is resolved in a document of that part and of the components that it leads to: the same result.
 */
function resolvingPartByPart(system) {
  const { resolveSubtree } = system.fn;
  return {
    fn: { resolveSubtree: (whole, path, options) => resolveSubtree(partOf(whole, path), path, options) },
  };
}

function partOf(whole, path) {
  const part = { ...whole, paths: {}, components: {} };
  const waiting = [copied(whole, part, path)];
  const reached = new Set();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    const pointer = value.$ref;
    if (typeof pointer === "string" && pointer.startsWith("#/") && !reached.has(pointer)) {
      reached.add(pointer);
      waiting.push(copied(whole, part, keysOf(pointer)));
    }
    waiting.push(...Object.values(value));
  }
  return part;
}

/** Puts what stands at `keys` of `whole` to the same place of `part`; gives it, or undefined where nothing stands. */
function copied(whole, part, keys) {
  const value = keys.reduce((inside, key) => inside?.[key], whole);
  if (value === undefined) return undefined;
  const holder = keys.slice(0, -1).reduce((inside, key) => (inside[key] ??= {}), part);
  holder[keys.at(-1)] = value;
  return value;
}

/** The keys of a JSON pointer in a URL's fragment (RFC 6901, section 6). */
function keysOf(pointer) {
  const keys = decodeURIComponent(pointer.slice(2)).split("/");
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

// Swagger UI over the document of this very Signalbox. Nothing is loaded from elsewhere: no validator badge either.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [resolvingPartByPart],
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
