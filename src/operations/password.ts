import { randomBytes, scrypt } from 'node:crypto';
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
