import { hash, randomBytes } from 'node:crypto';
import type { Page } from '../contract/change.ts';
import type { CreatedToken, NewToken, RevokedToken, Role, Token, TokenListInput } from '../contract/token.ts';
import { writeAudit } from '../db/audit.ts';
import { loadLabels } from '../db/present.ts';
import { insertToken, markRevoked, type TokenRow, tokenRows } from '../db/tokens.ts';
import type { ObjectType, ReferenceInput } from '../records/field.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseIdOrDecimal } from '../values/id.ts';
import { flagInput, instantInput, listInput, referenceInput, refuseInput, textInput } from './input.ts';
import { resolveReference } from './references.ts';
import { dryRunFlag } from './report.ts';
import { newId, type Work } from './work.ts';

/** What is kept of a token. It has 256 random bits, so that a plain hash suffices. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url');

/** Whose rows a role reads: the field that says it, needed for these roles and refused for all others. */
const subjects: Readonly<Record<Role, { field: 'driver' | 'customer'; type: ObjectType } | null>> = {
  ADMIN: null,
  OPERATOR: null,
  DRIVER_APP: { field: 'driver', type: 'Driver' },
  CUSTOMER_APP: { field: 'customer', type: 'Customer' },
};

/** Makes a token. Its secret is in the answer, and nowhere else afterwards. */
export async function createToken(work: Work, input: NewToken): Promise<CreatedToken> {
  const name = textInput(input.name, 'name', 200);
  if (name === '') throw refuseInput('name', name, 'is empty', 'name who bears the token');
  // A token is revoked by its name or its id, so that no name may look like an id.
  if (parseIdOrDecimal(name) !== undefined)
    throw refuseInput('name', name, 'looks like an id', 'give another name');
  if (!Object.hasOwn(subjects, input.role))
    throw refuseInput('role', input.role, 'is no role', `give one of ${Object.keys(subjects).join(', ')}`);
  const expiresAt = instantInput(input.expiresAt ?? undefined, 'expiresAt') ?? null;
  if (expiresAt !== null && expiresAt <= work.now)
    throw refuseInput('expiresAt', expiresAt, 'is past', 'give a later time, or none');
  const named = await subjectOf(work, input);
  const groups: Id[] = [];
  for (const group of listInput(input.groups, 'groups'))
    groups.push(await idOf(work, 'Group', group, 'groups'));
  if (groups.length > 0 && input.role !== 'OPERATOR')
    throw refuseField(
      'groups',
      `groups mean nothing for ${input.role}`,
      'leave them out, or make it an OPERATOR',
    );
  if (
    (await tokenRows(work.queries, work.client.id)).some((one) => one.name === name && one.revokedAt === null)
  )
    throw new TphError('CONFLICT', `there is a token ${quote(name)} already`, {
      hint: `revoke it with \`tph token revoke\`, or give another name`,
      details: [{ field: 'name', value: name, message: 'the name is taken' }],
    });
  const token: TokenRow = {
    id: await newId(work),
    name,
    role: input.role,
    ...named,
    groups: [...new Set(groups)],
    createdDate: work.now,
    createdBy: work.actor,
    expiresAt,
    revokedAt: null,
  };
  const secret = `tph_${randomBytes(32).toString('base64url')}`;
  await insertToken(work.queries, work.client.id, token, hashToken(secret));
  const [shown] = await shownTokens(work, [token]);
  await audit(work, null, shown as Token);
  // Of a dry run nothing is stored: its secret would open nothing.
  return { ...(shown as Token), ...(work.dryRun ? {} : { token: secret }), ...dryRunFlag(work) };
}

