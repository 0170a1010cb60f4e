import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationTable } from '../../src/contract/http.ts';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document, looked into at many depths
let document: any;
beforeAll(async () => {
  home = await openShop();
  document = (await home.send('//openapi.json', { token: null })).json;
});
afterAll(() => home.close());

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly requestBody?: { readonly content: Record<string, { readonly example: unknown }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly example: unknown }> }>;
}
const described = (): readonly Described[] =>
  Object.values(document.paths as Record<string, Record<string, Described>>).flatMap((item) =>
    Object.values(item),
  );

describe('the OpenAPI document', () => {
  it('passes a public linter without a finding', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  }, 60_000);

  it('has every path of every operation, each with a summary, an example and its errors', () => {
    const paths = Object.values(operationTable).flatMap(({ http }) =>
      http.paths.map((path) => `${http.method} ${path}`),
    );
    expect(described()).toHaveLength(paths.length);
    for (const { operationId, summary, responses, requestBody } of described()) {
      expect(summary, operationId).toMatch(/^[A-Z].+/);
      expect(responses['200']?.content?.['application/json']?.example, operationId).toBeDefined();
      for (const status of ['400', '401', '403', '404', '429', '500', '503'])
        expect(Object.keys(responses), operationId).toContain(status);
      if (requestBody !== undefined)
        expect(requestBody.content['application/json']?.example, operationId).toBeDefined();
    }
  });

  it('names each operation once', () => {
    const names = described().map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the explorer', () => {
  it('is made of files of this server alone', async () => {
    const page = await home.send('//docs', { token: null });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.filter((file) => !file.startsWith('/docs/') && file !== 'data:,')).toEqual([]);
    for (const file of files.filter((one) => one.startsWith('/'))) {
      const answer = await home.send(`/${file}`, { token: null });
      expect(answer.status, file).toBe(200);
      expect(answer.text.length, file).toBeGreaterThan(100);
      if (file.endsWith('.css')) expect(answer.text).not.toMatch(/url\(["']?(https?:)?\/\//);
    }
  });
});
