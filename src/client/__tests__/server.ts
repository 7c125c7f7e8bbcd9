import type { IncomingMessage, Server, ServerResponse } from 'http';
import { createServer } from 'http';
import type { AddressInfo } from 'net';

import { ServerConnection } from '@jupyterlab/services';

import type { Event, Notice } from '../../events';
import { NAMESPACE } from '../request';
import type { Journal } from './journal';

interface ISocket {
  send(data: string): void;
  terminate(): void;
  on(event: 'close', slot: () => void): void;
}

interface ISocketServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: unknown,
    head: unknown,
    done: (socket: ISocket) => void
  ): void;
}

// The package's build for browsers, which Jest chooses by its name, has no server.
const { WebSocketServer } = jest.requireActual<{
  WebSocketServer: new (options: { noServer: true }) => ISocketServer;
}>('../../../node_modules/ws');

/** A follower, as the server sees it. */
export interface IFollowed {
  id: string;
  after: number;
  client: string;
  token: string | null;
  socket: ISocket;
}

/** A request, as the server sees it. */
export interface IReceived {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** A real HTTP and websocket server on a free port, which answers from journals as the extension's does. */
export class TestServer {
  readonly journals = new Map<string, Journal>();
  readonly received: IReceived[] = [];
  readonly followed: IFollowed[] = [];
  /** The followers whose connection is open. */
  readonly open = new Set<IFollowed>();
  /** Whether websockets are refused. */
  refuses = false;
  /** Where there is no notebook any more. */
  gone = '';
  /** What a path answers instead of what it should. */
  readonly failures = new Map<string, [status: number, body: string]>();

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    await new Promise<void>(resolve =>
      server.http.listen(0, '127.0.0.1', resolve)
    );
    return server;
  }

  get settings(): ServerConnection.ISettings {
    const { port } = this.http.address() as AddressInfo;
    return ServerConnection.makeSettings({
      baseUrl: `http://127.0.0.1:${port}/base/`,
      wsUrl: `ws://127.0.0.1:${port}/base/`,
      token: 'secret token',
      appendToken: true
    });
  }

  add(journal: Journal): this {
    this.journals.set(journal.state.conversation_id, journal);
    return this;
  }

  /** Sends a frame to all that follow. */
  emit(frame: Event | Notice): void {
    this.open.forEach(({ socket }) => socket.send(JSON.stringify(frame)));
  }

  /** Cuts every connection without a word. */
  cut(): void {
    this.open.forEach(({ socket }) => socket.terminate());
  }

  async stop(): Promise<void> {
    this.cut();
    this.http.closeAllConnections();
    await new Promise(resolve => this.http.close(resolve));
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse
  ): Promise<void> {
    let text = '';
    for await (const chunk of request) {
      text += String(chunk);
    }
    const path = (request.url ?? '').replace(`/base/${NAMESPACE}/`, '');
    const method = request.method ?? '';
    const body = text ? JSON.parse(text) : {};
    this.received.push({ method, path, body });
    const failure = this.failures.get(path.split('?')[0]);
    const [status, answer] = failure ?? this.respond(method, path, body);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(answer);
  }

  private respond(
    method: string,
    path: string,
    body: Record<string, unknown>
  ): [number, string] {
    const [name, query] = path.split('?');
    const [, id, command] = name.split('/');
    const journal = this.journals.get(id);
    const json = (value: object): [number, string] => [
      200,
      JSON.stringify(value)
    ];
    if (name === 'conversations' && method === 'GET') {
      return json(this.rows(new URLSearchParams(query).get('notebook')));
    }
    if (name === 'conversations') {
      return this.journals.has('new')
        ? [201, '{"conversation_id": "new"}']
        : [409, '{"message": "Not now.", "reason": "Conflict"}'];
    }
    if (name === 'moved') {
      return json({ moved: this.move(body) });
    }
    if (!journal) {
      return [404, `{"message": "No ${name}.", "reason": "Unknown"}`];
    }
    if (method === 'DELETE') {
      return [204, ''];
    }
    return command
      ? json({ seq: 1, run_id: 'r', body })
      : json({ ...journal.state, live: false });
  }

  private move(body: Record<string, unknown>): string[] {
    const ids = body.conversations as string[];
    const moved = ids.filter(
      id => this.journals.get(id)?.state.notebook_path === this.gone
    );
    for (const id of moved) {
      const event = this.journals.get(id)?.append({
        kind: 'notebook_moved',
        notebook_path: String(body.notebook_path),
        root: ''
      });
      this.open.forEach(
        each => each.id === id && each.socket.send(JSON.stringify(event))
      );
    }
    return moved;
  }

  private rows(path: string | null): object[] {
    return [...this.journals.values()]
      .map(({ state }) => ({ ...state, live: false }))
      .filter(row => path === null || row.notebook_path === path);
  }

  private follow(socket: ISocket, url: string): void {
    const { pathname, searchParams } = new URL(url, 'ws://localhost');
    const follower: IFollowed = {
      id: pathname.split('/').slice(-2)[0],
      after: Number(searchParams.get('after')),
      client: searchParams.get('client') ?? '',
      token: searchParams.get('token'),
      socket
    };
    this.followed.push(follower);
    this.open.add(follower);
    socket.on('close', () => this.open.delete(follower));
    const events = this.journals.get(follower.id)?.events ?? [];
    events
      .slice(follower.after)
      .forEach(event => socket.send(JSON.stringify(event)));
  }

  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly http: Server = createServer((request, response) => {
    void this.answer(request, response);
  }).on('upgrade', (request, socket, head) => {
    if (this.refuses) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    } else {
      this.sockets.handleUpgrade(request, socket, head, opened =>
        this.follow(opened, request.url ?? '')
      );
    }
  });
}

/** Resolves as soon as `condition` holds; Jest's own time limit ends what never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
