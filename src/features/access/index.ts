export { credentialOf } from "./credential.ts";
export { isLoopback, type ApiKey, type Principal } from "./domain.ts";
export { Pepper } from "./pepper.ts";
export { Access } from "./service.ts";
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
