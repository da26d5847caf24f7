/** A request that cannot be put to a LangChain model: the same wherever it is tried. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
}
