/**
 * Saying no in HTTP, and hearing it: an answer that tells what to do next, and the error that it becomes at the client.
 *
 * Nothing of the request is repeated in an answer. Source: RFC 9110 §15 (status codes), §15.5.22 (426 and Upgrade).
 */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromDuplex } from '../stream.ts';
import { closeInTime } from './idle.ts';

export interface Refusal {
  readonly status: number;
  /** One line for the person at the other end. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refusals = {
  path: { status: 404, text: 'There is nothing at this path.' },
  host: { status: 400, text: 'A request must name its host.' },
  origin: { status: 403, text: 'Pages of this origin may not connect here.' },
  protocol: { status: 403, text: 'This connection was refused.' },
  fault: { status: 500, text: 'The server failed to take this connection; its log says why.' },
  version: { status: 505, text: 'Use HTTP/1.1.' },
  body: { status: 400, text: 'This request must not have a body: send bytes behind the answer.' },
  coding: { status: 501, text: 'Send the body as it is or in chunks, in no other transfer coding.' },
  pipelined: { status: 503, text: 'One request at a time: wait for the end of the one before.' },
} satisfies Record<string, Refusal>;

export const isRefusal = (answer: object): answer is Refusal => 'status' in answer;

const headersOf = ({ text, headers }: Refusal) => ({
  ...headers,
  'content-type': 'text/plain; charset=utf-8',
  'content-length': String(Buffer.byteLength(text) + 1),
});

/** Answer on a socket that has left Node's HTTP behind, and close it. */
export function refuseOnSocket(socket: Duplex, refusal: Refusal, abortTimeout: number): void {
  const fields = Object.entries({ ...headersOf(refusal), connection: 'close' });
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...fields.map(field => field.join(': ')),
  ];
  const connection = fromDuplex(socket);
  connection.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${refusal.text}\n`));
  closeInTime(connection, abortTimeout);
}

/** Answer a request, and close its connection: what follows of its body is not worth reading. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, { ...headersOf(refusal), connection: 'close' });
  response.end(`${refusal.text}\n`);
}

/** The headers of a refusal on HTTP/2, which has no connections to close. */
export const http2Refusal = (refusal: Refusal) => ({ ':status': refusal.status, ...headersOf(refusal) });

/** What to do about an answer, by its status. */
const advice: Readonly<Record<number, string>> = {
  400: 'compare the request with what the server expects',
  401: 'give `headers` an authorization',
  403: 'ask whoever runs the server to let you in',
  404: 'check the path',
  405: 'check the path and what it is for',
  407: 'give `headers` a proxy-authorization',
  426: 'ask for a protocol that it offers',
  501: 'ask for a protocol that it knows',
  503: 'try again later',
};

/** The error for an answer that is not the one that was asked for; `code` is `HTTP_` and the status. */
export function refusedWith(status: number, asked: string, offered?: string): Error {
  const offer = offered === undefined ? '' : `, it offers ${JSON.stringify(offered.slice(0, 200))}`;
  const answer = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const next = advice[status] ?? 'this is not a server for it; check the address';
  return Object.assign(new Error(`${asked} was answered with ${answer}${offer}: ${next}`), { code: `HTTP_${status}` });
}

/** The same for an answer of HTTP/1.1. */
export const refusedBy = ({ statusCode = 0, headers }: IncomingMessage, asked: string): Error =>
  refusedWith(statusCode, asked, headers.upgrade);
