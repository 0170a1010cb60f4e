import type { ActiveClient } from '../contract/api.ts';
import { clientAsTold } from './active-client.ts';
import { InstanceClient } from './client.ts';
import type { Instance } from './instance.ts';
import { NotOffered } from './problem.ts';

interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** One request as a person wrote it: reads are tried again, changes are not, for they carry no key. */
export function rawCall(instance: Instance, request: RawRequest): Promise<unknown> {
  const repeatable = request.method === 'GET' || request.method === 'HEAD';
  return new InstanceClient(instance).any({ ...request, repeatable });
}

/** The client that the instance's token works for; null on an instance that does not say. */
export async function clientOfToken(instance: Instance): Promise<ActiveClient | null> {
  try {
    return await clientAsTold(new InstanceClient(instance), instance, undefined);
  } catch (error) {
    if (error instanceof NotOffered) return null;
    throw error;
  }
}
