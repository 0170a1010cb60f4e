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

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly description?: string;
}
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
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
    // And `/healthz` and `/readyz`.
    const operations = described().filter(({ tags }) => !tags.includes('server'));
    expect(operations).toHaveLength(paths.length);
    expect(described()).toHaveLength(paths.length + 2);
    for (const { operationId, summary, responses, requestBody } of operations) {
      expect(summary, operationId).toMatch(/^[A-Z].+/);
      expect(responses['200']?.content?.['application/json']?.example, operationId).toBeDefined();
      for (const status of ['400', '401', '403', '404', '429', '500', '503'])
        expect(Object.keys(responses), operationId).toContain(status);
      if (requestBody !== undefined)
        expect(requestBody.content['application/json']?.example, operationId).toBeDefined();
    }
  });

  it('says what each parameter is for', () => {
    const silent = described().flatMap(({ operationId, parameters }) =>
      (parameters ?? [])
        .filter(({ $ref, description = '' }) => $ref === undefined && !/^[A-Z`].{6,}\.$/.test(description))
        .map(({ name }) => `${operationId} ${name}`),
    );
    expect(silent).toEqual([]);
  });

  it('tells of conditional headers where they mean something, and nowhere else', () => {
    const taking = (header: string) =>
      described()
        .filter(({ parameters }) => parameters?.some(({ $ref }) => $ref?.endsWith(`/${header}`)))
        .map(({ operationId }) => operationId);
    expect(taking('ifMatch')).toEqual(
      expect.arrayContaining(['driverUpdate', 'customerAddTag', 'tripDelete']),
    );
    for (const name of ['driverCreate', 'settingsSet', 'releaseCommit', 'tokenRevoke', 'driverGet'])
      expect(taking('ifMatch')).not.toContain(name);
    expect(taking('ifNoneMatch')).toContain('driverGet');
    expect(document.paths['/client/{clientId}/driver/{driverId}'].get.responses).toHaveProperty('304');
    expect(taking('idempotencyKey')).toContain('driverCreate');
    expect(taking('idempotencyKey')).not.toContain('tokenCreate');
    for (const { operationId } of described().filter(({ tags }) => !tags.includes('server')))
      for (const header of ['at', 'requestId']) expect(taking(header)).toContain(operationId);
  });

  it('says what a request must have, and which fields apps are not shown', () => {
    const { schemas } = document.components;
    expect(schemas.DriverCreateRequest.required).toEqual(['callsign']);
    expect(schemas.DriverCustomerCreateRequest.required).toEqual(['driver', 'customer']);
    expect(schemas.DriverUpdateRequest.required).toBeUndefined();
    expect(schemas.CustomerCreateRequest.properties.password.anyOf[0]).toMatchObject({ minLength: 8 });
    for (const type of ['Driver', 'Customer', 'DriverCustomer', 'DriverScp', 'Trip', 'AccountEmployee'])
      for (const name of ['clientId', 'notes', 'managementNote'])
        expect(schemas[type].required, type).not.toContain(name);
    expect(schemas.AccountDepartment.required).toContain('clientId');
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
