import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { REQUEST_ID_HEADER } from '../contract/http.ts';
import { TphError } from '../values/error.ts';
import { commonHeaders, problemOf } from './problem.ts';

/** How many connections beyond the limit are told so at a time; more are closed without a word. */
const TOLD = 64;
/** How long the other side of a connection that ends may take to hang up, in milliseconds. */
const LEAVING = 1000;

/** What a server's connections are told once they are bounded. */
export interface BoundConnections {
  /** Closes the connections on which nothing was asked, which a server that stops would wait for; takes no more. */
  readonly stop: () => void;
}

/**
 * Holds a server to so many connections at once. What comes beyond is answered 503 before it can ask for anything,
 * so that nothing of it is carried out, and closed; a flood is closed unanswered, so that files stay free.
 */
export function boundConnections(server: Server, most: number): BoundConnections {
  server.maxConnections = most + TOLD;
  const take = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const open = new Set<Socket>();
  let stopping = false;
  server.on('connection', (socket: Socket) => {
    if (stopping) {
      socket.destroy();
      return;
    }
    if (open.size >= most) {
      refuse(socket);
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    for (const listener of take) listener.call(server, socket);
  });
  return {
    stop: () => {
      stopping = true;
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

function refuse(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  // What it sends is read and dropped: unread, it would take the answer with it.
  socket.resume();
  const busy = new TphError('UNAVAILABLE', 'too many connections', { hint: 'try again in a moment' });
  answerRaw(socket, 'Service Unavailable', busy);
}

/** Answers a connection that no request could be read from, and ends it, whether or not the other side hangs up. */
export function answerRaw(socket: Duplex, reason: string, error: TphError): void {
  const requestId = randomUUID();
  const { problem, headers } = problemOf(error, '', requestId);
  const body = JSON.stringify(problem);
  const lines = Object.entries({
    date: new Date().toUTCString(),
    ...commonHeaders,
    [REQUEST_ID_HEADER]: requestId,
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const hangUp = setTimeout(() => socket.destroy(), LEAVING);
  socket.once('close', () => clearTimeout(hangUp));
  socket.end(`HTTP/1.1 ${problem.status} ${reason}\r\n${lines.join('')}\r\n${body}`);
}
