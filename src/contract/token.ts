import type { Reference, ReferenceInput } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { Page, RefInput } from './change.ts';
import { idSchema, instantSchema, referenceInputSchema, referenceSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

/** What a token lets its bearer do (spec section 6). */
export const ROLES = ['ADMIN', 'OPERATOR', 'DRIVER_APP', 'CUSTOMER_APP'] as const;
export type Role = (typeof ROLES)[number];

/** A bearer token as it is shown: never the secret itself. */
export interface Token {
  readonly id: Id;
  readonly name: string;
  readonly role: Role;
  /** The ACL groups whose departments an OPERATOR sees, besides those that belong to no group. */
  readonly groups: readonly Reference[];
  /** The driver whose rows a DRIVER_APP reads; the customer whose rows a CUSTOMER_APP reads. */
  readonly driver: Reference | null;
  readonly customer: Reference | null;
  readonly createdDate: Instant;
  readonly createdBy: string;
  /** Null: does not expire. */
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly state: 'ACTIVE' | 'EXPIRED' | 'REVOKED';
}

/** A new token with its secret, which is shown this once and stored as a hash; a dry run makes none. */
export type CreatedToken = Token & { readonly token?: string; readonly dryRun?: true };

export interface NewToken {
  /** Who bears it: the actor in the audit trail. Unique among tokens that are not revoked. */
  readonly name: string;
  readonly role: Role;
  readonly groups?: readonly ReferenceInput[] | undefined;
  readonly driver?: ReferenceInput | undefined;
  readonly customer?: ReferenceInput | undefined;
  readonly expiresAt?: Instant | null | undefined;
}

export interface TokenListInput {
  /** Expired and revoked ones too. */
  readonly all?: boolean | undefined;
}

export type RevokedToken = Token & { readonly changed: boolean; readonly dryRun?: true };

const path = '/client/{clientId}/token';
const shape = (z: Z) => ({
  id: idSchema(z),
  name: z.string(),
  role: z.enum(ROLES),
  groups: z.array(referenceSchema(z)),
  driver: referenceSchema(z).nullable(),
  customer: referenceSchema(z).nullable(),
  createdDate: instantSchema(z),
  createdBy: z.string(),
  expiresAt: instantSchema(z).nullable(),
  revokedAt: instantSchema(z).nullable(),
  state: z.enum(['ACTIVE', 'EXPIRED', 'REVOKED']),
});
const dryRun = (z: Z) => z.literal(true).optional();

/** Bearer tokens of a client (spec section 6); ADMIN only. */
export const tokenOperations = {
  'token.create': operation<NewToken, CreatedToken>({
    summary: 'Make a bearer token; its secret is answered this once',
    writes: true,
    http: { method: 'POST', paths: [path] },
    input: schema((z) =>
      z
        .strictObject({
          name: z.string().min(1).max(200),
          role: z.enum(ROLES),
          groups: z.array(referenceInputSchema(z)).max(100).optional(),
          driver: referenceInputSchema(z).optional(),
          customer: referenceInputSchema(z).optional(),
          expiresAt: instantSchema(z).nullable().optional(),
        })
        .meta({
          examples: [{ name: 'night desk', role: 'OPERATOR', groups: [{ id: 'G318767104000000001' }] }],
        }),
    ),
    output: schema((z) => z.strictObject({ ...shape(z), token: z.string().optional(), dryRun: dryRun(z) })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'token.list': operation<TokenListInput, Page<Token>>({
    summary: 'List the bearer tokens of the client, without their secrets',
    writes: false,
    http: { method: 'GET', paths: [path] },
    input: schema((z) => z.strictObject({ all: z.boolean().optional() })),
    output: schema((z) => z.strictObject({ items: z.array(z.strictObject(shape(z))), nextCursor: z.null() })),
    errors: ['INVALID', 'NOT_ALLOWED'],
  }),
  'token.revoke': operation<RefInput, RevokedToken>({
    summary: 'Revoke a bearer token by its name or id; at once, for good',
    writes: true,
    http: {
      method: 'DELETE',
      paths: [`${path}/{tokenName}`],
      params: { tokenName: { to: 'text', field: 'ref' } },
    },
    input: schema((z) => z.strictObject({ ref: z.string().min(1).max(300) })),
    output: schema((z) => z.strictObject({ ...shape(z), changed: z.boolean(), dryRun: dryRun(z) })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
};
