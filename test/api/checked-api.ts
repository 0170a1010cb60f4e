import * as z from 'zod';
import type { Api, CallOptions, InputOf, OperationName, OutputOf } from '../../src/contract/api.ts';
import { type Operations, operations } from '../../src/contract/operations.ts';
import { TphError } from '../../src/values/error.ts';

const schemas = new Map<string, { readonly input: z.ZodType; readonly output: z.ZodType }>();

function schemasOf(name: OperationName) {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const operation: Operations[OperationName] = operations[name];
  const made = { input: operation.input(z) as z.ZodType, output: operation.output(z) as z.ZodType };
  schemas.set(name, made);
  return made;
}

/** An `Api` that holds every call against the contract: input, output, and the errors an operation may give. */
export class CheckedApi {
  readonly #api: Api;
  constructor(api: Api) {
    this.#api = api;
  }

  get client() {
    return this.#api.client;
  }

  /** Many records at once, where the store has it. */
  get bulk() {
    return this.#api.bulk;
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<OutputOf<N>> {
    const { input: inputSchema, output: outputSchema } = schemasOf(name);
    const given = inputSchema.safeParse(input);
    try {
      const output = await this.#api.call(name, input, options);
      if (!given.success)
        throw new Error(`${name} took an input that its schema refuses: ${z.prettifyError(given.error)}`);
      const answered = outputSchema.safeParse(output);
      if (!answered.success)
        throw new Error(`${name} answered what its schema refuses: ${z.prettifyError(answered.error)}`);
      return output;
    } catch (error) {
      if (!(error instanceof TphError)) throw error;
      const isRefusal = error.code === 'INVALID' && !given.success;
      if (!isRefusal && !operations[name].errors.includes(error.code))
        throw new Error(`${name} gave ${error.code}, which the contract does not list`, { cause: error });
      throw error;
    }
  }

  /** As `call`, for names and inputs that are put together by a test. */
  any(name: string, input: unknown, options?: CallOptions): Promise<AnyAnswer> {
    return this.call(name as OperationName, input as never, options) as Promise<AnyAnswer>;
  }

  close(): Promise<void> {
    return this.#api.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what a call answers whose name is not known to the type checker
export type AnyAnswer = any;

/** The TphError that a call fails with; anything else fails the test. */
export async function failure(call: Promise<unknown>): Promise<TphError> {
  const answer = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in answer) throw new Error(`expected a failure, but got ${JSON.stringify(answer.value)}`);
  if (answer.error instanceof TphError) return answer.error;
  throw answer.error;
}
