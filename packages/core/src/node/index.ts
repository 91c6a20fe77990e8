/**
 * What connects core to Node's own HTTP server, and to every framework that is built on it.
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
