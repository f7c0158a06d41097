import * as z from 'zod';

const fields = z.array(z.string().min(1)).default([]);

export const on_drift = z
  .strictObject({
    resend: fields.meta({
      title: 'Send again',
      description: 'Fields that are sent again where Together holds something else than it accepted; "*": all others.',
    }),
    leave: fields
      .refine((names) => !names.some((name) => /^(employeeStatusCode|employeeId|\*)$/.test(name)), {
        message: 'names single fields, and neither employeeId nor employeeStatusCode: a status decides about access',
      })
      .meta({
        title: 'Leave',
        description: 'Fields in which what was changed in Together by hand may stay, e.g. preferredName.',
      }),
  })
  .prefault({})
  .meta({
    title: 'Changed in Together',
    description:
      'What is done about fields that were changed in Together by hand, where its list is read (--verify, `verify_after_run`; verify and drift only tell). Other fields are reported.',
  });
