/**
 * What connects core to Node's own HTTP server, and to every framework that is built on it.
 *
 * @module
 */
export { headersByName } from '../model/headers.js';
export { type FrameworkView, fromIncomingMessage, type NodeRequest } from './from-incoming-message.js';
export {
  isOver,
  type NodeResponse,
  type ResponseState,
  representationHeaders,
  sendDenial,
  setHeaders,
} from './send-decision.js';
