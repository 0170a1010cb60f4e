import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../src/db/postgres-url.ts';
import { refuseOtherUrl, withoutPassword } from '../../src/values/database-url.ts';

test.each([
  ['postgres://u:pa/55word@host/db', /55word|pa/],
  ['postgres://u:12/55word@host/db', /55word|12/],
  ['postgres://u:12?55word@host/db', /55word|12/],
  ['postgres://u:12#55word@host/db', /55word|12/],
  ['postgres://u:pa@55word@host/db', /55word|pa/],
  ['postgres://u:55word@host/db', /55word/],
  ['postgres:u:55word@host/db', /55word/],
  ['mysql://u:55word@host/db', /55word/],
])('of %s no password is shown', (text, secret) => {
  expect(withoutPassword(text)).not.toMatch(secret);
  let said = '';
  try {
    parsePostgresUrl(text);
  } catch (error) {
    said = `${error instanceof Error ? error.message : ''} ${JSON.stringify(error)}`;
  }
  expect(said).not.toMatch(/55word/);
});

test('a user at a socket needs no host', () => {
  const { host, user, password, database } = parsePostgresUrl('postgres://ann:pw@/cars?host=/run/pg');
  expect({ host, user, password, database }).toEqual({
    host: '/run/pg',
    user: 'ann',
    password: 'pw',
    database: 'cars',
  });
});

test('a database of another kind is no file', () => {
  expect(() => refuseOtherUrl('mysql://u:55word@host/db')).toThrow(/another kind, `mysql`$/);
  for (const given of ['postgres://host/db', 'tph.db', '/a//b', 'C:\\tph.db']) refuseOtherUrl(given);
});
