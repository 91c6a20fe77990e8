/**
 * What connects core to Node's own HTTP server, and to every framework that is built on it.
 *
 * @module
 */
export { type FrameworkView, fromIncomingMessage, type NodeRequest } from './from-incoming-message.js';
export { isOver, type NodeResponse, sendDenial, setHeaders } from './send-decision.js';
