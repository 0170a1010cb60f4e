import { readFileSync } from 'node:fs';
import { setImmediate as otherRequests } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { openApiDocument } from '../contract/openapi.ts';

/** Everything of the explorer comes from this server; nothing may be fetched from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tph API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="explorer"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const assets = [
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
] as const;

/** Serves the API reference: `/openapi.json`, and at `/docs` a page to read it and to try it. Answers the paths. */
export function addExplorer(app: FastifyInstance, version: string): readonly string[] {
  let document: Promise<string> | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    document ??= openApiDocument(z, version, otherRequests).then((made) => JSON.stringify(made));
    return reply.header('content-type', 'application/json; charset=utf-8').send(await document);
  });
  const page = (path: string, type: string, content: () => string | Buffer): string => {
    app.get(path, (_request, reply) =>
      reply.headers({ 'content-security-policy': POLICY, 'content-type': type }).send(content()),
    );
    return path;
  };
  const files = assets.map(([name, type]) => page(`/docs/${name}`, type, reader(name)));
  app.get('/docs/', (_request, reply) => reply.redirect('/docs', 308));
  return [
    '/openapi.json',
    '/docs/',
    page('/docs', 'text/html; charset=utf-8', () => PAGE),
    page('/docs/start.js', 'text/javascript; charset=utf-8', () => START),
    ...files,
  ];
}

function reader(name: string): () => Buffer {
  let content: Buffer | undefined;
  return () => {
    content ??= readFileSync(fileURLToPath(new URL(`${__TPH_EXPLORER__}${name}`, import.meta.url)));
    return content;
  };
}
