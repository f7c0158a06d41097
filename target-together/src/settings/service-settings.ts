import * as z from 'zod';

export const limiter = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('local') }).meta({ title: 'This machine' }),
    z
      .strictObject({
        type: z.literal('redis'),
        url: z
          .string()
          // The client would take options out of a query, and `?tls=` turns TLS off.
          .regex(/^rediss?:\/\/[^?]*$/, {
            message: 'must start with redis:// or rediss://, and have no ?options behind it',
          })
          .meta({
            title: 'URL',
            description: 'rediss://, with credentials if needed; redis:// on 127.0.0.1, or with allow_plain.',
            pattern_descriptor: 'rediss://host:6379',
            secret: true,
          }),
        allow_plain: z.boolean().default(false).meta({
          title: 'Allow plain',
          description:
            'Whether redis:// may lead to another machine: a program that listens there reads the password, and may change what is said.',
        }),
        ca: z.string().startsWith('-----BEGIN CERTIFICATE-----').nullable().default(null).meta({
          title: 'Certificate authority',
          multiline: true,
          description:
            "PEM of the authority that signed the server's certificate, where it is your own; null: the public ones.",
        }),
        prefix: z
          .string()
          .regex(/^[A-Za-z0-9._:-]+$/, { message: 'may hold letters, digits and . _ : - only' })
          .default('target-together')
          .meta({
            title: 'Prefix',
            description: 'Starts the names of keys in Redis. Machines that share a limit must have the same one.',
            pattern_descriptor: 'letters, digits and . _ : -',
          }),
      })
      .meta({ title: 'Redis' }),
  ])
  .prefault({ type: 'local' })
  .meta({
    title: 'Limiter',
    description:
      'What keeps one request at a time: this machine (`{"type":"local"}`) or a Redis shared by several machines (`{"type":"redis","url":"rediss://…"}`).',
  });

export const webhook = z
  .strictObject({
    url: z.url().meta({ title: 'URL', description: 'Where to post.', secret: true }),
    format: z
      .enum(['json', 'slack'])
      .default('json')
      .meta({ title: 'Format', description: 'json, or the form that Slack and its kin read.' }),
  })
  .nullable()
  .default(null)
  .meta({
    title: 'Webhook',
    description: 'Gets the first failure, the recovery, and new refusals; never personal data.',
  });
