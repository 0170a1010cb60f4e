import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Stored } from '../db/codec.ts';
import type { Fields } from '../records/field.ts';

const COST = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** A scrypt hash with its parameters and salt, as `scrypt$N$r$p$salt$key` (spec section 3, Customer). */
async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** The secrets among `values`, each as its hash; a secret that is cleared stays null. */
export async function hashSecrets(fields: Fields, values: Stored): Promise<Stored> {
  const hashed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values))
    if (fields[name]?.kind === 'secret' && typeof value === 'string')
      hashed[name] = await hashPassword(value);
  return hashed;
}

/** Whether every secret given is the one whose hash is stored; a secret that is not given matches where none is stored. */
export async function secretsMatch(fields: Fields, given: Stored, stored: Stored): Promise<boolean> {
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind !== 'secret') continue;
    const secret = given[name] ?? null;
    const hash = stored[name] ?? null;
    if ((secret === null) !== (hash === null)) return false;
    if (secret !== null && !(await isHashOf(hash as string, secret as string))) return false;
  }
  return true;
}

async function isHashOf(hash: string, password: string): Promise<boolean> {
  const [scheme, N, r, p, salt = '', key = ''] = hash.split('$');
  // The parameters are fixed; a hash made with others is none of ours.
  if (scheme !== 'scrypt' || Number(N) !== COST.N || Number(r) !== COST.r || Number(p) !== COST.p)
    return false;
  const expected = Buffer.from(key, 'base64');
  const given = await derive(password, Buffer.from(salt, 'base64'));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
