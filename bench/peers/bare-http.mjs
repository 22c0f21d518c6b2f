import { createServer } from 'node:http';

// The least that a Node.js server can do: a constant JSON answer, once a body, if there may be one, has been read.
const [port, body = '{"status":"ok","check":"shallow","env":"envA","region":"eu-central-1"}'] = process.argv.slice(2);
createServer((request, response) => {
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  };
  if (request.method === 'GET') answer();
  else request.resume().on('end', answer);
}).listen(Number(port), '127.0.0.1');
