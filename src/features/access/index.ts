export { credentialOf } from "./credential.ts";
export { isLoopback, startRefusal, type ApiKey, type Principal, type Scope } from "./domain.ts";
export { Pepper, pepperLengthMin } from "./pepper.ts";
export { Access, type AccessEvent, type CreatedKey, type KeyRequest } from "./service.ts";
export {
  createdKeyReply,
  createdKeyView,
  createKeyBody,
  keyParams,
  keyReply,
  keyRequestOf,
  keyView,
  listKeysReply,
} from "./schema.ts";
export type { KeyStore } from "./store.ts";
export { postgresKeyStore } from "./store.postgres.ts";
