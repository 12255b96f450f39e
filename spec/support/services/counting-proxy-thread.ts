/** Hands requests on to a server as they are, its answers back, and notes them: in a thread, since who asks may sleep meanwhile. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const seen: string[] = [];
const { hostname, port } = new URL(workerData as string);

const server = createServer((asked, answer) => {
  const { method = '', url = '', headers } = asked;
  seen.push(`${method} ${url}`);
  // The host is part of what was signed, and stays that of the proxy.
  const onwards = request({ hostname, port, method, path: url, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onwards.on('error', () => answer.destroy());
  asked.pipe(onwards);
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
parentPort?.on('message', () => {
  parentPort?.postMessage(seen.splice(0));
});
