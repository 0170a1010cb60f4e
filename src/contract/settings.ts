import type { Settings } from '../records/settings.ts';
import { detailSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

export interface SettingRow {
  readonly name: string;
  readonly value: unknown;
  readonly default: unknown;
  readonly isDefault: boolean;
  readonly help: string;
}

export interface SettingsChanged {
  readonly changed: boolean;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly warnings: readonly { readonly message: string }[];
  readonly settings: Settings;
  readonly dryRun?: true;
}

const path = '/client/{clientId}/settings';

/** Spec section 3, Settings. */
export const settingsOperations = {
  'settings.list': operation<Record<string, never>, readonly SettingRow[]>({
    summary: 'List the client’s settings with their defaults',
    writes: false,
    http: { method: 'GET', paths: [path] },
    input: schema((z) => z.strictObject({})),
    output: schema((z) =>
      z.array(
        z.strictObject({
          name: z.string(),
          value: z.unknown(),
          default: z.unknown(),
          isDefault: z.boolean(),
          help: z.string(),
        }),
      ),
    ),
    errors: ['NOT_FOUND'],
  }),
  'settings.set': operation<{ readonly settings: Readonly<Record<string, unknown>> }, SettingsChanged>({
    summary: 'Change settings; null goes back to the default',
    writes: true,
    http: { method: 'POST', paths: [path] },
    input: schema((z) => z.strictObject({ settings: z.record(z.string(), z.unknown()) })),
    output: schema((z) =>
      z.strictObject({
        changed: z.boolean(),
        changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
        warnings: z.array(detailSchema(z)),
        settings: z.record(z.string(), z.unknown()),
        dryRun: z.literal(true).optional(),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'NOT_ALLOWED'],
  }),
};
