/**
 * Connects core to Node's HTTP server, and to the frameworks that are built on it.
 *
 * @module
 */
export { headersByName } from '../model/headers.js';
export { type FrameworkView, fromIncomingMessage, type NodeRequest } from './from-incoming-message.js';
export {
  headersOfOtherAnswers,
  isOver,
  type NodeResponse,
  type ResponseState,
  sendDenial,
  setHeaders,
} from './send-decision.js';
