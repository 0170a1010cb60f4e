type Json = Readonly<Record<string, unknown>>;

const look = (operationId: string, summary: string, status: string, more: Json): Json => ({
  get: {
    operationId,
    tags: ['server'],
    summary,
    description: 'For anybody, without a token.',
    security: [],
    parameters: [{ $ref: '#/components/parameters/requestId' }],
    responses: {
      200: {
        description: 'It is',
        content: {
          'application/json': {
            schema: { type: 'object', required: ['status'], properties: { status: { const: status } } },
            example: { status },
          },
        },
      },
      400: { $ref: '#/components/responses/P400' },
      ...more,
    },
  },
});

/** What is served besides the operations, for whoever watches over the server (spec section 6). */
export const serverPaths: Json = {
  '/healthz': look('healthz', 'Whether the server runs', 'ok', {}),
  '/readyz': look('readyz', 'Whether the server can read its database', 'ready', {
    503: { $ref: '#/components/responses/P503' },
  }),
};
