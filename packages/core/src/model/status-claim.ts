import type { JsonObject, JsonValue } from '../jws/json.js';

/**
 * Whether a `status` claim refers to a Token Status List: whether it is an object with a member
 * `status_list` (draft-ietf-oauth-status-list-21 section 6.1). The reference may be malformed.
 * Issuers also use the name `status` for private claims, such as `"active"`.
 */
export function refersToStatusList(status: JsonValue | undefined): status is JsonObject {
  if (typeof status !== 'object' || status === null || Array.isArray(status)) return false;
  return (status as JsonObject)['status_list'] !== undefined;
}