async function subjectOf(work: Work, input: NewToken): Promise<{ driver: Id | null; customer: Id | null }> {
  const wanted = subjects[input.role];
  for (const field of ['driver', 'customer'] as const) {
    if (field === wanted?.field && input[field] === undefined)
      throw refuseField(field, `${input.role} reads the rows of one ${field}`, `give the ${field}`);
    if (field !== wanted?.field && input[field] !== undefined)
      throw refuseField(field, `${field} means nothing for ${input.role}`, 'leave it out');
  }
  const one = async (field: 'driver' | 'customer', type: ObjectType) =>
    input[field] === undefined ? null : idOf(work, type, input[field], field);
  return { driver: await one('driver', 'Driver'), customer: await one('customer', 'Customer') };
}

const refuseField = (field: string, message: string, hint: string) =>
  invalid(message, hint, [{ field, message, hint }]);

const idOf = (work: Work, type: ObjectType, given: ReferenceInput, field: string): Promise<Id> =>
  resolveReference(work, type, referenceInput(given, field), field);

/** The client's tokens, oldest first; expired and revoked ones only when asked for. */
export async function listTokens(work: Work, input: TokenListInput): Promise<Page<Token>> {
  const all = flagInput(input.all, 'all');
  const shown = await shownTokens(work, await tokenRows(work.queries, work.client.id));
  return { items: shown.filter((one) => all || one.state === 'ACTIVE'), nextCursor: null };
}

/** Revokes a token, by its id or its name. Revoking twice changes nothing. */
export async function revokeToken(work: Work, { ref }: { readonly ref: string }): Promise<RevokedToken> {
  const text = textInput(ref, 'ref');
  const id = parseIdOrDecimal(text);
  const found = (await tokenRows(work.queries, work.client.id)).filter((one) =>
    id === undefined ? one.name === text : one.id === id,
  );
  const row = found.find((one) => one.revokedAt === null) ?? found.at(-1);
  if (row === undefined)
    throw new TphError('NOT_FOUND', `there is no token ${quote(text)}`, {
      hint: 'list them with `tph token list`',
      details: [{ field: 'ref', value: text, message: `there is no token ${quote(text)}` }],
    });
  const [before] = await shownTokens(work, [row]);
  if (row.revokedAt !== null) return { ...(before as Token), changed: false, ...dryRunFlag(work) };
  await markRevoked(work.queries, work.client.id, row.id, work.now);
  const [after] = await shownTokens(work, [{ ...row, revokedAt: work.now }]);
  await audit(work, before as Token, after as Token);
  return { ...(after as Token), changed: true, ...dryRunFlag(work) };
}

async function shownTokens(work: Work, rows: readonly TokenRow[]): Promise<readonly Token[]> {
  const labels = await loadLabels(
    work.queries,
    work.client.id,
    rows.flatMap((row): (readonly [ObjectType, Id])[] => [
      ...row.groups.map((id) => ['Group', id] as const),
      ...(row.driver === null ? [] : [['Driver', row.driver] as const]),
      ...(row.customer === null ? [] : [['Customer', row.customer] as const]),
    ]),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    groups: row.groups.map((id) => labels('Group', id)),
    driver: row.driver === null ? null : labels('Driver', row.driver),
    customer: row.customer === null ? null : labels('Customer', row.customer),
    createdDate: row.createdDate,
    createdBy: row.createdBy,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    state: stateOf(row, work),
  }));
}

function stateOf(row: TokenRow, work: Work): Token['state'] {
  if (row.revokedAt !== null) return 'REVOKED';
  return row.expiresAt !== null && row.expiresAt <= work.now ? 'EXPIRED' : 'ACTIVE';
}

/** Tokens are no records: what happens to them stands in the trail as a change of the client. */
async function audit(work: Work, before: Token | null, after: Token): Promise<void> {
  await writeAudit(work.queries, work.client.id, {
    id: await newId(work),
    at: work.now,
    actor: work.actor,
    reason: work.reason,
    operation: work.operation,
    action: 'UPDATE',
    objectType: 'Client',
    objectId: work.client.id,
    objectName: work.client.name,
    before: { token: before },
    after: { token: after },
  });
}
