import { defineRecord } from './definition.ts';
import { handle } from './field.ts';
import { namedByCode } from './shared-fields.ts';

/** What a driver with the vehicle can do, and what a passenger or trip needs. */
export const clientCapability = defineRecord({
  objectType: 'ClientCapability',
  title: 'capability',
  plural: 'capabilities',
  noun: 'capability',
  path: 'clientcapability',
  pathId: 'capabilityId',
  table: 'client_capability',
  summary: 'What drivers can do and trips require: WAV, CHILD_SEAT …',
  argument: 'code',
  fields: {
    code: handle({ required: true, max: 40, help: 'Short code.', example: 'WAV' }),
    name: handle({ help: 'Full name.', example: 'Wheelchair accessible vehicle' }),
  },
  ...namedByCode,
});
