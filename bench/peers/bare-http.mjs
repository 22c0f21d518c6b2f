import { createServer } from 'node:http';

// The least that a Node.js server can do: a constant JSON answer of the size of the health route's.
const body = '{"status":"ok","check":"shallow","env":"envA","region":"eu-central-1"}';
createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}).listen(Number(process.argv[2]), '127.0.0.1');
