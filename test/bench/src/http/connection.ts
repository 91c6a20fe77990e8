import { connect, type Socket } from 'node:net';

/**
 * A keep-alive connection that parses as little of a response as possible, to keep the client
 * cheap.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #waiting: ((status: number) => void)[] = [];
  #received = '';
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (cause) => this.#end(cause));
    socket.on('close', () => this.#end(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  /**
   * Sends a request, queued behind those whose responses are pending.
   *
   * @returns the status of the response
   */
  send(request: string): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push((status) => (status === 0 ? reject(this.#failure) : resolve(status)));
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#failure ??= new Error('closed');
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, end + 2))?.[1];
      if (length === undefined) return void this.#socket.destroy(new Error('a response without Content-Length'));
      const size = end + 4 + Number(length);
      if (this.#received.length < size) return;
      const status = Number(this.#received.slice(9, 12));
      this.#received = this.#received.slice(size);
      this.#waiting.shift()?.(status);
    }
  }

  #end(cause: Error): void {
    this.#failure ??= cause;
    for (const settle of this.#waiting.splice(0)) settle(0);
  }
}

/** The text of a request; without credentials when `token` is empty. */
export function requestText(port: number, token: string): string {
  return [
    'GET /reports HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'User-Agent: bench',
    'Accept: application/json',
    ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    '\r\n',
  ].join('\r\n');
}
